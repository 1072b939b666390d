// SPDX-License-Identifier: GPL-3.0-or-later
// Matrix products cut into tiles of fixed size, each computed by one thread: as fast as the BLAS library's
// own threads, but the same to the last bit for every number of them, which theirs are not.
#pragma once

#include "base/torch_headers.h"

namespace saeception {

/// out = rows weights^T (+ bias, if defined): rows [n, d], weights [features, d], bias [features], out [n,
/// features].
void multiplyTransposed(const at::Tensor& rows, const at::Tensor& weights, const at::Tensor& bias,
                        at::Tensor& out);

/// out = codes weights (+ bias, if defined): codes [n, features], weights [features, d], bias [d], out [n,
/// d].
void multiply(const at::Tensor& codes, const at::Tensor& weights, const at::Tensor& bias, at::Tensor& out);

/// out += codes^T rows: codes [n, features], rows [n, d], out [features, d].
void addOuterProducts(const at::Tensor& codes, const at::Tensor& rows, at::Tensor& out);

/// sum_i weights[i] rows[i]: rows [n, d] contiguous, weights [n]; result [d].
at::Tensor weightedRowSum(const at::Tensor& rows, const at::Tensor& weights);

}  // namespace saeception
