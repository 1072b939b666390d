// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluation/row_matrix.h"

#include <algorithm>
#include <numeric>

namespace saeception {
namespace {

// Rows a block: small enough that its doubles stay in cache between the two products.
constexpr std::int64_t blockRows = 256;
constexpr std::int64_t maxChunks = 32;
constexpr std::int64_t partialSumBytes = 256LL << 20;

std::int64_t ceilDivide(std::int64_t a, std::int64_t b) {
    return (a + b - 1) / b;
}

/// Calls `body` for every index in [0, count), on torch's threads.
void parallelFor(std::int64_t count, const std::function<void(std::int64_t)>& body) {
    at::parallel_for(0, count, 1, [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t i = begin; i < end; ++i)
            body(i);
    });
}

}  // namespace

/// The dense block of the rows last multiplied, kept for the weighted sum that follows.
struct RowMatrix::Scratch {
    at::Tensor buffer;
    at::Tensor block;
};

RowMatrix::RowMatrix(const at::Tensor& dense)
    : m_dense(dense.detach().cpu().contiguous()), m_rows(dense.size(0)), m_columns(dense.size(1)) {
    if (m_dense.scalar_type() != at::kFloat)
        m_dense = m_dense.to(at::kDouble);
}

RowMatrix::RowMatrix(const SparseCode& code) : m_code(&code), m_rows(code.rows()), m_columns(code.features) {}

at::Tensor RowMatrix::block(std::int64_t begin, std::int64_t end) const {
    if (m_code == nullptr)
        return m_dense.slice(0, begin, end).to(at::kDouble, false, true);
    at::Tensor dense = at::zeros({end - begin, m_columns}, at::kDouble);
    for (std::int64_t i = begin; i < end; ++i) {
        double* const out = dense.data_ptr<double>() + (i - begin) * m_columns;
        const SparseCode::Row row = m_code->row(i);
        for (std::size_t j = 0; j < row.size(); ++j)
            out[row.columns[j]] = row.values[j];
    }
    return dense;
}

std::vector<double> RowMatrix::squaredNorms() const {
    std::vector<double> norms(static_cast<std::size_t>(m_rows));
    parallelFor(ceilDivide(m_rows, blockRows), [&](std::int64_t b) {
        const std::int64_t begin = b * blockRows;
        const std::int64_t end = std::min(begin + blockRows, m_rows);
        if (m_code == nullptr) {
            const at::Tensor sums = block(begin, end).square_().sum(1);
            std::copy_n(sums.data_ptr<double>(), end - begin, norms.data() + begin);
            return;
        }
        for (std::int64_t i = begin; i < end; ++i)
            for (const float value : m_code->row(i).values)
                norms[static_cast<std::size_t>(i)] += static_cast<double>(value) * value;
    });
    return norms;
}

std::pair<at::Tensor, at::Tensor> RowMatrix::columnSums() const {
    at::Tensor sums = at::zeros({m_columns}, at::kDouble);
    at::Tensor squares = at::zeros({m_columns}, at::kDouble);
    if (m_code != nullptr) {
        double* const s = sums.data_ptr<double>();
        double* const q = squares.data_ptr<double>();
        for (std::size_t j = 0; j < m_code->values.size(); ++j) {
            const double value = m_code->values[j];
            s[m_code->columns[j]] += value;
            q[m_code->columns[j]] += value * value;
        }
        return {sums, squares};
    }
    for (std::int64_t begin = 0; begin < m_rows; begin += blockRows) {
        const at::Tensor rows = block(begin, std::min(begin + blockRows, m_rows));
        sums += rows.sum(0);
        squares += rows.square().sum(0);
    }
    return {sums, squares};
}

void RowMatrix::multiply(std::int64_t begin, std::int64_t end, const at::Tensor& rightT,
                         const at::Tensor& out, Scratch& scratch) const {
    const std::int64_t m = rightT.size(1);
    if (m_code == nullptr) {
        if (!scratch.buffer.defined())
            scratch.buffer =
                at::empty({std::max(end - begin, std::min(blockRows, m_rows)), m_columns}, at::kDouble);
        scratch.block = scratch.buffer.slice(0, 0, end - begin);
        scratch.block.copy_(m_dense.slice(0, begin, end));
        at::Tensor result = out;
        at::mm_out(result, scratch.block, rightT);
        return;
    }
    const double* const right = rightT.data_ptr<double>();
    double* const values = out.data_ptr<double>();
    for (std::int64_t i = begin; i < end; ++i) {
        const SparseCode::Row row = m_code->row(i);
        double* const target = values + (i - begin) * m;
        if (m == 1) {
            double sum = 0;
            for (std::size_t j = 0; j < row.size(); ++j)
                sum += right[row.columns[j]] * row.values[j];
            *target = sum;
            continue;
        }
        std::fill_n(target, m, 0.0);
        for (std::size_t j = 0; j < row.size(); ++j) {
            const double value = row.values[j];
            const double* const source = right + row.columns[j] * m;
            for (std::int64_t c = 0; c < m; ++c)
                target[c] += value * source[c];
        }
    }
}

