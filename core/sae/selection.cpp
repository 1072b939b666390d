// SPDX-License-Identifier: GPL-3.0-or-later
#include "sae/selection.h"

#include "sae/products.h"

#include <algorithm>

namespace saeception {
namespace {

// Appends the entries of each row for which keep(value, column) holds: counted first, then written where they
// belong, so that threads do not change the order.
template <typename Keep>
void appendWhere(const at::Tensor& preActivations, SparseCode& code, const Keep& keep) {
    const std::int64_t rows = preActivations.size(0);
    const std::int64_t features = preActivations.size(1);
    const float* const values = preActivations.data_ptr<float>();
    const auto first = static_cast<std::size_t>(code.rows());
    code.rowOffsets.resize(first + static_cast<std::size_t>(rows) + 1);
    std::int64_t* const ends = code.rowOffsets.data() + first + 1;
    at::parallel_for(0, rows, 16, [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t row = begin; row < end; ++row) {
            std::int64_t count = 0;
            for (std::int64_t f = 0; f < features; ++f)
                count += keep(values[row * features + f], f) ? 1 : 0;
            ends[row] = count;
        }
    });
    for (std::int64_t row = 0; row < rows; ++row)
        ends[row] += ends[row - 1];
    code.columns.resize(static_cast<std::size_t>(code.nonZeros()));
    code.values.resize(static_cast<std::size_t>(code.nonZeros()));
    at::parallel_for(0, rows, 16, [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t row = begin; row < end; ++row) {
            std::int64_t slot = ends[row - 1];
            for (std::int64_t f = 0; f < features; ++f)
                if (const float value = values[row * features + f]; keep(value, f)) {
                    code.columns[slot] = static_cast<std::int32_t>(f);
                    code.values[slot++] = value;
                }
        }
    });
}

}  // namespace

void forEachPreActivationBlock(const at::Tensor& input, const at::Tensor& encoder, const at::Tensor& bias,
                               const std::function<void(const at::Tensor&, std::int64_t)>& visit) {
    const std::int64_t count = input.size(0);
    at::Tensor block = at::empty({std::min(count, rowsPerBlock), encoder.size(0)});
    for (std::int64_t begin = 0; begin < count; begin += rowsPerBlock) {
        const std::int64_t rows = std::min(rowsPerBlock, count - begin);
        at::Tensor preActivations = block.narrow(0, 0, rows);
        multiplyTransposed(input.narrow(0, begin, rows), encoder, bias, preActivations);
        visit(preActivations, begin);
    }
}

void appendTop(const at::Tensor& preActivations, std::int64_t count, const std::int64_t* names,
               SparseCode& code) {
    const auto [top, where] = at::topk(preActivations, count, 1, true, false);
    const float* value = top.data_ptr<float>();
    const std::int64_t* column = where.data_ptr<std::int64_t>();
    for (std::int64_t row = 0; row < top.size(0); ++row) {
        for (std::int64_t i = 0; i < count; ++i, ++value, ++column)
            if (*value > 0)
                code.add(static_cast<std::int32_t>(names != nullptr ? names[*column] : *column), *value);
        code.endRow();
    }
}

void appendAbove(const at::Tensor& preActivations, float threshold, SparseCode& code) {
    appendWhere(preActivations, code, [threshold](float value, std::int64_t) { return value > threshold; });
}

void appendAbove(const at::Tensor& preActivations, const at::Tensor& thresholds, SparseCode& code) {
    const float* const threshold = thresholds.data_ptr<float>();
    appendWhere(preActivations, code,
                [threshold](float value, std::int64_t f) { return value > threshold[f]; });
}

void appendBetween(const at::Tensor& preActivations, const at::Tensor& low, const at::Tensor& high,
                   SparseCode& code) {
    const float* const from = low.data_ptr<float>();
    const float* const to = high.data_ptr<float>();
    appendWhere(preActivations, code,
                [=](float value, std::int64_t f) { return value > from[f] && value < to[f]; });
}

float keepLargest(SparseCode& code, std::int64_t count) {
    if (code.nonZeros() < count || count < 1)
        return 0;
    std::vector<float> ordered = code.values;
    std::nth_element(ordered.begin(), ordered.begin() + (count - 1), ordered.end(), std::greater<>());
    const float smallest = ordered[static_cast<std::size_t>(count) - 1];
    // nth_element leaves everything larger before it.
    auto equalsLeft = std::count(ordered.begin(), ordered.begin() + count, smallest);
    std::size_t kept = 0;
    std::size_t entry = 0;
    for (std::size_t row = 0; row + 1 < code.rowOffsets.size(); ++row) {
        for (; entry < static_cast<std::size_t>(code.rowOffsets[row + 1]); ++entry) {
            if (code.values[entry] < smallest || (code.values[entry] == smallest && equalsLeft-- <= 0))
                continue;
            code.columns[kept] = code.columns[entry];
            code.values[kept++] = code.values[entry];
        }
        code.rowOffsets[row + 1] = static_cast<std::int64_t>(kept);
    }
    code.columns.resize(kept);
    code.values.resize(kept);
    return smallest;
}

void countFires(const SparseCode& code, std::vector<std::int32_t>& fires) {
    for (const std::int32_t column : code.columns)
        ++fires[static_cast<std::size_t>(column)];
}

}  // namespace saeception
