// SPDX-License-Identifier: GPL-3.0-or-later
// Changing features where the autoencoder reads the residual stream.
#pragma once

#include "base/torch_headers.h"
#include "cycle/live_model.h"
#include "sae/autoencoder.h"

#include <cstdint>
#include <span>

namespace saeception {

/// By how much each activation of `code` changes: entries new - old, those that stay left out. Row r is token
/// firstToken + r of a sentence.
SparseCode codeChange(const SparseCode& code, std::span<const FeatureEdit> edits, int firstToken = 0);

/// What a change of a code adds to the stream, [rows, d]: decode(code + change) - decode(code).
at::Tensor streamChange(const Autoencoder& sae, const SparseCode& change);

/// @throws UserError for a feature or token that does not exist, a value that is no number, or a feature that
/// is changed twice on one token. `tokens` -1: any
void checkEdits(std::span<const FeatureEdit> edits, std::int64_t features, std::int64_t tokens);

}  // namespace saeception
