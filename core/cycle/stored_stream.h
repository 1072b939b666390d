// SPDX-License-Identifier: GPL-3.0-or-later
// Stored activations as the residual stream of a batch, for what runs the rest of the model from them.
#pragma once

#include "base/torch_headers.h"
#include "data/batches.h"

namespace saeception {

/// The rows of `batch.examples` in `perToken` [tokens, d] as a padded stream [rows, columns, d]; pads are
/// zero and never read.
at::Tensor storedStream(const at::Tensor& perToken, const TokenizedSplit& split, const PaddedBatch& batch);

}  // namespace saeception
