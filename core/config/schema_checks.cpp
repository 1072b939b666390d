// SPDX-License-Identifier: GPL-3.0-or-later
// Combinations of allowed values that cannot work together, and what to change.
#include "base/error.h"
#include "config/schema.h"
#include "config/schema_builder.h"

#include <set>

namespace saeception {
namespace {

void checkModel(const ModelConfig& model) {
    if (model.init != "random" && model.tokenizer == "train")
        fail(
            "model.init={} has embeddings for a vocabulary of its own; set model.tokenizer to the folder "
            "with that "
            "model's vocab.json and merges.txt",
            model.init);
}

void checkDataset(const DatasetConfig& dataset) {
    if (static_cast<int>(dataset.classNames.size()) != dataset.numClasses)
        fail("dataset.class_names has {} names but dataset.num_classes={}; give one name a class",
             dataset.classNames.size(), dataset.numClasses);
    std::set<std::string> seen;
    for (const std::string& name : dataset.classNames) {
        if (name.empty())
            fail("dataset.class_names={}: a class name must not be empty", valueText(dataset.classNames));
        if (!seen.insert(name).second)
            fail("dataset.class_names={}: the name '{}' stands twice", valueText(dataset.classNames), name);
    }
    if (dataset.textColumn == dataset.labelColumn)
        fail("dataset.text_column and dataset.label_column are both '{}'; they must differ",
             dataset.textColumn);
}

void checkSae(const SaeConfig& sae, const ModelConfig& model) {
    const std::int64_t features = static_cast<std::int64_t>(model.hiddenSize) * sae.expansionFactor;
    const auto explain = [&] {
        return fmt::format("model.hidden_size={} x sae.expansion_factor={} = {} features", model.hiddenSize,
                           sae.expansionFactor, features);
    };
    if (sae.k > features)
        fail("sae.k={} exceeds {}; lower sae.k or raise the expansion", sae.k, explain());
    if (sae.auxK > features)
        fail("sae.aux_k={} exceeds {}; lower sae.aux_k or raise the expansion", sae.auxK, explain());
}

void checkSizes(const ExperimentConfig& config) {
    const ModelConfig& model = config.model;
    const DatasetConfig& dataset = config.dataset;
    if (model.hiddenSize % model.numHeads != 0)
        fail("model.hidden_size={} is not divisible by model.num_heads={}; choose a divisor",
             model.hiddenSize, model.numHeads);
    if (model.targetLayer < -model.numLayers || model.targetLayer >= model.numLayers)
        fail(
            "model.target_layer={}: with model.num_layers={} it must be a whole number from {} to {} (-1 is "
            "the last)",
            model.targetLayer, model.numLayers, -model.numLayers, model.numLayers - 1);
    if (dataset.maxLength > model.maxPositions)
        fail("dataset.max_length={} exceeds model.max_positions={}; lower the first or raise the second",
             dataset.maxLength, model.maxPositions);
    checkSae(config.sae, model);
}

}  // namespace

void checkCombinations(const ExperimentConfig& config, Combinations combinations) {
    if (combinations == Combinations::Unchecked)
        return;
    constexpr int fewestSamples = 20;  // fewer have no 2.5 % quantile to speak of
    if (const int samples = config.evaluation.bootstrapSamples; samples > 0 && samples < fewestSamples)
        fail("evaluation.bootstrap_samples={}: use at least {}, or 0 for no intervals", samples,
             fewestSamples);
    checkModel(config.model);
    checkDataset(config.dataset);
    // The sizes of a model from a file are the file's; they are checked once it has been read.
    if (config.model.init == "random" && combinations == Combinations::Checked)
        checkSizes(config);
    if (config.cycle.current > config.cycle.maxCycles)
        fail("cycle.current={} lies after cycle.max_cycles={}; raise cycle.max_cycles", config.cycle.current,
             config.cycle.maxCycles);
}

}  // namespace saeception
