// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/adamw_kernel.h"

#include "model/simd.h"

#include <cmath>

namespace saeception {

SAECEPTION_VECTORISED void adamWUpdate(const AdamWStep& stepNumbers, const float* __restrict g,
                                       float* __restrict p, float* __restrict m, float* __restrict v,
                                       std::int64_t count) {
    const AdamWStep step = stepNumbers;
    for (std::int64_t i = 0; i < count; ++i) {
        const float gradient = g[i] * step.gradientScale;
        const float first = step.beta1 * m[i] + step.oneMinusBeta1 * gradient;
        const float second = step.beta2 * v[i] + step.oneMinusBeta2 * gradient * gradient;
        const float root = std::sqrt(second) * step.inverseRootBias2 + step.epsilon;
        m[i] = first;
        v[i] = second;
        p[i] = p[i] * step.decay - step.stepSize * (first / root);
    }
}

SAECEPTION_VECTORISED void adamWUpdateWithoutGradient(const AdamWStep& stepNumbers, float* __restrict p,
                                                      float* __restrict m, float* __restrict v,
                                                      std::int64_t count) {
    const AdamWStep step = stepNumbers;
    for (std::int64_t i = 0; i < count; ++i) {
        const float first = step.beta1 * m[i];
        const float second = step.beta2 * v[i];
        const float root = std::sqrt(second) * step.inverseRootBias2 + step.epsilon;
        m[i] = first;
        v[i] = second;
        p[i] = p[i] * step.decay - step.stepSize * (first / root);
    }
}

SAECEPTION_VECTORISED void adamWDecay(const AdamWStep& stepNumbers, float* __restrict p, std::int64_t count) {
    const float decay = stepNumbers.decay;
    for (std::int64_t i = 0; i < count; ++i)
        p[i] *= decay;
}

SAECEPTION_VECTORISED double sumOfSquares(const float* g, std::int64_t count) {
    constexpr std::int64_t lanes = 8;
    double sums[lanes] = {};
    std::int64_t i = 0;
    for (; i + lanes <= count; i += lanes)
        for (std::int64_t lane = 0; lane < lanes; ++lane)
            sums[lane] += static_cast<double>(g[i + lane]) * static_cast<double>(g[i + lane]);
    for (; i < count; ++i)
        sums[i % lanes] += static_cast<double>(g[i]) * static_cast<double>(g[i]);
    double total = 0;
    for (const double sum : sums)
        total += sum;
    return total;
}

}  // namespace saeception
