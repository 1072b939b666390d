// SPDX-License-Identifier: GPL-3.0-or-later
// How long SST-2's training sentences are in GPT-2 tokens, so that benchmarks are about real lengths without the data set.
#pragma once

#include "base/random.h"

#include <array>

namespace saeception {

/// Sentences of 1, 2, ... 64 tokens among SST-2's 67,349 (stripped; 765,056 tokens in all).
inline constexpr std::array<int, 64> sst2LengthCounts = {
    492, 4487, 6851, 6118, 5122, 4374, 3780, 3354, 3051, 2665, 2362, 2181, 1925, 1843, 1674, 1516,
    1364, 1264, 1187, 1091, 1041, 897, 876, 799, 718, 610, 616, 553, 487, 466, 442, 366,
    351, 343, 253, 240, 229, 194, 181, 134, 134, 99, 80, 85, 82, 60, 45, 47,
    32, 30, 36, 32, 16, 14, 9, 13, 9, 9, 11, 4, 2, 1, 0, 2};

/// A length drawn from that distribution.
inline int drawSst2Length(Rng& rng) {
    int total = 0;
    for (const int count : sst2LengthCounts)
        total += count;
    auto left = static_cast<int>(rng.below(static_cast<std::uint64_t>(total)));
    int length = 0;
    while (left >= sst2LengthCounts[static_cast<std::size_t>(length)])
        left -= sst2LengthCounts[static_cast<std::size_t>(length++)];
    return length + 1;
}

}  // namespace saeception
