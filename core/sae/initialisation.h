// SPDX-License-Identifier: GPL-3.0-or-later
// Starting points for autoencoders, from data and from a seed.
#pragma once

#include "base/torch_headers.h"

#include <cstdint>

namespace saeception {

/// The point with the least summed Euclidean distance to the rows of `sample` [n, d] (Weiszfeld's iteration);
/// [d].
at::Tensor geometricMedian(const at::Tensor& sample);

/// `count` directions drawn uniformly from the unit sphere; [count, size].
at::Tensor randomUnitRows(std::int64_t count, std::int64_t size, std::uint64_t seed);

/// The factor a that makes sum |a * reconstruction - target|^2 least; 1 for a reconstruction of zeros. Both
/// [n, d].
double leastSquaresScale(const at::Tensor& reconstruction, const at::Tensor& target);

}  // namespace saeception
