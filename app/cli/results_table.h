// SPDX-License-Identifier: GPL-3.0-or-later
// The table that ends a run: a row a metric, a column a cycle, each with its change against the first.
#pragma once

#include "cycle/events.h"
#include "terminal.h"

#include <map>
#include <string>

namespace saeception {

/// Rows follow metricInfos() without its details; metrics that no cycle has are left out. `results` is per
/// cycle. Blocks of columns follow one another where `style.columns` (0: no limit) cannot hold all. Empty
/// when there are no results.
std::string resultsTable(const std::map<int, MetricTable>& results, const ConsoleStyle& style);

}  // namespace saeception
