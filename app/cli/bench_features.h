// SPDX-License-Identifier: GPL-3.0-or-later
// `saeception bench features`: building, opening and searching feature indexes of SST-2's size, and putting
// sentences to models.
#pragma once

#include "bench_data.h"

#include <cstdint>

namespace saeception {

struct FeaturesBenchOptions {
    std::int64_t sentences = sst2TrainSentences;  ///< indexed, beside a validation split of SST-2's size
    std::int64_t extracted = 384;                 ///< of which extraction is timed on so many
    int features = 6144;
    int k = 50;
    int manyFeatures = 24576;  ///< that are filtered and sorted
};

/// Prints what each of the studio's limits is about, beside the limit.
void benchFeatures(const FeaturesBenchOptions& options, int threads);

}  // namespace saeception
