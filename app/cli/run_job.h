// SPDX-License-Identifier: GPL-3.0-or-later
// One job: a composed experiment run with its progress on the console. A single run is one job, a sweep
// several.
#pragma once

#include "config/compose.h"
#include "cycle/cycle_runner.h"
#include "stop_signals.h"
#include "terminal.h"

#include <filesystem>
#include <string>

namespace saeception {

struct JobResult {
    RunOutcome outcome;
    std::filesystem::path directory;  ///< the run's folder
};

/// Runs `command` ("train_cycle", ...) as `composition` asks. Inputs are checked before a folder is made.
/// @throws UserError
JobResult runJob(const std::string& command, Composition composition, const StopSignals& signals,
                 const ConsoleStyle& style);

}  // namespace saeception
