// SPDX-License-Identifier: GPL-3.0-or-later
// The files of a run folder looked at from outside: how much, how new, whole or damaged. For what
// reads runs.
#pragma once

#include "cycle/artefacts.h"
#include "cycle/run_library.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace saeception {

struct RunFiles {
    std::int64_t bytes = 0;
    double newest = 0;        ///< seconds since the Unix epoch; notes are not counted
    std::uint64_t stamp = 1;  ///< changes with any file's name, size or time
};

/// Walks over all files of the run (20,000 entries at most); nested runs are not its own.
RunFiles walkRunFiles(const std::filesystem::path& root);

/// Cycles with a results_cycle_N.json, ascending.
std::vector<int> cyclesWithResults(const std::filesystem::path& root);
/// Whether there is any checkpoint or result of a cycle.
bool hasCheckpoints(const std::filesystem::path& root);

/// Of the first event, else of the configuration, else of the folder: seconds since the Unix epoch.
double startOfRun(const std::filesystem::path& root);

/// "0.10.1" is newer than "0.9"; text that is no version is not newer than anything.
bool isNewerVersion(std::string_view version, std::string_view than);

/// Whether the file of `artefact` is there and not cut short.
bool isWhole(const RunDirectory& run, const Artefact& artefact);

/// Adds to run.problems what is missing or damaged: of a run that goes on only what is damaged.
void checkRunFiles(RunSummary& run);

}  // namespace saeception
