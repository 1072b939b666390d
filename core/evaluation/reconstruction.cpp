// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluation/reconstruction.h"

#include <algorithm>
#include <limits>
#include <stdexcept>

namespace saeception {
namespace {

constexpr std::int64_t blockRows = 1024;
constexpr double nan = std::numeric_limits<double>::quiet_NaN();

/// Merges the mean and spread of `values` ([n, columns] double) into those of `rows` earlier rows.
void merge(const at::Tensor& values, std::int64_t rows, at::Tensor& mean, double& spread) {
    const auto n = static_cast<double>(values.size(0));
    const auto earlier = static_cast<double>(rows);
    const at::Tensor blockMean = values.mean(0);
    spread += (values - blockMean).square_().sum().item<double>();
    if (rows == 0) {
        mean = blockMean;
        return;
    }
    const at::Tensor shift = blockMean - mean;
    spread += shift.square().sum().item<double>() * n * earlier / (n + earlier);
    mean = mean + shift * (n / (n + earlier));
}

}  // namespace

void ReconstructionStats::add(const at::Tensor& input, const at::Tensor& reconstruction) {
    if (input.dim() != 2 || input.sizes() != reconstruction.sizes() ||
        (m_rows > 0 && input.size(1) != m_inputMean.size(0)))
        throw std::invalid_argument("input and reconstruction must be [rows, columns], alike in every call");
    for (std::int64_t begin = 0; begin < input.size(0); begin += blockRows) {
        const std::int64_t end = std::min(begin + blockRows, input.size(0));
        const at::Tensor x = input.detach().slice(0, begin, end).to(at::kCPU, at::kDouble);
        const at::Tensor residual =
            x - reconstruction.detach().slice(0, begin, end).to(at::kCPU, at::kDouble);
        m_squaredError += residual.square().sum().item<double>();
        merge(x, m_rows, m_inputMean, m_inputSpread);
        merge(residual, m_rows, m_residualMean, m_residualSpread);
        m_rows += end - begin;
    }
}

double ReconstructionStats::meanSquaredError() const {
    return m_rows == 0 ? nan : m_squaredError / static_cast<double>(m_rows * m_inputMean.size(0));
}

double ReconstructionStats::fvu() const {
    return m_inputSpread > 0 ? m_squaredError / m_inputSpread : nan;
}

double ReconstructionStats::explainedVarianceCentred() const {
    return m_inputSpread > 0 ? 1 - m_residualSpread / m_inputSpread : nan;
}

}  // namespace saeception
