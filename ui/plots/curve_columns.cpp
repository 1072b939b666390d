// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/curve_columns.h"

namespace saeception {

void columnStarts(const CurveSeries& series, CurveAxis axis, double lower, double upper, int columns,
                  std::vector<std::size_t>& starts) {
    starts.resize(static_cast<std::size_t>(columns) + 1);
    std::size_t at = 0;
    for (int column = 0; column <= columns; ++column) {
        at = series.lowerBound(axis, lower + (upper - lower) * column / columns, at);
        starts[static_cast<std::size_t>(column)] = at;
    }
}

}  // namespace saeception
