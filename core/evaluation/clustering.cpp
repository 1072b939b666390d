// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluation/clustering.h"

#include "base/error.h"
#include "base/random.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <stdexcept>

namespace saeception {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

std::size_t index(std::int64_t i) {
    return static_cast<std::size_t>(i);
}

at::Tensor gatherRows(const RowMatrix& rows, const std::vector<std::int64_t>& which) {
    at::Tensor gathered = at::empty({static_cast<std::int64_t>(which.size()), rows.columns()}, at::kDouble);
    for (std::size_t i = 0; i < which.size(); ++i)
        gathered[static_cast<std::int64_t>(i)].copy_(rows.row(which[i]));
    return gathered;
}

std::vector<double> toVector(const at::Tensor& values) {
    const at::Tensor dense = values.contiguous();
    return {dense.data_ptr<double>(), dense.data_ptr<double>() + dense.numel()};
}

/// All starts side by side: start s owns rows [s * clusters, (s + 1) * clusters) of `centres`.
class KMeans {
public:
    KMeans(const RowMatrix& rows, const KMeansOptions& options)
        : m_rows(rows),
          m_n(rows.rows()),
          m_k(options.clusters),
          m_options(options),
          m_rng(deriveSeed(options.seed, "k-means")),
          m_norms(rows.squaredNorms()) {
        const auto [sums, squares] = rows.columnSums();
        const auto n = static_cast<double>(m_n);
        const at::Tensor variance = squares / n - (sums / n).square();
        m_shiftTolerance = options.tolerance * variance.mean().item<double>();
    }

    KMeansResult run(const StepControl& steps) {
        at::Tensor centres = seedAll(steps);
        std::vector<std::int64_t> active(index(m_options.starts));
        std::iota(active.begin(), active.end(), 0);
        std::vector<int> iterations(active.size());
        std::vector<std::vector<std::int32_t>> labels(active.size());
        for (int iteration = 1; iteration <= m_options.maxIterations && !active.empty(); ++iteration) {
            steps.holdOrStop();
            advance(centres, active, labels, iterations, iteration);
        }
        return best(centres, iterations);
    }

private:
    struct Assignment {
        std::vector<std::vector<std::int32_t>> labels;  // per start
        std::vector<std::vector<double>> distances;     // squared, to the own centre
        at::Tensor sums;                                // [starts * clusters, columns], when wanted
    };

    /// Greedy k-means++: of a few candidates drawn by squared distance, the one that lowers the potential
    /// most.
    at::Tensor seedAll(const StepControl& steps) {
        const std::int64_t starts = m_options.starts;
        const auto trials = static_cast<std::int64_t>(2 + std::log(static_cast<double>(m_k)));
        at::Tensor centres = at::empty({starts * m_k, m_rows.columns()}, at::kDouble);
        std::vector<std::vector<double>> closest(index(starts), std::vector<double>(index(m_n), infinity));
        for (std::int64_t c = 0; c < m_k; ++c) {
            steps.holdOrStop();
            const std::int64_t drawn = c == 0 ? 1 : trials;
            std::vector<std::int64_t> candidates;
            for (std::int64_t s = 0; s < starts; ++s)
                draw(closest[index(s)], c == 0, drawn, candidates);
            const at::Tensor points = gatherRows(m_rows, candidates);
            const std::vector<std::vector<double>> distances = distancesTo(points);
            for (std::int64_t s = 0; s < starts; ++s) {
                const std::int64_t chosen = improve(closest[index(s)], distances, s * drawn, drawn);
                centres[s * m_k + c].copy_(points[chosen]);
            }
        }
        return centres;
    }

