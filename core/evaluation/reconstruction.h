// SPDX-License-Identifier: GPL-3.0-or-later
// How well a reconstruction matches its input, over a whole set, in one pass.
#pragma once

#include "base/torch_headers.h"

#include <cstdint>

namespace saeception {

/// Accumulates in double; the order and size of the batches do not matter. Batches are merged as in Chan et
/// al. 1979.
class ReconstructionStats {
public:
    /// input, reconstruction: [rows, columns], the same columns in every call.
    void add(const at::Tensor& input, const at::Tensor& reconstruction);

    std::int64_t rows() const { return m_rows; }
    /// Mean over rows and columns of (x - x^)^2; NaN for no rows.
    double meanSquaredError() const;
    /// Fraction of variance unexplained: sum |x - x^|^2 / sum |x - mean|^2 over the set. NaN when the input
    /// has no variance.
    double fvu() const;
    /// 1 - FVU.
    double explainedVariance() const { return 1 - fvu(); }
    /// 1 - sum |r - mean r|^2 / sum |x - mean x|^2 with r = x - x^: as explainedVariance(), but a constant
    /// offset of the reconstruction costs nothing (scikit-learn's explained_variance_score, variance
    /// weighted).
    double explainedVarianceCentred() const;

private:
    std::int64_t m_rows = 0;
    at::Tensor m_inputMean;     // [columns] double
    at::Tensor m_residualMean;  // [columns] double
    double m_inputSpread = 0;   // sum |x - mean x|^2
    double m_residualSpread = 0;
    double m_squaredError = 0;
};

}  // namespace saeception
