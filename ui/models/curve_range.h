// SPDX-License-Identifier: GPL-3.0-or-later
// How far a chart's axes have to reach to show its curves.
#pragma once

#include "ui/models/curve_series.h"

#include <span>

namespace saeception {

struct ValueRangeOptions {
    bool logarithmic = false;  ///< only values above 0 count
    /// From the 5th to the 95th percentile of all values (linear between order statistics), as TensorBoard's
    /// charts do. Of a curve longer than 65,536 points every k-th is taken, evenly: this chooses an axis, not
    /// what is drawn.
    bool ignoreOutliers = false;
};

/// Of the finite values of all `curves`, without margins; empty if none counts.
CurveExtent valueRange(std::span<const CurveSeries* const> curves, ValueRangeOptions options);

/// With room above and below: 8 % of the range, at least 2 % of its magnitude, so that a nearly constant
/// curve stays nearly flat. Values that are never negative keep 0 as their floor; logarithmic ranges widen by
/// a factor.
CurveExtent withMargin(const CurveExtent& range, bool logarithmic);

}  // namespace saeception
