// SPDX-License-Identifier: GPL-3.0-or-later
// Whether a run still goes on, and how it ended: told from its log and from the processes that hold its
// files. Torch-free.
#pragma once

#include <cstdint>
#include <filesystem>
#include <set>
#include <string>
#include <string_view>
#include <utility>

namespace saeception {

/// Interrupted: it ended without a word, as after a crash or a power cut.
enum class RunStatus { Running, Done, Stopped, Failed, Interrupted };

/// "running", "done", "stopped", "failed", "interrupted".
std::string_view runStatusName(RunStatus status);

/// The metrics logs that processes of this machine hold open for writing at one moment. Advisory: processes
/// of other users and of other machines are not seen.
class RunWriters {
public:
    /// Nobody writes.
    RunWriters() = default;
    /// Looks through /proc: some 10 ms with a thousand processes.
    static RunWriters look();
    /// Whether a process that wrote into `root` would have been seen.
    bool couldSee(const std::filesystem::path& root) const;

    /// Whether the metrics.jsonl of the run in `root` was held.
    bool holds(const std::filesystem::path& root) const;

private:
    std::set<std::pair<std::uint64_t, std::uint64_t>> m_files;  ///< (device, inode)
    bool m_hasProcesses = true;                                 ///< there is a /proc
};

struct RunEnding {
    RunStatus status = RunStatus::Interrupted;
    std::string message;  ///< why it failed, in one line; else empty
};

/// What the run's files say, newest evidence first:
///   Running      a process holds metrics.jsonl
///   Done, Stopped, Failed   the last word of the newest log in the folder
///   Running      written within ten minutes where a writer could not be seen: files of another user or on a
///                network file system
///   Done         everything that the last of `cycles` cycles leaves is there
///   Interrupted  otherwise
RunEnding runEnding(const std::filesystem::path& root, int cycles, const RunWriters& writers);

/// Up to `bytes` of the end of `file`, from the start of a line; empty where it cannot be read.
std::string readTail(const std::filesystem::path& file, std::size_t bytes);

}  // namespace saeception
