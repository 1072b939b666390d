// SPDX-License-Identifier: GPL-3.0-or-later
#include "cycle/baseline_stage.h"

#include "base/random.h"
#include "cycle/fine_tuning.h"
#include "model/pretrained.h"

namespace saeception {

Gpt2Classifier trainBaseline(const PreparedData& data, const StageContext& context) {
    const auto seed = static_cast<std::uint64_t>(context.config.seed);
    Gpt2Classifier model =
        makeModel(context.config, data.tokenizer.vocabSize(), deriveSeed(seed, "model weights"));
    FineTuningPlan plan;
    plan.stage = Stage::Baseline;
    plan.cycle = 0;
    plan.seed = deriveSeed(seed, "fine-tuning", {0});
    plan.checkpoint = context.directory.model(0);
    fineTune(model, data, plan, context);
    return model;
}

}  // namespace saeception
