// SPDX-License-Identifier: GPL-3.0-or-later
// Encoding many rows in pieces between which a stop is honoured.
#pragma once

#include "base/step_control.h"
#include "sae/autoencoder.h"

namespace saeception {

/// sae.encode(rows) for rows [n, input] of any n. @throws Cancelled
SparseCode encodeInBlocks(const Autoencoder& sae, const at::Tensor& rows, const StepControl& steps);

}  // namespace saeception
