// SPDX-License-Identifier: GPL-3.0-or-later
// The linear probe: L2-regularised logistic regression, fitted to convergence, dense or sparse.
#pragma once

#include "base/step_control.h"
#include "evaluation/row_matrix.h"

#include <cstdint>
#include <span>
#include <vector>

namespace saeception {

struct ProbeOptions {
    double inverseRegularisation = 1.0;  ///< C
    int maxIterations = 2000;
    /// Converged when the Euclidean norm of the objective's gradient is at most this. For C = 1 the objective
    /// curves by at least 1 in every coefficient, so this also bounds their distance from the optimum.
    double gradientTolerance = 1e-4;
};

struct LinearProbe {
    std::vector<std::int32_t> classes;  ///< labels seen in training, ascending
    at::Tensor
        coefficients;       ///< double; [1, columns] for two classes (of the second), else [classes, columns]
    at::Tensor intercepts;  ///< double, [1] or [classes]
    int iterations = 0;
    bool converged = false;

    /// The most likely class of every row.
    std::vector<std::int32_t> predict(const RowMatrix& rows) const;
    /// Share of rows whose label is predicted, 0..1; NaN for no rows.
    double accuracy(const RowMatrix& rows, std::span<const std::int32_t> labels) const;
};

/// Minimises C * sum_i cross_entropy_i + |W|^2 / 2 with free intercepts (scikit-learn's
/// LogisticRegression(C), binary for two classes, multinomial for more) by L-BFGS (Nocedal and Wright, ch. 7)
/// in columns centred and whitened by their curvature, which changes the path but not the optimum. One class
/// alone gives a constant probe. @throws Cancelled
LinearProbe fitProbe(const RowMatrix& rows, std::span<const std::int32_t> labels,
                     const ProbeOptions& options = {}, const StepControl& steps = {});

}  // namespace saeception
