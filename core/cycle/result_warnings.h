// SPDX-License-Identifier: GPL-3.0-or-later
// What a reader of the results must not overlook, in plain words. Torch-free.
#pragma once

#include "cycle/events.h"

#include <map>
#include <string>
#include <vector>

namespace saeception {

/// One or two sentences a finding, gravest first; a finding that several cycles share
/// is told once for all of them. The first entry of `results` (cycle 0 of a whole run) is what later ones are
/// compared with. Metrics that are absent give no finding.
std::vector<std::string> resultWarnings(const std::map<int, MetricTable>& results);

}  // namespace saeception
