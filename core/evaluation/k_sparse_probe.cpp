// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluation/k_sparse_probe.h"

#include "evaluation/partition.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace saeception {

std::vector<double> meanDifferences(const RowMatrix& rows, std::span<const std::int32_t> labels) {
    requireLabels(rows, labels);
    const Partition classes(labels);
    std::vector<double> differences(static_cast<std::size_t>(rows.columns()));
    if (classes.clusters() < 2)
        return differences;
    const at::Tensor sums = rows.groupSums(classes.ids, classes.clusters());
    const at::Tensor total = sums.sum(0);
    for (std::int64_t c = 0; c < classes.clusters(); ++c) {
        const auto count = static_cast<double>(classes.counts[static_cast<std::size_t>(c)]);
        const double others = static_cast<double>(classes.rows) - count;
        const double* const own = sums.data_ptr<double>() + c * rows.columns();
        for (std::size_t f = 0; f < differences.size(); ++f) {
            const double rest = total.data_ptr<double>()[f] - own[f];
            differences[f] = std::max(differences[f], std::abs(own[f] / count - rest / others));
        }
    }
    return differences;
}

std::vector<std::int32_t> mostDifferentColumns(const RowMatrix& rows, std::span<const std::int32_t> labels,
                                               int count) {
    const std::vector<double> differences = meanDifferences(rows, labels);
    std::vector<std::int32_t> order(differences.size());
    std::iota(order.begin(), order.end(), 0);
    const auto kept = std::min(order.size(), static_cast<std::size_t>(std::max(0, count)));
    const auto strength = [&](std::int32_t f) {
        return static_cast<float>(differences[static_cast<std::size_t>(f)]);
    };
    std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(kept), order.end(),
                      [&](std::int32_t a, std::int32_t b) {
                          return strength(a) != strength(b) ? strength(a) > strength(b) : a < b;
                      });
    order.resize(kept);
    return order;
}

std::vector<KSparseProbe> fitKSparseProbes(const RowMatrix& rows, std::span<const std::int32_t> labels,
                                           std::span<const int> sizes, const ProbeOptions& options,
                                           const StepControl& steps) {
    const int most = sizes.empty() ? 0 : *std::max_element(sizes.begin(), sizes.end());
    const std::vector<std::int32_t> columns = mostDifferentColumns(rows, labels, most);
    const at::Tensor values = rows.selectColumns(columns);
    std::vector<KSparseProbe> probes;
    for (const int size : sizes) {
        const auto kept = std::min<std::int64_t>(size, values.size(1));
        probes.push_back({{columns.begin(), columns.begin() + kept},
                          fitProbe(values.slice(1, 0, kept), labels, options, steps)});
    }
    return probes;
}

}  // namespace saeception
