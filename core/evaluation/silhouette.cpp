// SPDX-License-Identifier: GPL-3.0-or-later
// Silhouette widths, in blocks of rows so that memory stays bounded.
#include "base/error.h"
#include "evaluation/clustering.h"
#include "evaluation/partition.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace saeception {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
// Rows a block: a block of distances and its right-hand side stay within cache.
constexpr std::int64_t silhouetteRows = 128;
constexpr std::int64_t silhouetteColumns = 1024;

std::size_t index(std::int64_t i) {
    return static_cast<std::size_t>(i);
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

}  // namespace

std::vector<double> silhouetteWidths(const RowMatrix& rows, std::span<const std::int32_t> labels,
                                     const StepControl& steps) {
    requireLabels(rows, labels);
    const Partition partition(labels);
    if (!partition.isProper())
        return {};
    const std::int64_t n = rows.rows();
    const std::vector<double> norms = rows.squaredNorms();
    std::vector<double> widths(index(n));
    at::parallel_for(0, (n + silhouetteRows - 1) / silhouetteRows, 1,
                     [&](std::int64_t from, std::int64_t to) {
                         for (std::int64_t b = from; b < to; ++b) {
                             steps.holdOrStop();
                             silhouetteBlock(rows, partition, norms, b * silhouetteRows, widths);
                         }
                     });
    return widths;
}

double silhouette(const RowMatrix& rows, std::span<const std::int32_t> labels, const StepControl& steps) {
    return meanOf(silhouetteWidths(rows, labels, steps), {});
}

}  // namespace saeception
