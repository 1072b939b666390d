// SPDX-License-Identifier: GPL-3.0-or-later
// The indices of a given partition that need its centroids or its counts alone.
#include "evaluation/clustering.h"
#include "evaluation/partition.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace saeception {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

std::size_t index(std::int64_t i) {
    return static_cast<std::size_t>(i);
}

double pairs(double n) {
    return n * (n - 1) / 2;
}

double squaredDistance(const double* a, const double* b, std::int64_t columns) {
    double sum = 0;
    for (std::int64_t j = 0; j < columns; ++j)
        sum += (a[j] - b[j]) * (a[j] - b[j]);
    return sum;
}

/// Mean over clusters of the worst (s_i + s_j) / d_ij.
double daviesBouldinOf(const at::Tensor& centroids, const std::vector<double>& scatter) {
    const std::int64_t clusters = centroids.size(0);
    const std::int64_t columns = centroids.size(1);
    const double* const values = centroids.data_ptr<double>();
    double total = 0;
    for (std::int64_t i = 0; i < clusters; ++i) {
        double worst = 0;
        for (std::int64_t j = 0; j < clusters; ++j) {
            const double distance =
                i == j ? 0 : std::sqrt(squaredDistance(values + i * columns, values + j * columns, columns));
            // Coinciding centroids are passed over, as scikit-learn does.
            if (distance > 0)
                worst = std::max(worst, (scatter[index(i)] + scatter[index(j)]) / distance);
        }
        total += worst;
    }
    return total / static_cast<double>(clusters);
}

}  // namespace

double adjustedRandIndex(std::span<const std::int32_t> first, std::span<const std::int32_t> second,
                         Multiplicities times) {
    if (first.size() != second.size())
        throw std::invalid_argument("the two partitions differ in number of rows");
    const Partition a(first, times);
    const Partition b(second, times);
    if (a.rows == 0)
        return nan;
    std::map<std::pair<std::int32_t, std::int32_t>, std::int64_t> cells;
    for (std::size_t i = 0; i < first.size(); ++i)
        if (timesOf(times, i) > 0)
            cells[{a.ids[i], b.ids[i]}] += timesOf(times, i);
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
    const double expected = inFirst * inSecond / pairs(static_cast<double>(a.rows));
    return (both - expected) / ((inFirst + inSecond) / 2 - expected);
}

ClassIndices classIndices(const RowMatrix& rows, std::span<const std::int32_t> labels, Multiplicities times) {
    requireLabels(rows, labels);
    const Partition partition(labels, times);
    if (!partition.isProper())
        return {nan, nan, nan, nan};
    const std::int64_t clusters = partition.clusters();
    const auto n = static_cast<double>(partition.rows);
    at::Tensor centroids = rows.groupSums(partition.ids, clusters, times);
    const at::Tensor mean = centroids.sum(0) / n;
    for (std::int64_t c = 0; c < clusters; ++c)
        centroids[c] /= static_cast<double>(partition.counts[index(c)]);

    double between = 0;
    for (std::int64_t c = 0; c < clusters; ++c)
        between += static_cast<double>(partition.counts[index(c)]) *
                   squaredDistance(centroids.data_ptr<double>() + c * rows.columns(), mean.data_ptr<double>(),
                                   rows.columns());
    const std::vector<double> squared = rows.squaredDistances(centroids, partition.ids);
    std::vector<double> scatter(index(clusters));
    double within = 0;
    for (std::size_t i = 0; i < squared.size(); ++i) {
        if (timesOf(times, i) == 0)
            continue;
        within += timesOf(times, i) * squared[i];
        scatter[index(partition.ids[i])] += timesOf(times, i) * std::sqrt(squared[i]);
    }
    for (std::int64_t c = 0; c < clusters; ++c)
        scatter[index(c)] /= static_cast<double>(partition.counts[index(c)]);

    ClassIndices result;
    result.daviesBouldin = daviesBouldinOf(centroids, scatter);
    const auto k = static_cast<double>(clusters);
    result.calinskiHarabasz = within > 0 ? between * (n - k) / (within * (k - 1)) : 1;
    result.withinVariance = within / n;
    result.betweenVariance = between / n;
    return result;
}

}  // namespace saeception
