// SPDX-License-Identifier: GPL-3.0-or-later
// How many features a share stands for, the same for every strategy that keeps some.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace saeception {

/// max(1, floor(features * topKPct / 100)), at most `features`.
inline std::size_t keptFeatures(std::size_t features, double topKPct) {
    const double share = std::floor(static_cast<double>(features) * topKPct / 100.0);
    return std::clamp<std::size_t>(static_cast<std::size_t>(share), 1, features);
}

}  // namespace saeception
