// SPDX-License-Identifier: GPL-3.0-or-later
// A view of rows that are dense or sparse, with the few products that clustering and probing need, all in
// double.
#pragma once

#include "base/torch_headers.h"
#include "evaluation/multiplicities.h"
#include "sae/sparse_code.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <utility>
#include <vector>

namespace saeception {

/// Does not own a sparse code, which must outlive it (but a reordered copy). Converts implicitly from either
/// kind, so that every metric takes both.
class RowMatrix {
public:
    /// dense: [rows, columns] float or double (other types are converted).
    RowMatrix(const at::Tensor& dense);  // NOLINT(google-explicit-constructor)
    RowMatrix(const SparseCode& code);   // NOLINT(google-explicit-constructor)

    std::int64_t rows() const { return m_rows; }
    std::int64_t columns() const { return m_columns; }

    /// A copy of rows [begin, end) as dense doubles, [end - begin, columns].
    at::Tensor block(std::int64_t begin, std::int64_t end) const;
    /// Row i as dense doubles, [columns].
    at::Tensor row(std::int64_t i) const { return block(i, i + 1).squeeze(0); }
    /// Squared Euclidean norm of every row, [rows].
    std::vector<double> squaredNorms() const;
    /// Sum and sum of squares of every column, each [columns] double.
    std::pair<at::Tensor, at::Tensor> columnSums() const;

    /// rows [begin, end) x right^T, [end - begin, m] double; rightT: [columns, m] double, contiguous.
    at::Tensor products(std::int64_t begin, std::int64_t end, const at::Tensor& rightT) const;

    /// What happens to one block of rows [begin, end): `values` holds [end - begin, m] doubles, row-major: on
    /// entry the products with the m right-hand rows, on return the weights of these rows. Called from
    /// several threads at once, each with its own block.
    using BlockFunction = std::function<void(std::int64_t begin, std::int64_t end, double* values)>;

    /// One parallel pass over all rows: products with `right` ([m, columns] double), then `visit` turns them
    /// into weights. Returns sum_i weights_i^T row_i, [m, columns] double, which does not depend on the
    /// number of threads.
    at::Tensor productsAndWeightedSum(const at::Tensor& right, const BlockFunction& visit) const;
    /// The same pass without the sum.
    void forEachProduct(const at::Tensor& right, const BlockFunction& visit) const;
    /// Sum of the rows of each group, every row counted `times`, [groups, columns] double. labels: [rows], <
    /// groups; rows with a negative one take no part.
    at::Tensor groupSums(std::span<const std::int32_t> labels, std::int64_t groups,
                         Multiplicities times = {}) const;
    /// Squared distance of every row to the centre that its label names, [rows]; 0 for a negative label.
    /// centres: [groups, columns] double.
    std::vector<double> squaredDistances(const at::Tensor& centres,
                                         std::span<const std::int32_t> labels) const;

    /// Columns `which` (distinct) as dense doubles, [rows, number of them].
    at::Tensor selectColumns(std::span<const std::int32_t> which) const;

    /// Rows in ascending lexicographic order of their values, equal ones in the order they have: the same for
    /// the same set of rows however they come, dense or sparse.
    std::vector<std::int64_t> contentOrder() const;
    /// A copy whose row i is row order[i] of this.
    RowMatrix reordered(const std::vector<std::int64_t>& order) const;

private:
    struct Scratch;
    at::Tensor pass(const at::Tensor& right, const BlockFunction& visit, bool wantSum) const;
    void multiply(std::int64_t begin, std::int64_t end, const at::Tensor& rightT, const at::Tensor& out,
                  Scratch& scratch) const;
    void addWeighted(std::int64_t begin, std::int64_t end, const at::Tensor& weights, const at::Tensor& sumT,
                     Scratch& scratch) const;

    /// Calls body(column, value) for every value of row i (every one that is not zero if sparse).
    template <typename Body>
    void visitRow(std::int64_t i, const Body& body) const;

    at::Tensor m_dense;                         // contiguous float or double
    std::shared_ptr<const SparseCode> m_owned;  // what m_code points to, in a reordered copy
    const SparseCode* m_code = nullptr;
    std::int64_t m_rows = 0;
    std::int64_t m_columns = 0;
};

}  // namespace saeception
