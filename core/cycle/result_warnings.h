// SPDX-License-Identifier: GPL-3.0-or-later
// What a reader of the results must not overlook, in plain words. Torch-free.
#pragma once

#include "cycle/events.h"

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace saeception {

/// The accuracy that zeroing the target layer must cost for the share of it that a reconstruction recovers to
/// mean anything.
inline constexpr double leastAblationGap = 0.05;

/// One or two sentences a finding, gravest first; a finding that several cycles share
/// is told once for all of them. The first entry of `results` (cycle 0 of a whole run) is what later ones are
/// compared with. Metrics that are absent give no finding.
std::vector<std::string> resultWarnings(const std::map<int, MetricTable>& results);

/// The same for named runs side by side, compared with runs[reference].
std::vector<std::string> resultWarnings(const std::vector<std::pair<std::string, MetricTable>>& runs,
                                        std::size_t reference);

}  // namespace saeception
