// SPDX-License-Identifier: GPL-3.0-or-later
// What the SAE stage tells while it trains: means over a window of steps, and the score of the validation
// split.
#pragma once

#include "base/step_control.h"
#include "cycle/stage_context.h"
#include "sae/autoencoder.h"

#include <chrono>
#include <cstdint>
#include <vector>

namespace saeception {

/// Rows `which` [count] of `activations` [n, d], times `scale`; a copy.
at::Tensor gatherRows(const at::Tensor& activations, const std::int64_t* which, std::int64_t count,
                      double scale);

struct SaeScore {
    double meanSquaredError = 0;  ///< in units of the activations themselves
    double explainedVariance = 0;
    double l0 = 0;         ///< mean active features a row
    double objective = 0;  ///< reconstruction + full sparsity penalty, in the units of training
};

/// Scores `sae`, which reads activations times `scale`, on the rows `which` of `activations`.
/// @throws Cancelled.
SaeScore scoreSae(const Autoencoder& sae, const at::Tensor& activations,
                  const std::vector<std::int64_t>& which, double scale, const StepControl& steps);

/// Means over the steps since the last emit().
class SaeProgress {
public:
    /// `start`: reporter.seconds() at the first step.
    explicit SaeProgress(double start) : m_start(start) {}

    /// `batch`: the rows of the step, which had the losses given.
    void add(const at::Tensor& batch, const SaeLosses& losses, double gradientNorm);
    /// Emits the window's curves at `step` and starts the next window.
    void emit(const StageReporter& reporter, std::int64_t step, double learningRate, double deadPercent);

private:
    SaeLosses m_sum;
    double m_variance = 0;
    double m_gradientNorm = 0;
    std::int64_t m_steps = 0;
    std::int64_t m_rows = 0;
    double m_start = 0;
};

}  // namespace saeception
