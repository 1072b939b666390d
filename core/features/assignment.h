// SPDX-License-Identifier: GPL-3.0-or-later
// Optimal assignment between two sets. Torch-free, and C++17: the library behind it is older than C++20.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

namespace saeception {

struct AssignmentEdge {
    std::int32_t left = 0;
    std::int32_t right = 0;
    double weight = 0;  ///< > 0 and at most 1
};

/// Pairs (left, right) with the largest possible sum of weights in which every left and every right occurs at
/// most once, ascending by left. 0 <= left < lefts, 0 <= right < rights; weights count to nine decimal
/// places.
std::vector<std::pair<std::int32_t, std::int32_t>> bestAssignment(std::int32_t lefts, std::int32_t rights,
                                                                  const std::vector<AssignmentEdge>& edges);

}  // namespace saeception
