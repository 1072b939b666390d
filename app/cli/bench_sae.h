// SPDX-License-Identifier: GPL-3.0-or-later
// `saeception bench sae`: the sparse training step beside the dense autograd way, in one process.
#pragma once

#include "config/config.h"

namespace saeception {

struct SaeBenchOptions {
    int inputSize = 768;
    int features = 6144;
    int k = 50;
    int batchSize = 4096;
    int steps = 5;
};

/// Prints tokens per second of both, their ratio, the agreement of their losses, and peak memory.
void benchSae(const SaeBenchOptions& options, int threads);

}  // namespace saeception
