// SPDX-License-Identifier: GPL-3.0-or-later
#include "features/assignment.h"

#include <lemon/matching.h>
#include <lemon/smart_graph.h>

#include <cmath>

namespace saeception {

std::vector<std::pair<std::int32_t, std::int32_t>> bestAssignment(std::int32_t lefts, std::int32_t rights,
                                                                  const std::vector<AssignmentEdge>& edges) {
    using Graph = lemon::SmartGraph;
    using Weights = Graph::EdgeMap<std::int64_t>;
    constexpr double unit = 1e9;
    Graph graph;
    graph.reserveNode(lefts + rights);
    graph.reserveEdge(static_cast<int>(edges.size()));
    for (std::int32_t i = 0; i < lefts + rights; ++i)
        graph.addNode();
    Weights weights(graph);
    for (const AssignmentEdge& edge : edges)
        weights[graph.addEdge(Graph::nodeFromId(edge.left), Graph::nodeFromId(lefts + edge.right))] =
            static_cast<std::int64_t>(std::llround(edge.weight * unit));
    lemon::MaxWeightedMatching<Graph, Weights> matching(graph, weights);
    matching.run();
    std::vector<std::pair<std::int32_t, std::int32_t>> pairs;
    for (std::int32_t i = 0; i < lefts; ++i)
        if (const Graph::Node mate = matching.mate(Graph::nodeFromId(i)); mate != lemon::INVALID)
            pairs.emplace_back(i, Graph::id(mate) - lefts);
    return pairs;
}

}  // namespace saeception
