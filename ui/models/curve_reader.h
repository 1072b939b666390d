// SPDX-License-Identifier: GPL-3.0-or-later
// The curves of a run's folder, read where the window does not wait for it.
#pragma once

#include "ui/models/curve_store.h"

#include <filesystem>
#include <stop_token>

namespace saeception {

struct CurvesRead {
    RunCurves curves;
    std::int64_t unreadable = 0;  ///< lines that were left out
};

/// Reads a metrics.jsonl; the run may still be writing it, or the file be absent (no curves then). Not for
/// the GUI thread: some 3 seconds a million lines. @throws Cancelled once `stop` has been requested
CurvesRead readRunCurves(const std::filesystem::path& metricsLog, const std::stop_token& stop = {});

}  // namespace saeception
