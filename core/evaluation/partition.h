// SPDX-License-Identifier: GPL-3.0-or-later
// A partition of rows under plain names: what every cluster index starts from.
#pragma once

#include "evaluation/multiplicities.h"
#include "evaluation/row_matrix.h"

#include <map>
#include <vector>

namespace saeception {

/// Labels renamed to 0 .. clusters - 1 in ascending order, and how many rows each has, every row counted
/// `times`. Clusters that no counted row has are left out: their rows get id -1.
struct Partition {
    explicit Partition(std::span<const std::int32_t> labels, Multiplicities times = {}) {
        requireMultiplicities(times, labels.size());
        std::map<std::int32_t, std::int32_t> names;
        for (std::size_t i = 0; i < labels.size(); ++i)
            if (timesOf(times, i) > 0)
                names.emplace(labels[i], 0);
        std::int32_t next = 0;
        for (auto& [label, id] : names)
            id = next++;
        counts.resize(names.size());
        ids.reserve(labels.size());
        for (std::size_t i = 0; i < labels.size(); ++i) {
            const auto name = names.find(labels[i]);
            ids.push_back(name == names.end() ? -1 : name->second);
            if (ids.back() < 0)
                continue;
            counts[static_cast<std::size_t>(ids.back())] += timesOf(times, i);
            rows += timesOf(times, i);
        }
    }
    std::int64_t clusters() const { return static_cast<std::int64_t>(counts.size()); }
    bool isProper() const { return clusters() >= 2 && clusters() < rows; }

    std::vector<std::int32_t> ids;
    std::vector<std::int64_t> counts;
    std::int64_t rows = 0;
};

/// @throws std::invalid_argument unless there is one label a row.
inline void requireLabels(const RowMatrix& rows, std::span<const std::int32_t> labels) {
    if (rows.rows() != static_cast<std::int64_t>(labels.size()))
        throw std::invalid_argument("a cluster index needs one label a row");
}

}  // namespace saeception
