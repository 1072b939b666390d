// SPDX-License-Identifier: GPL-3.0-or-later
// The indices of a given partition: adjusted Rand, silhouette, Davies-Bouldin, Calinski-Harabasz.
#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <stdexcept>
#include "base/error.h"
#include "evaluation/clustering.h"

namespace saeception {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();
// Rows a block of the silhouette: a block of distances and its right-hand side stay within cache.
constexpr std::int64_t silhouetteRows = 128;
constexpr std::int64_t silhouetteColumns = 1024;

std::size_t index(std::int64_t i) {
    return static_cast<std::size_t>(i);
}

/// Labels renamed to 0 .. clusters - 1 in ascending order, and the rows of each.
struct Partition {
    explicit Partition(std::span<const std::int32_t> labels) {
        std::map<std::int32_t, std::int32_t> names;
        for (const std::int32_t label : labels)
            names.emplace(label, 0);
        std::int32_t next = 0;
        for (auto& [label, id] : names)
            id = next++;
        counts.resize(names.size());
        ids.reserve(labels.size());
        for (const std::int32_t label : labels) {
            ids.push_back(names.at(label));
            ++counts[index(ids.back())];
        }
    }
    std::int64_t clusters() const { return static_cast<std::int64_t>(counts.size()); }
    std::int64_t rows() const { return static_cast<std::int64_t>(ids.size()); }
    bool isProper() const { return clusters() >= 2 && clusters() < rows(); }

    std::vector<std::int32_t> ids;
    std::vector<std::int64_t> counts;
};

Partition partitionOf(const RowMatrix& rows, std::span<const std::int32_t> labels) {
    if (rows.rows() != static_cast<std::int64_t>(labels.size()))
        throw std::invalid_argument("a cluster index needs one label a row");
    return Partition(labels);
}

at::Tensor centroidsOf(const RowMatrix& rows, const Partition& partition) {
    at::Tensor centroids = rows.groupSums(partition.ids, partition.clusters());
    for (std::int64_t c = 0; c < partition.clusters(); ++c)
        centroids[c] /= static_cast<double>(partition.counts[index(c)]);
    return centroids;
}

/// Squared distance of every row to the centroid of its own cluster.
std::vector<double> squaredDistances(const RowMatrix& rows, const Partition& partition,
                                     const at::Tensor& centroids) {
    const std::int64_t clusters = partition.clusters();
    const at::Tensor centroidNorms = centroids.square().sum(1);
    const double* const norms = centroidNorms.data_ptr<double>();
    std::vector<double> result = rows.squaredNorms();
    rows.forEachProduct(centroids, [&](std::int64_t begin, std::int64_t end, double* values) {
        for (std::int64_t i = begin; i < end; ++i) {
            const std::int32_t own = partition.ids[index(i)];
            double& squared = result[index(i)];
            squared = std::max(0.0, squared + norms[own] - 2 * values[(i - begin) * clusters + own]);
        }
    });
    return result;
}

/// Silhouette widths of the block of rows that starts at `begin`.
void silhouetteBlock(const RowMatrix& rows, const Partition& partition, const std::vector<double>& norms,
                     std::int64_t begin, std::vector<double>& widths) {
    const std::int64_t n = rows.rows();
    const std::int64_t clusters = partition.clusters();
    const std::int64_t end = std::min(begin + silhouetteRows, n);
    const std::int64_t m = end - begin;
    const at::Tensor mine = rows.block(begin, end).t().contiguous();
    std::vector<double> sums(index(clusters * m));  // [clusters, m]: distances to the rows of each cluster
    for (std::int64_t other = 0; other < n; other += silhouetteColumns) {
        const std::int64_t otherEnd = std::min(other + silhouetteColumns, n);
        const at::Tensor products = rows.products(other, otherEnd, mine);
        for (std::int64_t j = other; j < otherEnd; ++j) {
            const double* const product = products.data_ptr<double>() + (j - other) * m;
            double* const sum = sums.data() + partition.ids[index(j)] * m;
            for (std::int64_t i = 0; i < m; ++i) {
                const double squared = norms[index(begin + i)] + norms[index(j)] - 2 * product[i];
                sum[i] += begin + i == j ? 0.0 : std::sqrt(std::max(0.0, squared));
            }
        }
    }
    for (std::int64_t i = 0; i < m; ++i) {
        const std::int32_t own = partition.ids[index(begin + i)];
        double nearest = infinity;
        for (std::int64_t c = 0; c < clusters; ++c)
            if (c != own)
                nearest = std::min(nearest,
                                   sums[index(c * m + i)] / static_cast<double>(partition.counts[index(c)]));
        const std::int64_t mates = partition.counts[index(own)] - 1;
        const double within = mates == 0 ? 0 : sums[index(own * m + i)] / static_cast<double>(mates);
        const double scale = std::max(within, nearest);
        widths[index(begin + i)] = mates == 0 || scale <= 0 ? 0 : (nearest - within) / scale;
    }
}

double pairs(double n) {
    return n * (n - 1) / 2;
}

}  // namespace

