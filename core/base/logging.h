// SPDX-License-Identifier: GPL-3.0-or-later
// The process's log (spdlog's default logger), the log file of one run and a tap for whoever shows the lines.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace saeception {

/// Log lines go to the logs that are open and nowhere else; spdlog alone would print them between a command's
/// own lines.
void routeLogging();

/// Sends log lines of warning level and above to stderr. Called once by each program's main.
void initialiseLogging();

/// While alive, every line logged on the thread that made it also goes to `file` (appended): runs that work
/// at the same time, each on its own thread, keep their lines apart. @throws UserError if it cannot be
/// opened.
class RunLog {
public:
    explicit RunLog(const std::filesystem::path& file);
    ~RunLog();
    RunLog(const RunLog&) = delete;
    RunLog& operator=(const RunLog&) = delete;

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

enum class LogLevel { Trace, Debug, Info, Warning, Error, Critical };

/// "trace", "debug", "info", "warning", "error" or "critical".
std::string_view logLevelName(LogLevel level);

struct LogLine {
    double time = 0;  ///< seconds since the Unix epoch
    LogLevel level = LogLevel::Info;
    std::string run;  ///< folder of the run whose thread logged it; empty when none is open there
    std::string text;
};

/// While alive, passes every line of this process at info level and above to `receive`, on the thread that
/// logs it, one line at a time; none after the destructor has returned. What `receive` throws or logs itself
/// is dropped. It must return soon, and must neither make nor destroy a LogTap or a RunLog.
class LogTap {
public:
    using Receiver = std::function<void(const LogLine&)>;

    explicit LogTap(Receiver receive);
    ~LogTap();
    LogTap(const LogTap&) = delete;
    LogTap& operator=(const LogTap&) = delete;

private:
    const std::shared_ptr<const Receiver> m_receive;
};

}  // namespace saeception
