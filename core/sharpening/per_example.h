// SPDX-License-Identifier: GPL-3.0-or-later
// The per_example strategy: each example keeps only its own most active features.
#pragma once

#include "sae/sparse_code.h"

namespace saeception {

/// `code` with at most max(1, floor(features * topKPct / 100)) entries a row: those with the largest
/// activations, ties going to the lower feature. Rows keep the order of their entries.
SparseCode keepStrongest(const SparseCode& code, double topKPct);

}  // namespace saeception