double adjustedRandIndex(std::span<const std::int32_t> first, std::span<const std::int32_t> second) {
    if (first.size() != second.size())
        throw std::invalid_argument("the two partitions differ in number of rows");
    if (first.empty())
        return nan;
    const Partition a(first);
    const Partition b(second);
    std::map<std::pair<std::int32_t, std::int32_t>, std::int64_t> cells;
    for (std::size_t i = 0; i < first.size(); ++i)
        ++cells[{a.ids[i], b.ids[i]}];
    double both = 0;
    for (const auto& [cell, count] : cells)
        both += pairs(static_cast<double>(count));
    double inFirst = 0;
    double inSecond = 0;
    for (const std::int64_t count : a.counts)
        inFirst += pairs(static_cast<double>(count));
    for (const std::int64_t count : b.counts)
        inSecond += pairs(static_cast<double>(count));
    if (both == inFirst && both == inSecond)
        return 1;
    const double expected = inFirst * inSecond / pairs(static_cast<double>(first.size()));
    return (both - expected) / ((inFirst + inSecond) / 2 - expected);
}

double silhouette(const RowMatrix& rows, std::span<const std::int32_t> labels, const std::stop_token& stop) {
    const Partition partition = partitionOf(rows, labels);
    if (!partition.isProper())
        return nan;
    const std::int64_t n = rows.rows();
    const std::vector<double> norms = rows.squaredNorms();
    std::vector<double> widths(index(n));
    at::parallel_for(0, (n + silhouetteRows - 1) / silhouetteRows, 1,
                     [&](std::int64_t from, std::int64_t to) {
                         for (std::int64_t b = from; b < to; ++b) {
                             throwIfStopped(stop);
                             silhouetteBlock(rows, partition, norms, b * silhouetteRows, widths);
                         }
                     });
    double total = 0;
    for (const double width : widths)
        total += width;
    return total / static_cast<double>(n);
}

double daviesBouldin(const RowMatrix& rows, std::span<const std::int32_t> labels) {
    const Partition partition = partitionOf(rows, labels);
    if (!partition.isProper())
        return nan;
    const std::int64_t clusters = partition.clusters();
    const at::Tensor centroids = centroidsOf(rows, partition);
    const std::vector<double> squared = squaredDistances(rows, partition, centroids);
    std::vector<double> scatter(index(clusters));
    for (std::size_t i = 0; i < squared.size(); ++i)
        scatter[index(partition.ids[i])] += std::sqrt(squared[i]);
    for (std::int64_t c = 0; c < clusters; ++c)
        scatter[index(c)] /= static_cast<double>(partition.counts[index(c)]);
    double total = 0;
    for (std::int64_t i = 0; i < clusters; ++i) {
        double worst = 0;
        for (std::int64_t j = 0; j < clusters; ++j) {
            const double distance = i == j ? 0 : (centroids[i] - centroids[j]).norm().item<double>();
            // Coinciding centroids are passed over, as scikit-learn does.
            if (distance > 0)
                worst = std::max(worst, (scatter[index(i)] + scatter[index(j)]) / distance);
        }
        total += worst;
    }
    return total / static_cast<double>(clusters);
}

double calinskiHarabasz(const RowMatrix& rows, std::span<const std::int32_t> labels) {
    const Partition partition = partitionOf(rows, labels);
    if (!partition.isProper())
        return nan;
    const std::int64_t clusters = partition.clusters();
    const auto n = static_cast<double>(rows.rows());
    const at::Tensor centroids = centroidsOf(rows, partition);
    const at::Tensor mean = rows.columnSums().first / n;
    double between = 0;
    for (std::int64_t c = 0; c < clusters; ++c)
        between += static_cast<double>(partition.counts[index(c)]) *
                   (centroids[c] - mean).square().sum().item<double>();
    double within = 0;
    for (const double squared : squaredDistances(rows, partition, centroids))
        within += squared;
    if (within <= 0)
        return 1;
    return between * (n - static_cast<double>(clusters)) / (within * (static_cast<double>(clusters) - 1));
}

}  // namespace saeception
