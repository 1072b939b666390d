// SPDX-License-Identifier: GPL-3.0-or-later
// The process's log (spdlog's default logger) and the log file of one run.
#pragma once

#include <filesystem>

namespace saeception {

/// Log lines go to the logs that are open and nowhere else; spdlog alone would print them between a command's
/// own lines.
void routeLogging();

/// Sends log lines of warning level and above to stderr. Called once by each program's main.
void initialiseLogging();

/// While alive, every log line of this process also goes to `file` (appended). @throws UserError if it cannot
/// be opened.
class RunLog {
public:
    explicit RunLog(const std::filesystem::path& file);
    ~RunLog();
    RunLog(const RunLog&) = delete;
    RunLog& operator=(const RunLog&) = delete;

private:
    struct Impl;
    Impl* m_impl;
};

}  // namespace saeception
