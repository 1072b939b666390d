// SPDX-License-Identifier: GPL-3.0-or-later
#include "cycle/estimate.h"

#include "base/error.h"
#include "base/thread_budget.h"
#include "base/torch_headers.h"
#include "cycle/calibration.h"
#include "cycle/calibration_data.h"
#include "cycle/evaluate_stage.h"
#include "cycle/run_footprint.h"
#include "cycle/stage_list.h"
#include "cycle/step_counts.h"
#include "model/pretrained.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <set>

namespace saeception {
namespace {

// Cores' worth of others' work that slows a calibration noticeably.
constexpr double busyCores = 0.3;

// What the numeric libraries take when they are first used: code, buffers for products, threads.
constexpr std::int64_t librariesBytes = 120'000'000;

std::int64_t stepsOf(const PlannedStage& planned, const ExperimentConfig& config,
                     const CalibrationData& data) {
    switch (planned.stage) {
        case Stage::Prepare:
            return prepareSteps;
        case Stage::Baseline:
        case Stage::Auxiliary:
            return fineTuningCounts(config, data.train.rows).batches();
        case Stage::Sae:
            return saeCounts(config.sae, std::max<std::int64_t>(1, data.train.saeRows)).steps;
        case Stage::Evaluate:
            return evaluationSteps(config);
        case Stage::Features:
            return indexCounts(data.train.rows + data.validation.rows).steps;
        case Stage::Extract:
            break;
    }
    return data.train.rows + data.validation.rows;
}

// Cycles whose activations an earlier command left.
std::set<int> storesAtHand(const JobPlan& plan, const std::vector<PlannedStage>& stages) {
    std::set<int> cycles;
    const Artefact first = artefactsToMake(plan).front();
    for (const auto& [stage, cycle] : stages) {
        // A model that is made anew has other activations.
        const bool modelStays = first.kind != ArtefactKind::Model || cycle < first.cycle;
        if (stage == Stage::Extract && modelStays && !plan.sources.activations(cycle).empty())
            cycles.insert(cycle);
    }
    return cycles;
}

double secondsOfStage(Stage stage, Calibration& calibration) {
    switch (stage) {
        case Stage::Baseline:
            return calibration.fineTuning();
        case Stage::Auxiliary:
            return calibration.auxiliary();
        case Stage::Extract:
            return calibration.extraction();
        case Stage::Sae:
            return calibration.sae();
        case Stage::Evaluate:
            return calibration.evaluation();
        case Stage::Features:
            return calibration.features();
        case Stage::Prepare:
            break;
    }
    return calibration.data().prepareSeconds;
}

int uncertainty(const RunEstimate& estimate, const ExperimentConfig& config) {
    int percent = 25;
    if (estimate.onBusyMachine())
        percent += 15;
    // How many features these kinds leave active only training tells.
    if (config.sae.saeType == "l1" || config.sae.saeType == "jumprelu")
        percent += 15;
    if (!estimate.sizesUnknown.empty())
        percent += 25;
    return percent;
}

}  // namespace

bool RunEstimate::onBusyMachine() const {
    return otherCores > busyCores;
}

RunEstimate estimateRun(const JobPlan& plan, const RunControl& control) {
    const auto start = std::chrono::steady_clock::now();
    // Before the first estimate: what other jobs and estimates of this process hold later is not this job's.
    static const std::int64_t base = residentBytes() + librariesBytes;
    checkInputs(plan);
    const ExperimentConfig& config = plan.composition.config;
    at::set_num_threads(resolveThreads(config.threads > 0 ? config.threads : control.threads));
    const std::vector<PlannedStage> stages = plannedStages(plan);
    CalibrationData data = readCalibrationData(plan, control.stop);
    RunEstimate estimate;
    estimate.otherCores = data.otherCores;
    estimate.sampled = data.sampled;
    if (plan.sizesFromCheckpoint)
        estimate.sizesUnknown = "the run does not say how large its model is";

    RunScale scale{config,     expectedSizes(config, data.data.tokenizer.vocabSize()),
                   data.train, data.validation,
                   0,          data.textBytes,
                   0,          storesAtHand(plan, stages)};
    for (const TokenizedSplit* split : {&data.data.train, &data.data.validation})
        for (std::int64_t row = 0; row < split->rows(); ++row)
            scale.longestRow = std::max(scale.longestRow, split->length(row));

    Calibration calibration(config, scale.model, std::move(data), control.stop);
    std::map<Stage, double> seconds;
    std::set<int> cycles;
    for (const PlannedStage& planned : stages) {
        if (!seconds.contains(planned.stage))
            seconds[planned.stage] = secondsOfStage(planned.stage, calibration);
        const bool isAtHand = planned.stage == Stage::Extract && scale.storesAtHand.contains(planned.cycle);
        estimate.stages.push_back({planned.stage, planned.cycle,
                                   isAtHand ? calibration.extractionFromStore() : seconds[planned.stage],
                                   stepsOf(planned, config, calibration.data()), 0});
        estimate.seconds += estimate.stages.back().seconds;
        if (planned.stage != Stage::Prepare)
            cycles.insert(planned.cycle);
    }
    estimate.cycles = static_cast<int>(cycles.size());
    if (seconds.contains(Stage::Extract))
        scale.activeFeatures = calibration.activeFeatures();
    const Footprint sizes = footprint(stages, scale);
    for (std::size_t i = 0; i < stages.size(); ++i)
        estimate.stages[i].memoryBytes = base + sizes.stages[i];
    estimate.memoryBytes = base + sizes.memory;
    estimate.mappedBytes = sizes.mapped;
    estimate.diskBytes = sizes.disk;
    estimate.cacheBytes = sizes.cache;
    estimate.calibrationSeconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    estimate.uncertaintyPct = uncertainty(estimate, config);
    return estimate;
}

}  // namespace saeception
