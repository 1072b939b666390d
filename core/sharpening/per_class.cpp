// SPDX-License-Identifier: GPL-3.0-or-later
#include "sharpening/per_class.h"

#include "sharpening/kept_features.h"

#include <numeric>

namespace saeception {

std::vector<std::vector<std::int32_t>> salientFeaturesPerClass(const SparseCode& code,
                                                               std::span<const std::int32_t> labels,
                                                               int classes, double topKPct) {
    const auto features = static_cast<std::size_t>(code.features);
    const std::size_t kept = keptFeatures(features, topKPct);
    // Within a label the row count is one constant, so sums rank features as means do.
    std::vector<std::vector<double>> sums(static_cast<std::size_t>(classes), std::vector<double>(features));
    std::vector<std::int64_t> rows(static_cast<std::size_t>(classes));
    for (std::int64_t i = 0; i < code.rows(); ++i) {
        const auto label = static_cast<std::size_t>(labels[static_cast<std::size_t>(i)]);
        const SparseCode::Row row = code.row(i);
        ++rows[label];
        for (std::size_t e = 0; e < row.size(); ++e)
            sums[label][static_cast<std::size_t>(row.columns[e])] += row.values[e];
    }
    std::vector<std::vector<std::int32_t>> salient(static_cast<std::size_t>(classes));
    std::vector<std::int32_t> order(features);
    for (std::size_t label = 0; label < salient.size(); ++label) {
        if (rows[label] == 0)
            continue;
        std::iota(order.begin(), order.end(), 0);
        const std::vector<double>& sum = sums[label];
        std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(kept), order.end(),
                          [&sum](std::int32_t a, std::int32_t b) {
                              const double left = sum[static_cast<std::size_t>(a)];
                              const double right = sum[static_cast<std::size_t>(b)];
                              return left != right ? left > right : a < b;
                          });
        salient[label].assign(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(kept));
        std::sort(salient[label].begin(), salient[label].end());
    }
    return salient;
}

SparseCode keepSalient(const SparseCode& code, std::span<const std::int32_t> labels,
                       const std::vector<std::vector<std::int32_t>>& salient) {
    std::vector<std::vector<char>> kept(salient.size(),
                                        std::vector<char>(static_cast<std::size_t>(code.features)));
    for (std::size_t label = 0; label < salient.size(); ++label)
        for (const std::int32_t feature : salient[label])
            kept[label][static_cast<std::size_t>(feature)] = 1;
    SparseCode result;
    result.features = code.features;
    for (std::int64_t i = 0; i < code.rows(); ++i) {
        const std::vector<char>& keep = kept[static_cast<std::size_t>(labels[static_cast<std::size_t>(i)])];
        const SparseCode::Row row = code.row(i);
        for (std::size_t e = 0; e < row.size(); ++e)
            if (keep[static_cast<std::size_t>(row.columns[e])] != 0)
                result.add(row.columns[e], row.values[e]);
        result.endRow();
    }
    return result;
}

}  // namespace saeception
