// SPDX-License-Identifier: GPL-3.0-or-later
// A cycle's metrics on disk: JSON for people and scripts, `.pt` for Python.
#pragma once

#include "cycle/events.h"
#include "cycle/run_directory.h"

namespace saeception {

/// Writes results_cycle_N.json and results_cycle_N.pt. Values that are not finite are null in JSON.
void saveResults(const RunDirectory& directory, int cycle, const MetricTable& metrics);

/// The metrics of results_cycle_N.json, null as NaN. @throws UserError naming the file.
MetricTable loadResults(const RunDirectory& directory, int cycle);

}  // namespace saeception
