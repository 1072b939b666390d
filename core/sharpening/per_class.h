// SPDX-License-Identifier: GPL-3.0-or-later
// The per_class strategy: a label's examples keep only the features that are most active for that label.
#pragma once

#include "sae/sparse_code.h"

#include <cstdint>
#include <span>
#include <vector>

namespace saeception {

/// For each label, the max(1, floor(features * topKPct / 100)) features with the largest mean activation over
/// that label's rows, ascending; ties go to the lower feature. Labels without rows keep nothing. labels:
/// [code.rows()], 0 .. classes - 1.
std::vector<std::vector<std::int32_t>> salientFeaturesPerClass(const SparseCode& code,
                                                               std::span<const std::int32_t> labels,
                                                               int classes, double topKPct);

/// `code` without the entries that are not salient for their row's label.
SparseCode keepSalient(const SparseCode& code, std::span<const std::int32_t> labels,
                       const std::vector<std::vector<std::int32_t>>& salient);

}  // namespace saeception
