// SPDX-License-Identifier: GPL-3.0-or-later
#include "features/feature_layout.h"

#include "base/random.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <map>
#include <utility>

namespace saeception {
namespace {

// 1 / (1 + a d^2b) falls off from min_dist 0.1 as UMAP's authors fit it.
constexpr double curveA = 1.577;
constexpr double curveB = 0.8951;
constexpr int repelled = 5;  // for each attraction
constexpr double longestStep = 4;
constexpr double firstExtent = 10;

struct Edge {
    std::int32_t from = 0;
    std::int32_t to = 0;
    double weight = 0;
};

// The width for which the weights exp(-(d - nearest) / width) sum up to log2(k).
double widthOf(const std::vector<LayoutNeighbour>& list, double nearest) {
    const double wanted = std::log2(static_cast<double>(list.size()));
    double low = 0;
    double high = 0;
    double width = 1;
    for (int i = 0; i < 64; ++i) {
        double sum = 0;
        for (const LayoutNeighbour& neighbour : list)
            sum += std::exp(-std::max(0.0, neighbour.distance - nearest) / width);
        if (std::abs(sum - wanted) < 1e-5)
            break;
        (sum > wanted ? high : low) = width;
        width = high == 0 ? 2 * width : (low + high) / 2;
    }
    return std::max(width, 1e-9);
}

std::vector<Edge> symmetricEdges(const std::vector<std::vector<LayoutNeighbour>>& neighbours) {
    std::map<std::pair<std::int32_t, std::int32_t>, std::array<double, 2>> weights;
    for (std::size_t i = 0; i < neighbours.size(); ++i) {
        const std::vector<LayoutNeighbour>& list = neighbours[i];
        if (list.empty())
            continue;
        const double nearest = std::min_element(list.begin(), list.end(), [](const auto& a, const auto& b) {
                                   return a.distance < b.distance;
                               })->distance;
        const double width = widthOf(list, nearest);
        const auto self = static_cast<std::int32_t>(i);
        for (const auto& [point, distance] : list) {
            const double weight = std::exp(-std::max(0.0, distance - nearest) / width);
            weights[std::minmax(self, point)][self < point ? 0 : 1] = weight;
        }
    }
    std::vector<Edge> edges;
    for (const auto& [ends, both] : weights)
        edges.push_back({ends.first, ends.second, both[0] + both[1] - both[0] * both[1]});
    return edges;
}

// Centres the points and scales them so that their larger side is `extent`.
void fit(std::vector<LayoutPoint>& points, float extent) {
    if (points.empty())
        return;
    LayoutPoint low = points.front();
    LayoutPoint high = points.front();
    for (const LayoutPoint& point : points)
        for (std::size_t axis = 0; axis < 2; ++axis) {
            low[axis] = std::min(low[axis], point[axis]);
            high[axis] = std::max(high[axis], point[axis]);
        }
    const float side = std::max(high[0] - low[0], high[1] - low[1]);
    for (LayoutPoint& point : points)
        for (std::size_t axis = 0; axis < 2; ++axis)
            point[axis] = (point[axis] - (low[axis] + high[axis]) / 2) * (side > 0 ? extent / side : 0.0F);
}

using Place = std::array<double, 2>;

void move(Place& point, const Place& away, double strength, double rate) {
    for (std::size_t axis = 0; axis < 2; ++axis)
        point[axis] += rate * std::clamp(strength * away[axis], -longestStep, longestStep);
}

}  // namespace

std::vector<LayoutPoint> layOutNeighbours(const std::vector<std::vector<LayoutNeighbour>>& neighbours,
                                          std::vector<LayoutPoint> start, std::uint64_t seed,
                                          const StepControl& steps) {
    const std::size_t count = neighbours.size();
    fit(start, static_cast<float>(firstExtent));
    std::vector<Edge> edges = symmetricEdges(neighbours);
    double heaviest = 0;
    for (const Edge& edge : edges)
        heaviest = std::max(heaviest, edge.weight);

    Rng rng(seed);
    std::vector<Place> places;
    for (const LayoutPoint& point : start)
        // Points that begin at the same place would never part.
        places.push_back({point[0] + 1e-3 * rng.normal(), point[1] + 1e-3 * rng.normal()});
    // As the authors: fewer rounds for large maps.
    const int rounds = count <= 10000 ? 300 : 150;
    std::vector<double> due(edges.size());  // the round in which an edge attracts next
    for (std::size_t e = 0; e < edges.size(); ++e)
        due[e] = heaviest / edges[e].weight;
    for (int round = 1; round <= rounds && count > 1; ++round) {
        steps.holdOrStop();
        const double rate = 1 - static_cast<double>(round - 1) / rounds;
        for (std::size_t e = 0; e < edges.size(); ++e) {
            if (due[e] > round)
                continue;
            due[e] += heaviest / edges[e].weight;
            Place& a = places[static_cast<std::size_t>(edges[e].from)];
            Place& b = places[static_cast<std::size_t>(edges[e].to)];
            const Place apart = {a[0] - b[0], a[1] - b[1]};
            const double square = apart[0] * apart[0] + apart[1] * apart[1];
            if (square > 0) {
                const double power = std::pow(square, curveB);
                const double pull = -2 * curveA * curveB * power / (square * (1 + curveA * power));
                move(a, apart, pull, rate);
                move(b, apart, -pull, rate);
            }
            // Either end: an edge has no direction, and where a point comes to stand must not depend on its
            // number.
            const std::int32_t end = rng.below(2) == 0 ? edges[e].from : edges[e].to;
            Place& own = places[static_cast<std::size_t>(end)];
            for (int i = 0; i < repelled; ++i) {
                const std::size_t other = static_cast<std::size_t>(rng.below(count));
                if (other == static_cast<std::size_t>(end))
                    continue;
                const Place& far = places[other];
                const Place between = {own[0] - far[0], own[1] - far[1]};
                const double gap = between[0] * between[0] + between[1] * between[1];
                const double push = 2 * curveB / ((0.001 + gap) * (1 + curveA * std::pow(gap, curveB)));
                move(own, between, push, rate);
            }
        }
    }
    std::vector<LayoutPoint> points(count);
    for (std::size_t i = 0; i < count; ++i)
        points[i] = {static_cast<float>(places[i][0]), static_cast<float>(places[i][1])};
    fit(points, 2);
    return points;
}

}  // namespace saeception
