// SPDX-License-Identifier: GPL-3.0-or-later
// Causal multi-head attention in one differentiable step, reading and writing the packed layout without
// transposing copies.
#pragma once

#include "base/torch_headers.h"
#include "model/dropout.h"

#include <cstdint>

namespace saeception {

/// softmax(q k' / sqrt(d / heads), causal) v (Vaswani et al. 2017). qkv [B, L, 3 d] float32, each token's q,
/// k, v side by side -> [B, L, d]. Attention probabilities are dropped out with probability p unless key ==
/// nullptr.
at::Tensor causalAttention(const at::Tensor& qkv, std::int64_t heads, double p, DropoutKey* key);

/// The same for one query a row: q [B, d] stands at position lengths - 1 of its row; keys and values kv [B,
/// L, 2 d]; lengths [B] int64, each in 1 .. L -> [B, d].
at::Tensor lastQueryAttention(const at::Tensor& q, const at::Tensor& kv, const at::Tensor& lengths,
                              std::int64_t heads, double p, DropoutKey* key);

}  // namespace saeception
