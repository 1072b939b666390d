// SPDX-License-Identifier: GPL-3.0-or-later
// A map of features: points in the plane that lie together where their decoder directions do. Torch-free.
#pragma once

#include "base/step_control.h"

#include <array>
#include <cstdint>
#include <vector>

namespace saeception {

/// One end of an edge of the neighbour graph.
struct LayoutNeighbour {
    std::int32_t point = 0;
    double distance = 0;  ///< >= 0
};

using LayoutPoint = std::array<float, 2>;

/// Of which the map of a cycle's features is made: nearest decoder directions of each.
inline constexpr std::int64_t layoutNeighbours = 15;

/// UMAP (McInnes, Healy and Melville 2018) of a graph of nearest neighbours: local distances become weights
/// of which each point has log2(k) in all, the graph is made symmetric by probabilistic union, and points
/// attract along its edges and repel a few random others, with min_dist 0.1. `start`: where the points begin,
/// for instance their first two principal components; reproducible in `seed`. The result is centred, its
/// larger side 2 long. @throws Cancelled
std::vector<LayoutPoint> layOutNeighbours(const std::vector<std::vector<LayoutNeighbour>>& neighbours,
                                          std::vector<LayoutPoint> start, std::uint64_t seed,
                                          const StepControl& steps = {});

}  // namespace saeception
