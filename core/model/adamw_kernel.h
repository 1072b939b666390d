// SPDX-License-Identifier: GPL-3.0-or-later
// The inner loops of AdamW: each reads and writes every array once. Element-wise, so the vector width does
// not change a bit.
#pragma once

#include <cstdint>

namespace saeception {

/// The numbers of one step that are the same for all elements of a parameter. Order of operations is
/// PyTorch's.
struct AdamWStep {
    float decay = 1;  ///< 1 - learningRate * weightDecay
    float beta1 = 0;
    float oneMinusBeta1 = 0;
    float beta2 = 0;
    float oneMinusBeta2 = 0;
    float stepSize = 0;          ///< learningRate / (1 - beta1^t)
    float inverseRootBias2 = 1;  ///< 1 / sqrt(1 - beta2^t)
    float epsilon = 0;
    float gradientScale = 1;  ///< of clipping
};

/// p, m, v [count] advance by one step with the gradient g [count].
void adamWUpdate(const AdamWStep& step, const float* g, float* p, float* m, float* v, std::int64_t count);

/// The same with a gradient of zero.
void adamWUpdateWithoutGradient(const AdamWStep& step, float* p, float* m, float* v, std::int64_t count);

/// The same where the moments are still zero, too: only the decay is left.
void adamWDecay(const AdamWStep& step, float* p, std::int64_t count);

/// Sum of squares in double precision, in eight lanes of fixed order.
double sumOfSquares(const float* g, std::int64_t count);

}  // namespace saeception
