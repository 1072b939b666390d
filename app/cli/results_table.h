// SPDX-License-Identifier: GPL-3.0-or-later
// The tables that end a run or a sweep: the headline metrics, a column a cycle or a run, with changes and
// warnings.
#pragma once

#include "cycle/events.h"
#include "terminal.h"

#include <cstddef>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace saeception {

/// A row for each metric with a headline that some cycle has, a column a cycle with its change against the
/// first one and, where all columns then fit side by side, its 95 % interval; below, what resultWarnings()
/// finds and where all other metrics are. Blocks of columns follow one another where `style.columns` (0: no
/// limit) cannot hold all. Empty when there are no results.
std::string resultsTable(const std::map<int, MetricTable>& results, const ConsoleStyle& style);

/// The same rows for several named runs side by side, each with the metrics of its last cycle; changes are
/// against column `reference`, whose heading is marked. A run without metrics shows "–". Empty when no run
/// has any.
std::string comparisonTable(const std::vector<std::pair<std::string, MetricTable>>& columns,
                            std::size_t reference, const ConsoleStyle& style);

}  // namespace saeception
