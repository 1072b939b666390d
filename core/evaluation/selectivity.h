// SPDX-License-Identifier: GPL-3.0-or-later
// What single features say about the class: CSI and U of every feature, over dense activations or sparse
// codes.
#pragma once

#include "base/torch_headers.h"
#include "evaluation/multiplicities.h"
#include "sae/sparse_code.h"

#include <cstdint>
#include <span>
#include <vector>

namespace saeception {

/// Per-feature values and their mean and standard deviation (of the population) over ALL features, those that
/// never fire included: both of theirs are 0 (all their class means are 0, and never firing says nothing
/// about the label).
struct Selectivity {
    std::vector<double>
        csi;  ///< [features], formula in selectivity_formulas.h; -1..1, 0..1 for activations >= 0
    std::vector<double> usefulness;  ///< [features], 0..1
    double csiMean = 0;
    double csiStd = 0;
    double usefulnessMean = 0;
    double usefulnessStd = 0;
};

/// activations: [rows, features] float32 (may be negative: a feature fires where it is above 0); labels:
/// [rows], 0 <= label < classes; each row counts `times`. Means are NaN for no features.
Selectivity selectivity(const at::Tensor& activations, std::span<const std::int32_t> labels, int classes,
                        Multiplicities times = {});
Selectivity selectivity(const SparseCode& code, std::span<const std::int32_t> labels, int classes,
                        Multiplicities times = {});

}  // namespace saeception
