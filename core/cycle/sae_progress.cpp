// SPDX-License-Identifier: GPL-3.0-or-later
#include "cycle/sae_progress.h"

#include "cycle/scalar_tags.h"
#include "evaluation/reconstruction.h"
#include "sae/code_gradients.h"

#include <algorithm>

namespace saeception {
namespace {

// Rows held at once when an autoencoder is scored.
constexpr std::int64_t scoringRows = 8192;

}  // namespace

at::Tensor gatherRows(const at::Tensor& activations, const std::int64_t* which, std::int64_t count,
                      double scale) {
    at::Tensor rows =
        activations.index_select(0, at::from_blob(const_cast<std::int64_t*>(which), {count}, at::kLong));
    return scale == 1 ? rows : rows.mul_(scale);
}

SaeScore scoreSae(const Autoencoder& sae, const at::Tensor& activations,
                  const std::vector<std::int64_t>& which, double scale, const StepControl& steps) {
    ReconstructionStats stats;
    double active = 0;
    double penalty = 0;
    const auto count = static_cast<std::int64_t>(which.size());
    for (std::int64_t begin = 0; begin < count; begin += scoringRows) {
        steps.holdOrStop();
        const std::int64_t rows = std::min(scoringRows, count - begin);
        const at::Tensor x = gatherRows(activations, which.data() + begin, rows, scale);
        const SparseCode code = sae.encode(x);
        active += static_cast<double>(code.nonZeros());
        penalty += sae.sparsityPenalty(code) * static_cast<double>(rows);
        stats.add(x, sae.decode(code));
    }
    return {stats.meanSquaredError() / (scale * scale), stats.explainedVariance(),
            active / static_cast<double>(count),
            stats.meanSquaredError() + penalty / static_cast<double>(count)};
}

void SaeProgress::add(const at::Tensor& batch, const SaeLosses& losses, double gradientNorm) {
    m_sum.total += losses.total;
    m_sum.reconstruction += losses.reconstruction;
    m_sum.sparsity += losses.sparsity;
    m_sum.auxiliary += losses.auxiliary;
    m_sum.l0 += losses.l0;
    m_variance += totalSquares(batch - batch.mean(0)) / static_cast<double>(batch.numel());
    m_gradientNorm += gradientNorm;
    m_rows += batch.size(0);
    ++m_steps;
}

void SaeProgress::emit(const StageReporter& reporter, std::int64_t step, double learningRate,
                       double deadPercent) {
    const auto steps = static_cast<double>(m_steps);
    reporter.scalar(tags::saeLoss, step, m_sum.total / steps);
    reporter.scalar(tags::saeReconstruction, step, m_sum.reconstruction / steps);
    if (m_sum.sparsity > 0)  // no curve for kinds without a penalty
        reporter.scalar(tags::saeSparsityLoss, step, m_sum.sparsity / steps);
    if (m_sum.auxiliary > 0)  // no feature is dead, or the kind has no AuxK
        reporter.scalar(tags::saeAuxiliaryLoss, step, m_sum.auxiliary / steps);
    if (m_variance > 0)  // a batch of one row has none
        reporter.scalar(tags::saeExplainedVariance, step, 1 - m_sum.reconstruction / m_variance);
    reporter.scalar(tags::saeL0, step, m_sum.l0 / steps);
    reporter.scalar(tags::saeDeadPct, step, deadPercent);
    reporter.scalar(tags::saeLearningRate, step, learningRate);
    reporter.scalar(tags::saeGradientNorm, step, m_gradientNorm / steps);
    const double seconds = reporter.seconds() - m_start;
    if (seconds > 0)
        reporter.scalar(tags::saeTokensPerSecond, step, static_cast<double>(m_rows) / seconds);
    *this = SaeProgress(reporter.seconds());
}

}  // namespace saeception
