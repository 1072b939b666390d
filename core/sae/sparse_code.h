// SPDX-License-Identifier: GPL-3.0-or-later
// Sparse codes in compressed-sparse-row form: what a TopK autoencoder produces and every metric reads.
// Torch-free.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace saeception {

/// Rows of a code of `features` columns. Row i holds columns/values[rowOffsets[i] .. rowOffsets[i + 1]).
/// Zero values are never stored; columns are distinct within a row, in no promised order.
struct SparseCode {
    std::int64_t features = 0;
    std::vector<std::int64_t> rowOffsets{0};
    std::vector<std::int32_t> columns;
    std::vector<float> values;

    /// One row's active features and their activations.
    struct Row {
        std::span<const std::int32_t> columns;
        std::span<const float> values;
        std::size_t size() const { return columns.size(); }
    };

    std::int64_t rows() const { return static_cast<std::int64_t>(rowOffsets.size()) - 1; }
    std::int64_t nonZeros() const { return rowOffsets.back(); }
    Row row(std::int64_t i) const {
        const auto begin = static_cast<std::size_t>(rowOffsets[static_cast<std::size_t>(i)]);
        const auto count = static_cast<std::size_t>(rowOffsets[static_cast<std::size_t>(i) + 1]) - begin;
        return {{columns.data() + begin, count}, {values.data() + begin, count}};
    }

    /// Adds one entry to the row being built; a zero is left out. endRow() closes the row.
    void add(std::int32_t column, float value) {
        if (value != 0) {
            columns.push_back(column);
            values.push_back(value);
        }
    }
    /// Adds the rows of `other`, which has the same features, after one's own.
    void append(const SparseCode& other) {
        const std::int64_t base = rowOffsets.back();
        columns.insert(columns.end(), other.columns.begin(), other.columns.end());
        values.insert(values.end(), other.values.begin(), other.values.end());
        for (std::size_t i = 1; i < other.rowOffsets.size(); ++i)
            rowOffsets.push_back(base + other.rowOffsets[i]);
    }
    /// Room for `rowCount` rows of `entriesPerRow` entries on average.
    void reserve(std::int64_t rowCount, std::int64_t entriesPerRow) {
        rowOffsets.reserve(static_cast<std::size_t>(rowCount) + 1);
        columns.reserve(static_cast<std::size_t>(rowCount * entriesPerRow));
        values.reserve(static_cast<std::size_t>(rowCount * entriesPerRow));
    }
    void endRow() { rowOffsets.push_back(static_cast<std::int64_t>(columns.size())); }
};

}  // namespace saeception
