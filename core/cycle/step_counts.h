// SPDX-License-Identifier: GPL-3.0-or-later
// How many batches, steps and points a stage has: one place for the stages themselves and for what is
// foretold of them. Torch-free.
#pragma once

#include "config/config.h"

#include <cstdint>

namespace saeception {

struct FineTuningCounts {
    int epochs = 0;
    std::int64_t batchesPerEpoch = 0;
    std::int64_t stepsPerEpoch = 0;  ///< of the optimiser: one for gradient_accumulation_steps batches
    std::int64_t windowSteps = 1;    ///< steps between two points of the curves
    std::int64_t batches() const { return batchesPerEpoch * epochs; }
    std::int64_t steps() const { return stepsPerEpoch * epochs; }
};

/// Of the baseline stage and of the auxiliary stage alike. rows: training sentences
FineTuningCounts fineTuningCounts(const ExperimentConfig& config, std::int64_t rows);

struct SaeCounts {
    std::int64_t batch = 0;  ///< rows of a full batch
    std::int64_t stepsPerEpoch = 0;
    std::int64_t steps = 0;
    std::int64_t windowSteps = 1;  ///< steps between two points of the curves
};

/// rows: training rows, at least 1
SaeCounts saeCounts(const SaeConfig& config, std::int64_t rows);

/// Rows of the activations that an autoencoder starts from, at most.
inline constexpr std::int64_t saeInitialRows = 8192;

/// Of the features stage: a step for each sentence, and some for each part of what follows the pass over
/// them.
struct IndexCounts {
    std::int64_t stepsOfPart = 0;
    std::int64_t steps = 0;
};
/// The parts of what follows: effects, vocabulary, geometry, concepts, matches with the cycle before.
inline constexpr int indexParts = 5;
IndexCounts indexCounts(std::int64_t sentences);

/// Sentences that the extract stage reads at once.
int extractionBatchSize(const DatasetConfig& config);

}  // namespace saeception
