// SPDX-License-Identifier: GPL-3.0-or-later
// One job: a command on a composed experiment, with its progress on the console. A single run is one job, a
// sweep several.
#pragma once

#include "base/error.h"
#include "command.h"
#include "config/compose.h"
#include "cycle/cycle_runner.h"
#include "stop_signals.h"
#include "terminal.h"

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace saeception {

struct JobResult {
    RunOutcome outcome;
    std::filesystem::path directory;  ///< the run's folder
    ExperimentConfig config;          ///< as the job was run
};

/// What the flags of `line` and these overrides ask to be composed.
ComposeRequest composeRequest(const CommandLine& line, std::vector<std::string> overrides);

/// The run's folder, beside why the job failed once it had one.
class JobFailed : public UserError {
public:
    JobFailed(const std::string& message, std::filesystem::path folder)
        : UserError(message), m_directory(std::move(folder)) {}
    const std::filesystem::path& directory() const { return m_directory; }

private:
    std::filesystem::path m_directory;
};

/// Runs `command` (a name of stageCommands()) as `request` asks: planned, its inputs checked before a folder
/// is made. Tells on stdout which run was chosen where nobody named one. @throws UserError, JobFailed
JobResult runJob(const std::string& command, ComposeRequest request, const StopSignals& signals,
                 const ConsoleStyle& style);
/// The same for what is planned already.
JobResult runPlan(JobPlan plan, const StopSignals& signals, const ConsoleStyle& style);

}  // namespace saeception
