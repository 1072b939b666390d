// SPDX-License-Identifier: GPL-3.0-or-later
// `saeception bench train`: fine-tuning GPT-2 small on sentences of SST-2's lengths, beside padding every row
// to 128.
#pragma once

namespace saeception {

struct TrainBenchOptions {
    int batchSize = 32;
    int bucketedSteps = 24;
    int paddedSteps = 3;
    int padTo = 128;
};

/// Prints sentences per second of both ways (same model code, same optimiser, random weights), their ratio,
/// and peak memory.
void benchTrain(const TrainBenchOptions& options, int threads);

}  // namespace saeception