void RowMatrix::addWeighted(std::int64_t begin, std::int64_t end, const at::Tensor& weights,
                            const at::Tensor& sumT, Scratch& scratch) const {
    const std::int64_t m = weights.size(1);
    if (m_code == nullptr) {
        sumT.addmm_(scratch.block.t(), weights);
        return;
    }
    double* const sums = sumT.data_ptr<double>();
    const double* const weight = weights.data_ptr<double>();
    for (std::int64_t i = begin; i < end; ++i) {
        const SparseCode::Row row = m_code->row(i);
        const double* const source = weight + (i - begin) * m;
        for (std::size_t j = 0; j < row.size(); ++j) {
            const double value = row.values[j];
            double* const target = sums + row.columns[j] * m;
            for (std::int64_t c = 0; c < m; ++c)
                target[c] += value * source[c];
        }
    }
}

at::Tensor RowMatrix::products(std::int64_t begin, std::int64_t end, const at::Tensor& rightT) const {
    at::Tensor out = at::empty({end - begin, rightT.size(1)}, at::kDouble);
    Scratch scratch;
    multiply(begin, end, rightT, out, scratch);
    return out;
}

at::Tensor RowMatrix::pass(const at::Tensor& right, const BlockFunction& visit, bool wantSum) const {
    const at::Tensor rightT = right.t().contiguous();
    const std::int64_t m = rightT.size(1);
    const std::int64_t blocks = ceilDivide(m_rows, blockRows);
    // Partial sums belong to fixed ranges of rows, not to threads, so that rounding is the same on every
    // machine.
    const std::int64_t sumBytes = std::max<std::int64_t>(1, m * m_columns * 8);
    const std::int64_t most =
        wantSum ? std::clamp<std::int64_t>(partialSumBytes / sumBytes, 1, maxChunks) : maxChunks;
    const std::int64_t blocksPerChunk = std::max<std::int64_t>(1, ceilDivide(blocks, most));
    const std::int64_t chunks = ceilDivide(blocks, blocksPerChunk);
    std::vector<at::Tensor> partial(static_cast<std::size_t>(chunks));
    parallelFor(chunks, [&](std::int64_t chunk) {
        Scratch scratch;
        const at::Tensor values = at::empty({std::min(blockRows, m_rows), m}, at::kDouble);
        at::Tensor sumT;
        if (wantSum)
            sumT = at::zeros({m_columns, m}, at::kDouble);
        const std::int64_t last = std::min((chunk + 1) * blocksPerChunk, blocks);
        for (std::int64_t b = chunk * blocksPerChunk; b < last; ++b) {
            const std::int64_t begin = b * blockRows;
            const std::int64_t end = std::min(begin + blockRows, m_rows);
            const at::Tensor mine = values.slice(0, 0, end - begin);
            multiply(begin, end, rightT, mine, scratch);
            visit(begin, end, mine.data_ptr<double>());
            if (wantSum)
                addWeighted(begin, end, mine, sumT, scratch);
        }
        partial[static_cast<std::size_t>(chunk)] = sumT;
    });
    if (!wantSum)
        return {};
    at::Tensor total = at::zeros({m_columns, m}, at::kDouble);
    for (const at::Tensor& sum : partial)
        total += sum;
    return total.t().contiguous();
}

at::Tensor RowMatrix::productsAndWeightedSum(const at::Tensor& right, const BlockFunction& visit) const {
    return pass(right, visit, true);
}

void RowMatrix::forEachProduct(const at::Tensor& right, const BlockFunction& visit) const {
    pass(right, visit, false);
}

template <typename Body>
void RowMatrix::visitRow(std::int64_t i, const Body& body) const {
    const auto all = [&](const auto* values) {
        for (std::int64_t j = 0; j < m_columns; ++j)
            body(j, static_cast<double>(values[j]));
    };
    if (m_code != nullptr) {
        const SparseCode::Row row = m_code->row(i);
        for (std::size_t j = 0; j < row.size(); ++j)
            body(static_cast<std::int64_t>(row.columns[j]), static_cast<double>(row.values[j]));
    } else if (m_dense.scalar_type() == at::kFloat) {
        all(m_dense.data_ptr<float>() + i * m_columns);
    } else {
        all(m_dense.data_ptr<double>() + i * m_columns);
    }
}

at::Tensor RowMatrix::groupSums(std::span<const std::int32_t> labels, std::int64_t groups,
                                Multiplicities times) const {
    at::Tensor sums = at::zeros({groups, m_columns}, at::kDouble);
    for (std::int64_t i = 0; i < m_rows; ++i) {
        const std::int32_t label = labels[static_cast<std::size_t>(i)];
        const double count = timesOf(times, static_cast<std::size_t>(i));
        if (label < 0 || count == 0)
            continue;
        double* const own = sums.data_ptr<double>() + label * m_columns;
        visitRow(i, [&](std::int64_t column, double value) { own[column] += count * value; });
    }
    return sums;
}

