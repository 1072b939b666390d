// SPDX-License-Identifier: GPL-3.0-or-later
// The runs of this machine's folders: finding them, and what each folder holds as far as it can be read.
// Torch-free; nothing here writes.
#pragma once

#include "cycle/events.h"
#include "cycle/run_notes.h"
#include "cycle/run_status.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

namespace saeception {

/// One run as a list shows it. What could not be read is absent here and told in `problems`.
struct RunSummary {
    std::filesystem::path root;  ///< absolute
    RunStatus status = RunStatus::Interrupted;
    std::string ending;      ///< why it failed, in one line; else empty
    std::string command;     ///< "train_cycle"
    std::string experiment;  ///< the chosen preset; empty where none was
    std::string model;
    std::string dataset;
    std::string version;             ///< of the program that wrote it
    double started = 0;              ///< seconds since the Unix epoch
    double lastWritten = 0;          ///< of its newest file
    int cyclesAsked = 0;             ///< cycles 0 .. cyclesAsked - 1; 0 where not known
    std::vector<int> cycles;         ///< evaluated ones, ascending
    std::optional<double> accuracy;  ///< the best validation accuracy of its evaluated cycles, 0..1
    int accuracyCycle = 0;           ///< the first cycle that reached it
    std::int64_t bytes = 0;          ///< of all its files
    RunNotes notes;
    std::vector<std::string> problems;  ///< one line each, gravest first

    bool operator==(const RunSummary&) const = default;
};

/// What stands for the run in words: its given name, else "2024-05-17 10-32-01" of a dated folder (with " #3"
/// for job 3 of a sweep), else the folder's name.
std::string runTitle(const std::filesystem::path& root, const RunNotes& notes);
inline std::string runTitle(const RunSummary& run) {
    return runTitle(run.root, run.notes);
}

/// Whether `folder` is a run or what is left of one: it has .hydra/config.yaml, metrics.jsonl or a checkpoint
/// of a cycle.
bool isRunFolder(const std::filesystem::path& folder);

/// Calls `visit` for each run below `top` (or for `top` itself), newest name first, and `pass` for each other
/// folder on the way. At most 6 folders deep and 20,000 folders in all; symbolic links, hidden folders and
/// the folders that a run itself makes are not entered. @throws Cancelled
void findRunFolders(const std::filesystem::path& top, const std::stop_token& stop,
                    const std::function<void(const std::filesystem::path&)>& visit,
                    const std::function<void(const std::filesystem::path&)>& pass = {});

/// Reads runs and remembers what it read: a folder without a changed file costs a walk over its files only.
/// Not for several threads at once.
class RunReader {
public:
    /// Never throws for what it finds in the folder. Empty when the folder is gone.
    std::optional<RunSummary> read(const std::filesystem::path& root, const RunWriters& writers);
    /// Forgets all runs but `kept`.
    void keepOnly(const std::vector<std::filesystem::path>& kept);

private:
    struct Known {
        std::uint64_t stamp = 0;
        RunSummary summary;
    };
    std::map<std::filesystem::path, Known> m_known;
};

/// Everything of a run that is compared with another.
struct RunContents {
    std::filesystem::path root;
    std::string title;
    std::map<int, MetricTable> results;                       ///< by cycle
    std::vector<std::pair<std::string, std::string>> config;  ///< dotted key -> value, in the file's order
    std::vector<std::string> problems;                        ///< what could not be read, one line each
};

/// Reads them from the folder, as far as they can be read; never throws for what it finds there.
RunContents readRunContents(const std::filesystem::path& root);

}  // namespace saeception
