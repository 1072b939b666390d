// SPDX-License-Identifier: GPL-3.0-or-later
#include "cycle/step_counts.h"

#include <algorithm>

namespace saeception {
namespace {

// Points of a curve in an epoch: enough for a smooth one, few enough to cost nothing.
constexpr std::int64_t fineTuningPoints = 200;
constexpr std::int64_t saePoints = 100;

// Forward passes keep no graph, so batches can be larger than in training.
constexpr int extractionTokens = 8192;

std::int64_t roundedUp(std::int64_t count, std::int64_t by) {
    return (count + by - 1) / by;
}

}  // namespace

FineTuningCounts fineTuningCounts(const ExperimentConfig& config, std::int64_t rows) {
    FineTuningCounts counts;
    counts.epochs = config.model.epochsPerCycle;
    counts.batchesPerEpoch = roundedUp(rows, config.dataset.batchSize);
    counts.stepsPerEpoch = roundedUp(counts.batchesPerEpoch, config.model.gradientAccumulationSteps);
    counts.windowSteps = std::max<std::int64_t>(1, counts.stepsPerEpoch / fineTuningPoints);
    return counts;
}

SaeCounts saeCounts(const SaeConfig& config, std::int64_t rows) {
    SaeCounts counts;
    counts.batch = std::min<std::int64_t>(config.batchSize, rows);
    counts.stepsPerEpoch = roundedUp(rows, counts.batch);
    counts.steps = counts.stepsPerEpoch * config.epochs;
    counts.windowSteps = std::max<std::int64_t>(1, counts.stepsPerEpoch / saePoints);
    return counts;
}

IndexCounts indexCounts(std::int64_t sentences) {
    IndexCounts counts;
    counts.stepsOfPart = std::max<std::int64_t>(1, sentences / 50);
    counts.steps = sentences + indexParts * counts.stepsOfPart;
    return counts;
}

int extractionBatchSize(const DatasetConfig& config) {
    return std::max(config.batchSize, extractionTokens / config.maxLength);
}

}  // namespace saeception
