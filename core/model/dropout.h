// SPDX-License-Identifier: GPL-3.0-or-later
// Stateless dropout: the mask is a hash of (key, element index), so it is recomputed in backward instead of
// being stored.
#pragma once

#include "base/torch_headers.h"

#include <cstdint>

namespace saeception {

/// Names one sequence of masks. Every use takes the next counter; equal keys give equal masks on any number
/// of threads.
struct DropoutKey {
    std::uint64_t seed = 0;
    std::uint64_t counter = 0;
    /// The 64-bit key of the next mask.
    std::uint64_t next();
};

/// x with each element zeroed with probability p and the others scaled by 1 / (1 - p). float32; any shape.
/// p = 0 or key == nullptr: x itself.
at::Tensor dropout(const at::Tensor& x, double p, DropoutKey* key);

/// residual + dropout(x): one pass. Same shapes, float32.
at::Tensor addDropout(const at::Tensor& residual, const at::Tensor& x, double p, DropoutKey* key);

/// out[i] = the factor of element `first + i` under `key`: 0 with probability p, else 1 / (1 - p).
void dropoutFactors(std::uint64_t key, double p, std::uint64_t first, float* out, std::int64_t count);

}  // namespace saeception
