// SPDX-License-Identifier: GPL-3.0-or-later
#include "sae/initialisation.h"

#include "sae/code_gradients.h"
#include "sae/products.h"

#include <ATen/CPUGeneratorImpl.h>

namespace saeception {

at::Tensor geometricMedian(const at::Tensor& sample) {
    const at::NoGradGuard noGrad;
    at::Tensor median = sample.mean(0);
    constexpr int maxIterations = 100;
    for (int i = 0; i < maxIterations; ++i) {
        const at::Tensor weights = (sample - median).norm(2, 1).clamp_min(1e-6).reciprocal();
        const at::Tensor next = weightedRowSum(sample, weights) / weights.sum();
        const double moved = (next - median).norm().item<double>();
        median = next;
        if (moved <= 1e-5 * (median.norm().item<double>() + 1e-12))
            break;
    }
    return median;
}

at::Tensor randomUnitRows(std::int64_t count, std::int64_t size, std::uint64_t seed) {
    at::Generator generator = at::detail::createCPUGenerator(seed);
    const at::Tensor rows = at::empty({count, size}).normal_(0, 1, generator);
    return rows / rows.norm(2, at::IntArrayRef{1}, true).clamp_min(1e-12);
}

double leastSquaresScale(const at::Tensor& reconstruction, const at::Tensor& target) {
    const double power = totalSquares(reconstruction);
    // <r, t> = (|r|^2 + |t|^2 - |r - t|^2) / 2, all three summed in a fixed order.
    const double product = (power + totalSquares(target) - totalSquares(reconstruction - target)) / 2;
    return power > 0 ? product / power : 1;
}

}  // namespace saeception
