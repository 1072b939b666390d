// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluation/reconstruction.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace saeception {
namespace {

constexpr std::int64_t blockRows = 1024;
constexpr double nan = std::numeric_limits<double>::quiet_NaN();
// Below this share of the sum of squares about the shift, what is left about the mean is rounding.
constexpr double rounding = 1e-13;

}  // namespace

void ReconstructionStats::add(const at::Tensor& input, const at::Tensor& reconstruction,
                              std::span<const std::int64_t> examples) {
    if (input.dim() != 2 || input.sizes() != reconstruction.sizes() ||
        (m_shift.defined() && input.size(1) != m_shift.size(0)) ||
        (!examples.empty() && input.size(0) != static_cast<std::int64_t>(examples.size())))
        throw std::invalid_argument(
            "input and reconstruction must be [rows, columns], alike in every call, with an example a row");
    for (std::int64_t begin = 0; begin < input.size(0); begin += blockRows) {
        const std::int64_t end = std::min(begin + blockRows, input.size(0));
        const at::Tensor x = input.detach().slice(0, begin, end).to(at::kCPU, at::kDouble);
        const at::Tensor residual =
            x - reconstruction.detach().slice(0, begin, end).to(at::kCPU, at::kDouble);
        if (!m_shift.defined()) {
            m_shift = x.mean(0);
            m_rows = at::zeros({m_examples}, at::kDouble);
            m_inputSums = at::zeros({m_examples, x.size(1)}, at::kDouble);
            m_inputSquares = at::zeros_like(m_rows);
            m_residualSums = at::zeros_like(m_inputSums);
            m_residualSquares = at::zeros_like(m_rows);
        }
        const at::Tensor shifted = x - m_shift;
        if (examples.empty()) {
            m_rows[0] += static_cast<double>(end - begin);
            m_inputSums[0] += shifted.sum(0);
            m_inputSquares[0] += shifted.square().sum();
            m_residualSums[0] += residual.sum(0);
            m_residualSquares[0] += residual.square().sum();
            continue;
        }
        const auto ids =
            examples.subspan(static_cast<std::size_t>(begin), static_cast<std::size_t>(end - begin));
        const at::Tensor example = at::tensor(at::ArrayRef<std::int64_t>(ids.data(), ids.size()), at::kLong);
        m_rows.index_add_(0, example, at::ones({end - begin}, at::kDouble));
        m_inputSums.index_add_(0, example, shifted);
        m_inputSquares.index_add_(0, example, shifted.square().sum(1));
        m_residualSums.index_add_(0, example, residual);
        m_residualSquares.index_add_(0, example, residual.square().sum(1));
    }
}

double ReconstructionStats::total(const at::Tensor& perExample, Multiplicities times) const {
    requireMultiplicities(times, static_cast<std::size_t>(m_examples));
    if (!perExample.defined())
        return 0;
    double sum = 0;
    for (std::int64_t e = 0; e < m_examples; ++e)
        sum += timesOf(times, static_cast<std::size_t>(e)) * perExample.data_ptr<double>()[e];
    return sum;
}

std::int64_t ReconstructionStats::rows(Multiplicities times) const {
    return static_cast<std::int64_t>(total(m_rows, times));
}

double ReconstructionStats::spread(const at::Tensor& sums, const at::Tensor& squares,
                                   Multiplicities times) const {
    if (!sums.defined())
        return 0;
    const std::int64_t columns = sums.size(1);
    std::vector<double> sum(static_cast<std::size_t>(columns));
    for (std::int64_t e = 0; e < m_examples; ++e) {
        const double count = timesOf(times, static_cast<std::size_t>(e));
        if (count == 0)
            continue;
        const double* const own = sums.data_ptr<double>() + e * columns;
        for (std::int64_t j = 0; j < columns; ++j)
            sum[static_cast<std::size_t>(j)] += count * own[j];
    }
    double ofMean = 0;
    for (const double value : sum)
        ofMean += value * value;
    const double about = total(squares, times);
    const double left = about - ofMean / total(m_rows, times);
    return left > rounding * about ? left : 0;
}

double ReconstructionStats::meanSquaredError(Multiplicities times) const {
    const double rows = total(m_rows, times);
    return rows == 0 ? nan : total(m_residualSquares, times) / (rows * static_cast<double>(m_shift.size(0)));
}

double ReconstructionStats::fvu(Multiplicities times) const {
    const double input = spread(m_inputSums, m_inputSquares, times);
    return input > 0 ? total(m_residualSquares, times) / input : nan;
}

double ReconstructionStats::explainedVarianceCentred(Multiplicities times) const {
    const double input = spread(m_inputSums, m_inputSquares, times);
    return input > 0 ? 1 - spread(m_residualSums, m_residualSquares, times) / input : nan;
}

}  // namespace saeception
