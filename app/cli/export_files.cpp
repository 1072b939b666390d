// SPDX-License-Identifier: GPL-3.0-or-later
#include "export_files.h"

#include "base/error.h"
#include "data/tokenizer.h"
#include "model/checkpoint.h"
#include "model/pretrained.h"
#include "model/transformers_export.h"
#include "sae/saelens_export.h"

#include <algorithm>
#include <array>

namespace saeception {
namespace fs = std::filesystem;
namespace {

using Paths = std::vector<fs::path>;

Paths writeSafetensors(const RunDirectory& run, int cycle, const ExperimentConfig&, const fs::path& folder) {
    Paths files;
    for (const fs::path& source : {run.model(cycle), run.sae(cycle)}) {
        std::error_code code;
        if (!fs::exists(source, code))
            continue;
        const Checkpoint checkpoint = loadCheckpoint(source);
        std::string stem = source.stem().string();
        if (const std::size_t best = stem.rfind("_best"); best != std::string::npos)
            stem.resize(best);
        files.push_back(folder / (stem + ".safetensors"));
        saveTensors(files.back(), checkpoint.state,
                    {{"format", "pt"}, {"epoch", std::to_string(checkpoint.epoch)}});
    }
    return files;
}

/// The block that the autoencoder reads; counted from the model's end, the model must tell how many there
/// are.
std::int64_t targetBlock(const RunDirectory& run, int cycle, const ExperimentConfig& config) {
    if (config.model.targetLayer >= 0)
        return config.model.targetLayer;
    std::error_code code;
    std::int64_t layers = config.model.numLayers;
    if (const fs::path model = run.model(cycle); fs::exists(model, code)) {
        const NamedTensors state = loadCheckpoint(model).state;
        layers = std::count_if(state.begin(), state.end(),
                               [](const auto& entry) { return entry.first.ends_with(".ln_1.weight"); });
    }
    if (layers + config.model.targetLayer < 0)
        fail("model.target_layer={} does not exist in a model of {} layers; correct one of the two",
             config.model.targetLayer, layers);
    return layers + config.model.targetLayer;
}

Paths writeSaeLens(const RunDirectory& run, int cycle, const ExperimentConfig& config,
                   const fs::path& folder) {
    const std::string origin = run.sae(cycle).string();
    const Checkpoint checkpoint = loadCheckpoint(origin);
    const auto encoder = std::find_if(checkpoint.state.begin(), checkpoint.state.end(),
                                      [](const auto& entry) { return entry.first == "encoder.weight"; });
    const std::int64_t inputSize = encoder != checkpoint.state.end() && encoder->second.dim() == 2
                                       ? encoder->second.size(1)
                                       : config.model.hiddenSize;
    const std::unique_ptr<Autoencoder> sae = loadAutoencoder(checkpoint, config.sae, inputSize, origin);
    const PtValue* k = find(checkpoint.extra, "k");
    const SaeLensOrigin source{config.model.hfPath.empty() ? config.model.name : config.model.hfPath,
                               targetBlock(run, cycle, config), config.dataset.name,
                               config.dataset.maxLength};
    return exportSaeLens(*sae, k != nullptr ? static_cast<std::int64_t>(k->number(0)) : config.sae.k, source,
                         folder);
}

Paths writeTransformers(const RunDirectory& run, int cycle, const ExperimentConfig& config,
                        const fs::path& folder) {
    std::error_code code;
    const bool hasOwn = fs::is_directory(run.tokenizer(), code);
    if (!hasOwn && config.model.tokenizer == "train")
        fail("{} holds no tokenizer; add model.tokenizer=DIR, the folder of the one it was trained with",
             run.root().string());
    const Tokenizer tokenizer = Tokenizer::load(hasOwn ? run.tokenizer() : fs::path(config.model.tokenizer));
    const Gpt2Classifier model = loadClassifier(run.model(cycle), config);
    if (tokenizer.vocabSize() > model.config().vocabSize)
        fail(
            "{}: its vocabulary of {} tokens is smaller than the tokenizer's {}; give its own with "
            "model.tokenizer=DIR",
            run.model(cycle).string(), model.config().vocabSize, tokenizer.vocabSize());
    return exportTransformers(model, tokenizer, config.dataset.classNames, folder);
}

constexpr std::array<ExportFormat, 3> formats = {{
    {"safetensors", "weights of the model and the autoencoder, as they are named in the checkpoints", true,
     true, writeSafetensors},
    {"saelens", "the autoencoder for SAELens: cfg.json and sae_weights.safetensors", false, true,
     writeSaeLens},
    {"transformers", "the classifier for Hugging Face's transformers, with its tokenizer", true, false,
     writeTransformers},
}};

}  // namespace

std::span<const ExportFormat> exportFormats() {
    return formats;
}

}  // namespace saeception
