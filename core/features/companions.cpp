// SPDX-License-Identifier: GPL-3.0-or-later
#include "features/companions.h"

#include <algorithm>

namespace saeception {

RowsByFeature rowsByFeature(const SparseCode& code) {
    RowsByFeature result;
    result.offsets.assign(static_cast<std::size_t>(code.features) + 1, 0);
    for (const std::int32_t feature : code.columns)
        ++result.offsets[static_cast<std::size_t>(feature) + 1];
    for (std::size_t f = 1; f < result.offsets.size(); ++f)
        result.offsets[f] += result.offsets[f - 1];
    std::vector<std::int64_t> next(result.offsets.begin(), result.offsets.end() - 1);
    result.rows.resize(code.columns.size());
    result.values.resize(code.columns.size());
    for (std::int64_t row = 0; row < code.rows(); ++row) {
        const SparseCode::Row entries = code.row(row);
        for (std::size_t e = 0; e < entries.size(); ++e) {
            const auto slot = static_cast<std::size_t>(next[static_cast<std::size_t>(entries.columns[e])]++);
            result.rows[slot] = static_cast<std::int32_t>(row);
            result.values[slot] = entries.values[e];
        }
    }
    return result;
}

std::vector<std::vector<Companion>> companions(const SparseCode& code, const StepControl& steps) {
    const RowsByFeature byFeature = rowsByFeature(code);
    const auto features = static_cast<std::size_t>(code.features);
    std::vector<std::vector<Companion>> result(features);
    std::vector<std::int32_t> together(features);
    std::vector<std::int32_t> met;
    for (std::size_t f = 0; f < features; ++f) {
        if (f % 64 == 0)
            steps.holdOrStop();
        met.clear();
        for (std::int64_t i = byFeature.offsets[f]; i < byFeature.offsets[f + 1]; ++i)
            for (const std::int32_t other : code.row(byFeature.rows[static_cast<std::size_t>(i)]).columns)
                if (together[static_cast<std::size_t>(other)]++ == 0)
                    met.push_back(other);
        const auto own = static_cast<double>(byFeature.count(static_cast<std::int64_t>(f)));
        std::vector<Companion>& list = result[f];
        for (const std::int32_t other : met) {
            const auto both = static_cast<double>(together[static_cast<std::size_t>(other)]);
            together[static_cast<std::size_t>(other)] = 0;
            if (static_cast<std::size_t>(other) == f || both < leastTogether)
                continue;
            const double either = own + static_cast<double>(byFeature.count(other)) - both;
            list.push_back({other, static_cast<float>(both / either), static_cast<float>(both / own)});
        }
        const std::size_t kept = std::min(list.size(), static_cast<std::size_t>(companionCount));
        std::partial_sort(list.begin(), list.begin() + static_cast<std::ptrdiff_t>(kept), list.end(),
                          [](const Companion& a, const Companion& b) {
                              return a.jaccard != b.jaccard ? a.jaccard > b.jaccard : a.feature < b.feature;
                          });
        list.resize(kept);
    }
    return result;
}

}  // namespace saeception
