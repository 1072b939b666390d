// SPDX-License-Identifier: GPL-3.0-or-later
// A sweep before its first job: every job composed and its inputs looked for, the folder taken, what was
// asked for written down. One way for the command line and the window. Torch-free.
#pragma once

#include "config/compose.h"
#include "config/sweep.h"

#include <cstddef>
#include <filesystem>
#include <stop_token>
#include <string>
#include <vector>

namespace saeception {

/// Where a sweep goes, and which folder in it each job gets.
struct SweepPlace {
    std::string directory;
    bool isNamed = false;                     ///< by hydra.sweep.dir, and not by date and time
    std::vector<std::filesystem::path> jobs;  ///< relative to `directory`
};

/// A sweep whose jobs may start.
struct PreparedSweep {
    std::filesystem::path folder;
    /// Each with the folder that was taken (hydra.sweep.dir) as its last override.
    std::vector<SweepJob> jobs;
    std::vector<std::filesystem::path> directories;  ///< of each job
    ComposeRequest request;                          ///< of all: its time is set, its overrides as typed
};

/// `request` for one job of a sweep.
ComposeRequest jobRequest(const ComposeRequest& request, const SweepJob& job, std::size_t number);

/// "#0 : sae.k=25 seed=1".
std::string jobHeading(const SweepJob& job, std::size_t number);

/// Composes every job of `sweep` and looks for its inputs; nothing is made.
/// @throws UserError naming the job, Cancelled
SweepPlace placeSweep(const std::string& command, ComposeRequest request, const SweepPlan& sweep,
                      const std::stop_token& stop = {});

/// Plans and checks the sweep that `request` asks for, then takes its folder (multirun/DATE/TIME, with a
/// suffix if that second is taken, or hydra.sweep.dir, which must be new or empty) and writes multirun.yaml
/// there. @throws UserError for what is wrong with any of the jobs, before anything is made; Cancelled
PreparedSweep prepareSweep(const std::string& command, ComposeRequest request,
                           const std::stop_token& stop = {});

}  // namespace saeception
