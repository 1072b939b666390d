// SPDX-License-Identifier: GPL-3.0-or-later
// Which points of a curve fall into each column of pixels, so that a column can show the extent of all of
// them.
#pragma once

#include "ui/models/curve_series.h"

#include <vector>

namespace saeception {

/// Splits [lower, upper) of `axis` into `columns` equal parts. `starts` becomes columns + 1 indices: part c
/// holds the points [starts[c], starts[c + 1]), those whose x is at least lower + (upper - lower) c / columns
/// and less than the next part's. Costs O(columns log(points a column)).
void columnStarts(const CurveSeries& series, CurveAxis axis, double lower, double upper, int columns,
                  std::vector<std::size_t>& starts);

}  // namespace saeception
