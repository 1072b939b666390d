// SPDX-License-Identifier: GPL-3.0-or-later
// `saeception bench evaluate`: every family of metrics at the size of SST-2 with a 6144-feature SAE.
#pragma once

#include <cstdint>

namespace saeception {

struct EvaluateBenchOptions {
    std::int64_t trainRows = 67349;
    std::int64_t validationRows = 872;
    std::int64_t tokensPerSentence = 24;  ///< of validation
    std::int64_t inputSize = 768;
    std::int64_t features = 6144;
    int k = 50;
    int bootstrapSamples = 200;
};

/// Prints seconds and peak resident memory of each family, on synthetic codes.
void benchEvaluate(const EvaluateBenchOptions& options, int threads);

}  // namespace saeception
