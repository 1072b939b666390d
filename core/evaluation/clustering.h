// SPDX-License-Identifier: GPL-3.0-or-later
// Whether activations fall into the classes by themselves: k-means, adjusted Rand index, silhouette and the
// indices of separation.
#pragma once

#include "base/step_control.h"
#include "evaluation/multiplicities.h"
#include "evaluation/row_matrix.h"

#include <cstdint>
#include <span>
#include <vector>

namespace saeception {

struct KMeansOptions {
    int clusters = 2;
    int starts = 10;
    int maxIterations = 300;
    /// A start has converged when its labels stay, or its centres move (squared, summed) by no more than this
    /// times the mean variance of the columns.
    double tolerance = 1e-6;
    std::uint64_t seed = 0;
};

struct KMeansResult {
    std::vector<std::int32_t>
        labels;          ///< [rows], 0 <= label < clusters; empty when there are fewer rows than clusters
    at::Tensor centres;  ///< [clusters, columns] double
    double inertia = 0;  ///< sum of squared distances to the own centre; NaN when there are too few rows
    int iterations = 0;  ///< of the best start
};

/// Lloyd's algorithm from greedy k-means++ seeds (Arthur and Vassilvitskii 2007), the best of several starts.
/// All starts advance together, so that one pass over the data serves them all. An emptied cluster takes the
/// row farthest from its centre. Rows are taken in the order of their content, so that the clusters depend on
/// the set of rows and the seed, not on the rows' order. @throws Cancelled
KMeansResult kMeans(const RowMatrix& rows, const KMeansOptions& options, const StepControl& steps = {});

/// Hubert and Arabie 1985; 1 for the same partition up to names, about 0 for independent ones. NaN for no
/// rows. Each row counts `times`.
double adjustedRandIndex(std::span<const std::int32_t> first, std::span<const std::int32_t> second,
                         Multiplicities times = {});

/// Of every row (b - a) / max(a, b): a = mean distance to the other rows of its cluster, b = least mean
/// distance to another cluster's (Rousseeuw 1987); 0 for a row alone in its cluster. -1..1; none unless 2 <=
/// clusters < rows. Costs rows^2 products; memory is bounded. @throws Cancelled
std::vector<double> silhouetteWidths(const RowMatrix& rows, std::span<const std::int32_t> labels,
                                     const StepControl& steps = {});

/// Mean of silhouetteWidths(); NaN when there are none.
double silhouette(const RowMatrix& rows, std::span<const std::int32_t> labels, const StepControl& steps = {});

/// How a given partition separates the rows; all NaN unless 2 <= clusters < rows.
struct ClassIndices {
    /// Mean over clusters of max_j (s_i + s_j) / d_ij, s = mean distance to the own centroid, d = distance
    /// between centroids (Davies and Bouldin 1979). Lower is better, 0 the least.
    double daviesBouldin = 0;
    /// Between-cluster over within-cluster variance, each over its degrees of freedom (Calinski and Harabasz
    /// 1974). Higher is better; 1 when there is no variance within.
    double calinskiHarabasz = 0;
    /// sum_i |x_i - mean of its cluster|^2 / rows.
    double withinVariance = 0;
    /// sum_c rows_c |mean_c - mean|^2 / rows. Within and between add up to the total variance.
    double betweenVariance = 0;
    /// Between over within; infinite when nothing varies within, NaN when nothing varies at all.
    double varianceRatio() const { return betweenVariance / withinVariance; }
};

/// Each row counts `times`.
ClassIndices classIndices(const RowMatrix& rows, std::span<const std::int32_t> labels,
                          Multiplicities times = {});

}  // namespace saeception
