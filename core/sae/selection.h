// SPDX-License-Identifier: GPL-3.0-or-later
// From dense pre-activations, a block of rows at a time, to sparse codes: what every autoencoder's encoder
// does.
#pragma once

#include "base/torch_headers.h"
#include "sae/sparse_code.h"

#include <cstdint>
#include <functional>

namespace saeception {

/// Rows whose dense pre-activations are held at once: few enough to stay in cache, many enough to feed the
/// matrix product.
inline constexpr std::int64_t rowsPerBlock = 512;

/// Calls visit(preActivations [rows, features], first row) for each block of `input` [n, d], with
/// preActivations = input encoder^T + bias; encoder [features, d], bias [features]. The tensor given is
/// overwritten by the next block.
void forEachPreActivationBlock(const at::Tensor& input, const at::Tensor& encoder, const at::Tensor& bias,
                               const std::function<void(const at::Tensor&, std::int64_t)>& visit);

/// Appends the `count` largest positive entries of each row; `names` maps columns to features (null: the
/// column itself).
void appendTop(const at::Tensor& preActivations, std::int64_t count, const std::int64_t* names,
               SparseCode& code);

/// Appends the entries above `threshold` of each row.
void appendAbove(const at::Tensor& preActivations, float threshold, SparseCode& code);
/// The same with a threshold for each feature, [features].
void appendAbove(const at::Tensor& preActivations, const at::Tensor& thresholds, SparseCode& code);
/// Appends those entries of each row that lie between `low` and `high`, [features] each, both left out.
void appendBetween(const at::Tensor& preActivations, const at::Tensor& low, const at::Tensor& high,
                   SparseCode& code);

/// Keeps the `count` largest entries of the whole code, of equal ones those stored first. @return the
/// smallest one kept; 0 when there were fewer than `count`, which are then all kept.
float keepLargest(SparseCode& code, std::int64_t count);

/// How many rows each feature is active in, added to `fires` [features].
void countFires(const SparseCode& code, std::vector<std::int32_t>& fires);

}  // namespace saeception
