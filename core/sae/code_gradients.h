// SPDX-License-Identifier: GPL-3.0-or-later
// Decoding a code and carrying gradients back through it: by active features while the code is sparse, by
// matrix products, a block of rows at a time, while most of it is active (early in L1 and JumpReLU training).
#pragma once

#include "base/torch_headers.h"
#include "sae/sparse_code.h"

namespace saeception {

/// x^ = z D (+ bias, if defined). decoder [features, d], bias [d]; result [rows, d].
at::Tensor decodeCode(const SparseCode& code, const at::Tensor& decoder, const at::Tensor& bias);

/// Where gradients are added; feature-major.
struct CodeGradients {
    at::Tensor encoder;  ///< [features, d]
    at::Tensor decoder;  ///< [features, d]
    at::Tensor bias;     ///< [features], of the pre-activations
};

/// Adds the gradients of a loss whose gradient for the reconstruction is `outputGradient` [rows, d], and for
/// every active feature's activation is `activationGradient` besides. `input` [rows, d] is what the encoder
/// multiplies; inactive features get none.
void backpropagateCode(const SparseCode& code, const at::Tensor& input, const at::Tensor& outputGradient,
                       const at::Tensor& decoder, float activationGradient, const CodeGradients& gradients);

/// Sum of squares of all elements of `rows` [n, d] float32, in double, row by row.
double totalSquares(const at::Tensor& rows);

}  // namespace saeception
