// SPDX-License-Identifier: GPL-3.0-or-later
// How well a reconstruction matches its input, over a whole set, in one pass, recounted over examples.
#pragma once

#include "base/torch_headers.h"
#include "evaluation/multiplicities.h"

#include <cstdint>

namespace saeception {

/// Sums per example (a sentence, whose tokens are its rows), in double; the order and size of the batches do
/// not matter. Inputs are summed about the mean of the first batch, so that huge means cost no precision.
/// Takes 2 * examples * columns doubles. In all metrics every example counts `times`, [examples].
class ReconstructionStats {
public:
    explicit ReconstructionStats(std::int64_t examples = 1) : m_examples(examples) {}

    /// input, reconstruction: [rows, columns], the same columns in every call; examples: of each row, none
    /// for all rows in example 0.
    void add(const at::Tensor& input, const at::Tensor& reconstruction,
             std::span<const std::int64_t> examples = {});

    std::int64_t rows(Multiplicities times = {}) const;
    /// Mean over rows and columns of (x - x^)^2; NaN for no rows.
    double meanSquaredError(Multiplicities times = {}) const;
    /// Fraction of variance unexplained: sum |x - x^|^2 / sum |x - mean|^2 over the set. NaN when the input
    /// has no variance.
    double fvu(Multiplicities times = {}) const;
    /// 1 - FVU.
    double explainedVariance(Multiplicities times = {}) const { return 1 - fvu(times); }
    /// 1 - sum |r - mean r|^2 / sum |x - mean x|^2 with r = x - x^: as explainedVariance(), but a constant
    /// offset of the reconstruction costs nothing (scikit-learn's explained_variance_score, variance
    /// weighted).
    double explainedVarianceCentred(Multiplicities times = {}) const;

private:
    /// sum |v - mean v|^2 over the rows, from per-example sums of v and |v|^2.
    double spread(const at::Tensor& sums, const at::Tensor& squares, Multiplicities times) const;
    double total(const at::Tensor& perExample, Multiplicities times) const;

    std::int64_t m_examples;
    at::Tensor m_shift;            // [columns]
    at::Tensor m_rows;             // [examples], all double
    at::Tensor m_inputSums;        // [examples, columns], of x - shift
    at::Tensor m_inputSquares;     // [examples], of |x - shift|^2
    at::Tensor m_residualSums;     // [examples, columns]
    at::Tensor m_residualSquares;  // [examples]
};

}  // namespace saeception
