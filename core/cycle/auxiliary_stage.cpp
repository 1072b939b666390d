// SPDX-License-Identifier: GPL-3.0-or-later
#include "cycle/auxiliary_stage.h"

#include "base/random.h"
#include "cycle/block_encoding.h"
#include "cycle/fine_tuning.h"
#include "model/checkpoint.h"
#include "sharpening/sharpening.h"

namespace saeception {
namespace {

constexpr char strategyKey[] = "sharpening";
constexpr char topKPctKey[] = "sharpening_top_k_pct";

PtDict sharpeningOrigin(const SharpeningConfig& config) {
    return {{strategyKey, config.type}, {topKPctKey, config.topKPct}};
}

}  // namespace

SharpeningConfig sharpeningOf(const std::filesystem::path& checkpoint, const SharpeningConfig& otherwise) {
    const PtDict told = checkpointFacts(checkpoint);
    const PtValue* const strategy = find(told, strategyKey);
    const PtValue* const share = find(told, topKPctKey);
    if (strategy == nullptr || share == nullptr || strategy->get<std::string>() == nullptr)
        return otherwise;
    SharpeningConfig config = otherwise;
    config.type = *strategy->get<std::string>();
    config.topKPct = share->number(otherwise.topKPct);
    return config;
}

void trainAuxiliary(Gpt2Classifier& model, const Autoencoder& sae, const ActivationStore& store,
                    const PreparedData& data, int cycle, const StageContext& context,
                    std::filesystem::path baseline) {
    const ExperimentConfig& config = context.config;
    const std::filesystem::path file = context.directory.targets(cycle);
    AuxiliaryObjective objective;
    objective.block = model.resolveLayer(config.model.targetLayer);
    objective.weight = config.cycle.auxLossWeight;
    objective.loss = auxiliaryLossNamed(config.cycle.auxLoss);
    const SparseCode code = encodeInBlocks(sae, store.sentenceActivations(SplitKind::Train), context.steps());
    const std::uint64_t randomSeed = deriveSeed(static_cast<std::uint64_t>(config.sharpening.seed),
                                                "random targets", {config.seed, cycle});
    objective.targets =
        sharpenedTargets(config.sharpening, sae, code, data.train.labels, data.classes(), randomSeed);
    saveTensors(file, {{"targets", objective.targets}},
                {{"format", "saeception-targets"},
                 {"strategy", config.sharpening.type},
                 {"row", "training example id"}});

    if (config.startFrom == "baseline" && cycle > 1) {
        if (baseline.empty())
            baseline = context.directory.model(0);
        model.loadStateDict(loadCheckpoint(baseline).state, baseline.string());
    }
    FineTuningPlan plan;
    plan.stage = Stage::Auxiliary;
    plan.cycle = cycle;
    plan.seed = deriveSeed(static_cast<std::uint64_t>(config.seed), "fine-tuning", {cycle});
    plan.checkpoint = context.directory.model(cycle);
    plan.firstTrainableBlock = objective.block;
    plan.auxiliary = std::move(objective);
    plan.origin = sharpeningOrigin(config.sharpening);
    fineTune(model, data, plan, context);
}

}  // namespace saeception
