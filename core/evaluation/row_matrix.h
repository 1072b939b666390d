// SPDX-License-Identifier: GPL-3.0-or-later
// A view of rows that are dense or sparse, with the few products that clustering and probing need, all in
// double.
#pragma once

#include "base/torch_headers.h"
#include "sae/sparse_code.h"

#include <cstdint>
#include <functional>
#include <vector>

namespace saeception {

/// Does not own a sparse code, which must outlive it. Converts implicitly from either kind, so that every
/// metric takes both.
class RowMatrix {
public:
    /// dense: [rows, columns] floating point.
    RowMatrix(const at::Tensor& dense);  // NOLINT(google-explicit-constructor)
    RowMatrix(const SparseCode& code);   // NOLINT(google-explicit-constructor)

    std::int64_t rows() const { return m_rows; }
    std::int64_t columns() const { return m_columns; }

    /// Rows [begin, end) as dense doubles, [end - begin, columns].
    at::Tensor block(std::int64_t begin, std::int64_t end) const;
    /// Row i as dense doubles, [columns].
    at::Tensor row(std::int64_t i) const { return block(i, i + 1).squeeze(0); }
    /// Squared Euclidean norm of every row, [rows].
    std::vector<double> squaredNorms() const;

    /// What happens to one block of rows [begin, end): `products` is rows x right^T, [end - begin, m]
    /// row-major doubles, to be overwritten in place with weights. Called from several threads, each with its
    /// own block.
    using BlockFunction = std::function<void(std::int64_t begin, std::int64_t end, double* products)>;

    /// One parallel pass. For each block of rows: products with `right` ([m, columns] double), then `visit`;
    /// and, if `wanted`, returns sum_i weights_i^T row_i, [m, columns] (else an undefined tensor). The result
    /// does not depend on the number of threads.
    at::Tensor pass(const at::Tensor& right, const BlockFunction& visit, bool wanted) const;

private:
    void products(std::int64_t begin, std::int64_t end, const at::Tensor& right, const at::Tensor& rightT,
                  at::Tensor& denseBlock, at::Tensor& out) const;

    at::Tensor m_dense;
    const SparseCode* m_code = nullptr;
    std::int64_t m_rows = 0;
    std::int64_t m_columns = 0;
};

}  // namespace saeception
