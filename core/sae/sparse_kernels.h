// SPDX-License-Identifier: GPL-3.0-or-later
// The memory-bound loops of a sparse SAE step: each reads only the rows of active features. Sums run in a
// fixed order, so that results do not depend on the number of threads.
#pragma once

#include "base/torch_headers.h"
#include "sae/sparse_code.h"

#include <cstdint>
#include <vector>

namespace saeception {

/// out[t] = sum_f z_tf decoder[f] (+ bias, if defined). decoder [features, d] float32 contiguous, bias [d];
/// result [rows, d].
at::Tensor sparseDecode(const SparseCode& code, const at::Tensor& decoder, const at::Tensor& bias);

/// g_tf = <gradient[t], decoder[f]> for every stored entry, in storage order. gradient [rows, d].
std::vector<float> sparseCodeGradient(const SparseCode& code, const at::Tensor& decoder,
                                      const at::Tensor& gradient);

/// The same entries ordered by feature: which row, and where its value lies in the row-ordered storage.
struct FeatureOrder {
    std::vector<std::int64_t> offsets;   ///< [features + 1]
    std::vector<std::int32_t> rows;      ///< row of each entry, ascending within a feature
    std::vector<std::int64_t> position;  ///< index of each entry in SparseCode::values
};
FeatureOrder orderByFeature(const SparseCode& code);

/// out[f] += sum_t weight_tf rows[t], for f in all features. weights in row-ordered storage; rows [n, d]; out
/// [features, d].
void accumulateByFeature(const FeatureOrder& order, const std::vector<float>& weights, const at::Tensor& rows,
                         at::Tensor& out);

/// out[f] += sum_t weight_tf. out [features].
void accumulateByFeature(const FeatureOrder& order, const std::vector<float>& weights, at::Tensor& out);

}  // namespace saeception