std::vector<double> RowMatrix::squaredDistances(const at::Tensor& centres,
                                                std::span<const std::int32_t> labels) const {
    const at::Tensor contiguous = centres.contiguous();
    const at::Tensor norms = contiguous.square().sum(1);
    std::vector<double> result(static_cast<std::size_t>(m_rows));
    at::parallel_for(0, m_rows, blockRows, [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t i = begin; i < end; ++i) {
            const std::int32_t label = labels[static_cast<std::size_t>(i)];
            if (label < 0)
                continue;
            const double* const centre = contiguous.data_ptr<double>() + label * m_columns;
            // |x - c|^2 = |c|^2 + sum over the values that are not zero of (x - c)^2 - c^2.
            double sum = m_code == nullptr ? 0 : norms.data_ptr<double>()[label];
            if (m_code == nullptr)
                visitRow(i, [&](std::int64_t column, double value) {
                    sum += (value - centre[column]) * (value - centre[column]);
                });
            else
                visitRow(i, [&](std::int64_t column, double value) {
                    sum += value * (value - 2 * centre[column]);
                });
            result[static_cast<std::size_t>(i)] = std::max(0.0, sum);
        }
    });
    return result;
}

at::Tensor RowMatrix::selectColumns(std::span<const std::int32_t> which) const {
    const auto count = static_cast<std::int64_t>(which.size());
    at::Tensor chosen = at::zeros({m_rows, count}, at::kDouble);
    std::vector<std::int64_t> place(static_cast<std::size_t>(m_columns), -1);
    for (std::int64_t j = 0; j < count; ++j)
        place[static_cast<std::size_t>(which[static_cast<std::size_t>(j)])] = j;
    for (std::int64_t i = 0; i < m_rows; ++i) {
        double* const row = chosen.data_ptr<double>() + i * count;
        visitRow(i, [&](std::int64_t column, double value) {
            if (const std::int64_t j = place[static_cast<std::size_t>(column)]; j >= 0)
                row[j] = value;
        });
    }
    return chosen;
}

std::vector<std::int64_t> RowMatrix::contentOrder() const {
    // The values of each row that are not zero, by column: two rows differ first where one of them has an
    // entry that the other lacks or has with another value.
    using Entries = std::vector<std::pair<std::int32_t, double>>;
    std::vector<Entries> entries;
    if (m_code != nullptr) {
        entries.resize(static_cast<std::size_t>(m_rows));
        for (std::int64_t i = 0; i < m_rows; ++i) {
            Entries& own = entries[static_cast<std::size_t>(i)];
            visitRow(i, [&](std::int64_t column, double value) {
                own.emplace_back(static_cast<std::int32_t>(column), value);
            });
            std::sort(own.begin(), own.end());
        }
    }
    const auto sparseLess = [&](std::int64_t a, std::int64_t b) {
        const Entries& first = entries[static_cast<std::size_t>(a)];
        const Entries& second = entries[static_cast<std::size_t>(b)];
        const auto [x, y] = std::mismatch(first.begin(), first.end(), second.begin(), second.end());
        if (x == first.end() || y == second.end())
            return x == first.end() ? y != second.end() && y->second > 0 : x->second < 0;
        if (x->first != y->first)
            return x->first < y->first ? x->second < 0 : y->second > 0;
        return x->second < y->second;
    };
    const auto denseLess = [&](const auto* values) {
        return [values, this](std::int64_t a, std::int64_t b) {
            return std::lexicographical_compare(values + a * m_columns, values + (a + 1) * m_columns,
                                                values + b * m_columns, values + (b + 1) * m_columns);
        };
    };
    std::vector<std::int64_t> order(static_cast<std::size_t>(m_rows));
    std::iota(order.begin(), order.end(), 0);
    if (m_code != nullptr)
        std::stable_sort(order.begin(), order.end(), sparseLess);
    else if (m_dense.scalar_type() == at::kFloat)
        std::stable_sort(order.begin(), order.end(), denseLess(m_dense.data_ptr<float>()));
    else
        std::stable_sort(order.begin(), order.end(), denseLess(m_dense.data_ptr<double>()));
    return order;
}

RowMatrix RowMatrix::reordered(const std::vector<std::int64_t>& order) const {
    if (m_code == nullptr)
        return m_dense.index_select(0, at::tensor(order, at::kLong));
    auto copy = std::make_shared<SparseCode>();
    copy->features = m_code->features;
    copy->columns.reserve(m_code->columns.size());
    copy->values.reserve(m_code->values.size());
    for (const std::int64_t i : order) {
        const SparseCode::Row row = m_code->row(i);
        copy->columns.insert(copy->columns.end(), row.columns.begin(), row.columns.end());
        copy->values.insert(copy->values.end(), row.values.begin(), row.values.end());
        copy->endRow();
    }
    RowMatrix result(*copy);
    result.m_owned = std::move(copy);
    return result;
}

}  // namespace saeception
