// SPDX-License-Identifier: GPL-3.0-or-later
// What --estimate prints: a line a stage with its time and memory, then all of it, then what it rests on.
#pragma once

#include "cycle/estimate.h"
#include "terminal.h"

#include <string>

namespace saeception {

std::string estimateTable(const RunEstimate& estimate, const ConsoleStyle& style);

/// "2 min 10 s, 412 MB of memory, 124 MB on disk".
std::string estimateLine(const RunEstimate& estimate);

}  // namespace saeception