    void draw(const std::vector<double>& closest, bool first, std::int64_t count,
              std::vector<std::int64_t>& candidates) {
        const double potential = first ? 0 : std::accumulate(closest.begin(), closest.end(), 0.0);
        for (std::int64_t t = 0; t < count; ++t) {
            if (potential <= 0) {
                candidates.push_back(static_cast<std::int64_t>(m_rng.below(static_cast<std::uint64_t>(m_n))));
                continue;
            }
            double left = m_rng.uniform() * potential;
            std::int64_t i = 0;
            while (i + 1 < m_n && (left -= closest[index(i)]) >= 0)
                ++i;
            candidates.push_back(i);
        }
    }

    /// Squared distances of every row to each of `points`, one vector a point.
    std::vector<std::vector<double>> distancesTo(const at::Tensor& points) const {
        const std::int64_t m = points.size(0);
        const std::vector<double> norms = toVector(points.square().sum(1));
        std::vector<std::vector<double>> distances(index(m), std::vector<double>(index(m_n)));
        m_rows.forEachProduct(points, [&](std::int64_t begin, std::int64_t end, double* values) {
            for (std::int64_t i = begin; i < end; ++i)
                for (std::int64_t c = 0; c < m; ++c)
                    distances[index(c)][index(i)] =
                        std::max(0.0, m_norms[index(i)] + norms[index(c)] - 2 * values[(i - begin) * m + c]);
        });
        return distances;
    }

    static std::int64_t improve(std::vector<double>& closest,
                                const std::vector<std::vector<double>>& distances, std::int64_t first,
                                std::int64_t count) {
        std::int64_t chosen = first;
        double least = infinity;
        for (std::int64_t t = first; t < first + count; ++t) {
            double potential = 0;
            for (std::size_t i = 0; i < closest.size(); ++i)
                potential += std::min(closest[i], distances[index(t)][i]);
            if (potential < least) {
                least = potential;
                chosen = t;
            }
        }
        for (std::size_t i = 0; i < closest.size(); ++i)
            closest[i] = std::min(closest[i], distances[index(chosen)][i]);
        return chosen;
    }

    Assignment assign(const at::Tensor& centres, bool wantSums) const {
        const std::int64_t m = centres.size(0);
        const std::int64_t starts = m / m_k;
        const std::vector<double> norms = toVector(centres.square().sum(1));
        Assignment result;
        result.labels.assign(index(starts), std::vector<std::int32_t>(index(m_n)));
        result.distances.assign(index(starts), std::vector<double>(index(m_n)));
        const auto visit = [&](std::int64_t begin, std::int64_t end, double* values) {
            for (std::int64_t i = begin; i < end; ++i) {
                for (std::int64_t s = 0; s < starts; ++s) {
                    double* const own = values + (i - begin) * m + s * m_k;
                    std::int64_t nearest = 0;
                    double least = infinity;
                    for (std::int64_t c = 0; c < m_k; ++c) {
                        const double distance = norms[index(s * m_k + c)] - 2 * own[c];
                        if (distance < least) {
                            least = distance;
                            nearest = c;
                        }
                    }
                    std::fill_n(own, m_k, 0.0);
                    own[nearest] = 1;
                    result.labels[index(s)][index(i)] = static_cast<std::int32_t>(nearest);
                    result.distances[index(s)][index(i)] = std::max(0.0, m_norms[index(i)] + least);
                }
            }
        };
        if (wantSums)
            result.sums = m_rows.productsAndWeightedSum(centres, visit);
        else
            m_rows.forEachProduct(centres, visit);
        return result;
    }

