// SPDX-License-Identifier: GPL-3.0-or-later
#include "cycle/baseline_stage.h"

#include "base/random.h"
#include "config/schema.h"
#include "cycle/fine_tuning.h"
#include "model/pretrained.h"

namespace saeception {
namespace {

// With model.init=FILE the file's sizes rule: what the config asks for must fit them before anything is
// trained.
void checkFits(const Gpt2Classifier& model, ExperimentConfig config) {
    config.model.init = "random";
    config.model.hiddenSize = static_cast<int>(model.config().hiddenSize);
    config.model.numLayers = static_cast<int>(model.config().numLayers);
    config.model.numHeads = static_cast<int>(model.config().numHeads);
    config.model.maxPositions = static_cast<int>(model.config().maxPositions);
    checkCombinations(config);
}

}  // namespace

Gpt2Classifier makeInitialModel(const PreparedData& data, const StageContext& context) {
    const std::uint64_t seed = deriveSeed(static_cast<std::uint64_t>(context.config.seed), "model weights");
    Gpt2Classifier model = makeModel(context.config, data.tokenizer.vocabSize(), seed);
    checkFits(model, context.config);
    return model;
}

void trainBaseline(Gpt2Classifier& model, const PreparedData& data, const StageContext& context) {
    FineTuningPlan plan;
    plan.stage = Stage::Baseline;
    plan.cycle = 0;
    plan.seed = deriveSeed(static_cast<std::uint64_t>(context.config.seed), "fine-tuning", {0});
    plan.checkpoint = context.directory.model(0);
    fineTune(model, data, plan, context);
}

}  // namespace saeception
