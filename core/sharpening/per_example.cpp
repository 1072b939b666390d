// SPDX-License-Identifier: GPL-3.0-or-later
#include "sharpening/per_example.h"

#include "sharpening/kept_features.h"

#include <numeric>

namespace saeception {

SparseCode keepStrongest(const SparseCode& code, double topKPct) {
    const std::size_t kept = keptFeatures(static_cast<std::size_t>(code.features), topKPct);
    SparseCode result;
    result.features = code.features;
    std::vector<std::size_t> entries;
    for (std::int64_t i = 0; i < code.rows(); ++i) {
        const SparseCode::Row row = code.row(i);
        entries.resize(row.size());
        std::iota(entries.begin(), entries.end(), std::size_t{0});
        if (row.size() > kept) {
            const auto nth = entries.begin() + static_cast<std::ptrdiff_t>(kept);
            std::nth_element(entries.begin(), nth, entries.end(), [&row](std::size_t a, std::size_t b) {
                return row.values[a] != row.values[b] ? row.values[a] > row.values[b]
                                                      : row.columns[a] < row.columns[b];
            });
            entries.resize(kept);
            std::sort(entries.begin(), entries.end());
        }
        for (const std::size_t e : entries)
            result.add(row.columns[e], row.values[e]);
        result.endRow();
    }
    return result;
}

}  // namespace saeception
