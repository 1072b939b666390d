// SPDX-License-Identifier: GPL-3.0-or-later
// Which features fire on the same tokens. Torch-free.
#pragma once

#include "base/step_control.h"
#include "sae/sparse_code.h"

#include <cstdint>
#include <vector>

namespace saeception {

inline constexpr int companionCount = 10;
/// Fewer tokens in common than this are no company.
inline constexpr int leastTogether = 3;

/// A feature that fires where another does.
struct Companion {
    std::int32_t feature = -1;
    float jaccard = 0;  ///< tokens on which both fire over those on which either does, 0..1
    float share = 0;    ///< of the tokens on which the other fires, where this one does too, 0..1
};

/// Rows (tokens) of a code by feature.
struct RowsByFeature {
    std::vector<std::int64_t> offsets;  ///< [features + 1]
    std::vector<std::int32_t> rows;     ///< ascending within a feature
    std::vector<float> values;

    std::int64_t count(std::int64_t feature) const {
        return offsets[static_cast<std::size_t>(feature) + 1] - offsets[static_cast<std::size_t>(feature)];
    }
};
RowsByFeature rowsByFeature(const SparseCode& code);

/// Of every feature up to companionCount others, the largest Jaccard index first, ties by number. @throws
/// Cancelled
std::vector<std::vector<Companion>> companions(const SparseCode& code, const StepControl& steps = {});

}  // namespace saeception
