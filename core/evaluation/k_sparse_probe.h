// SPDX-License-Identifier: GPL-3.0-or-later
// k-sparse probes: what a handful of features say about the class (Gurnee et al. 2023).
#pragma once

#include "base/step_control.h"
#include "evaluation/probe.h"

#include <cstdint>
#include <span>
#include <vector>

namespace saeception {

/// max_c |mean activation over class c - mean over all other rows| of every column, [columns]: for two
/// classes the difference of their means. 0 where there is one class only.
std::vector<double> meanDifferences(const RowMatrix& rows, std::span<const std::int32_t> labels);

/// The `count` columns (or all) with the largest meanDifferences(), largest first; of equal ones (to float
/// precision) the lowest first.
std::vector<std::int32_t> mostDifferentColumns(const RowMatrix& rows, std::span<const std::int32_t> labels,
                                               int count);

/// A linear probe that sees its own columns only.
struct KSparseProbe {
    std::vector<std::int32_t> columns;
    LinearProbe probe;

    std::vector<std::int32_t> predict(const RowMatrix& rows) const {
        return probe.predict(rows.selectColumns(columns));
    }
};

/// One probe for each of `sizes` (k >= 1): columns by mostDifferentColumns() on these rows, then fitProbe()
/// on them alone. @throws Cancelled
std::vector<KSparseProbe> fitKSparseProbes(const RowMatrix& rows, std::span<const std::int32_t> labels,
                                           std::span<const int> sizes, const ProbeOptions& options = {},
                                           const StepControl& steps = {});

}  // namespace saeception