    /// One Lloyd step of every active start; converged ones leave `active`.
    void advance(at::Tensor& centres, std::vector<std::int64_t>& active,
                 std::vector<std::vector<std::int32_t>>& labels, std::vector<int>& iterations,
                 int iteration) {
        std::vector<at::Tensor> parts;
        for (const std::int64_t s : active)
            parts.push_back(centres.slice(0, s * m_k, (s + 1) * m_k));
        Assignment step = assign(at::cat(parts), true);
        std::vector<std::int64_t> unfinished;
        for (std::size_t a = 0; a < active.size(); ++a) {
            const std::int64_t s = active[a];
            const auto first = static_cast<std::int64_t>(a) * m_k;
            at::Tensor own = centres.slice(0, s * m_k, (s + 1) * m_k);
            const at::Tensor moved =
                meansOf(step.sums.slice(0, first, first + m_k), step.labels[a], step.distances[a], own);
            const double shift = (moved - own).square().sum().item<double>();
            const bool same = step.labels[a] == labels[index(s)];
            own.copy_(moved);
            labels[index(s)] = std::move(step.labels[a]);
            iterations[index(s)] = iteration;
            if (!same && shift > m_shiftTolerance)
                unfinished.push_back(s);
        }
        active = std::move(unfinished);
    }

    at::Tensor meansOf(const at::Tensor& sums, const std::vector<std::int32_t>& labels,
                       std::vector<double>& distances, const at::Tensor& previous) const {
        std::vector<std::int64_t> counts(index(m_k));
        for (const std::int32_t label : labels)
            ++counts[index(label)];
        std::vector<std::int32_t> owner;  // a copy of the labels, made only when a row changes hands
        at::Tensor means = sums.clone();
        for (std::int64_t c = 0; c < m_k; ++c) {
            if (counts[index(c)] > 0)
                continue;
            if (owner.empty())
                owner = labels;
            const auto farthest = std::max_element(distances.begin(), distances.end()) - distances.begin();
            std::int32_t& cluster = owner[index(farthest)];
            if (distances[index(farthest)] <= 0 || counts[index(cluster)] < 2)
                continue;
            const at::Tensor row = m_rows.row(farthest);
            means[cluster] -= row;
            --counts[index(cluster)];
            means[c].copy_(row);
            counts[index(c)] = 1;
            cluster = static_cast<std::int32_t>(c);
            distances[index(farthest)] = 0;
        }
        for (std::int64_t c = 0; c < m_k; ++c) {
            if (counts[index(c)] > 0)
                means[c] /= static_cast<double>(counts[index(c)]);
            else
                means[c].copy_(previous[c]);
        }
        return means;
    }

    KMeansResult best(const at::Tensor& centres, const std::vector<int>& iterations) const {
        Assignment last = assign(centres, false);
        KMeansResult result;
        result.inertia = infinity;
        std::size_t winner = 0;
        for (std::size_t s = 0; s < last.labels.size(); ++s) {
            const double inertia = std::accumulate(last.distances[s].begin(), last.distances[s].end(), 0.0);
            if (inertia < result.inertia) {
                result.inertia = inertia;
                winner = s;
            }
        }
        const auto first = static_cast<std::int64_t>(winner) * m_k;
        result.labels = std::move(last.labels[winner]);
        result.centres = centres.slice(0, first, first + m_k).clone();
        result.iterations = iterations[winner];
        return result;
    }

    const RowMatrix& m_rows;
    std::int64_t m_n;
    std::int64_t m_k;
    KMeansOptions m_options;
    Rng m_rng;
    std::vector<double> m_norms;
    double m_shiftTolerance = 0;
};

}  // namespace

KMeansResult kMeans(const RowMatrix& rows, const KMeansOptions& options, const StepControl& steps) {
    if (options.clusters < 1 || options.starts < 1)
        throw std::invalid_argument("k-means needs at least one cluster and one start");
    if (rows.rows() < options.clusters) {
        KMeansResult none;
        none.inertia = std::numeric_limits<double>::quiet_NaN();
        return none;
    }
    const std::vector<std::int64_t> order = rows.contentOrder();
    const RowMatrix ordered = rows.reordered(order);
    KMeansResult result = KMeans(ordered, options).run(steps);
    std::vector<std::int32_t> labels(result.labels.size());
    for (std::size_t i = 0; i < order.size(); ++i)
        labels[index(order[i])] = result.labels[i];
    result.labels = std::move(labels);
    return result;
}

}  // namespace saeception
