// SPDX-License-Identifier: GPL-3.0-or-later
// What a run's folder tells of its cycles, read where the window does not wait for it.
#pragma once

#include "cycle/run_library.h"
#include "cycle/stage_history.h"
#include "ui/models/cycle_nodes.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <stop_token>
#include <string>
#include <vector>

namespace saeception {

struct MapFile {
    std::filesystem::path path;
    std::int64_t bytes = 0;
    double modified = 0;  ///< seconds since the Unix epoch

    bool operator==(const MapFile&) const = default;
};

/// What running a stage by itself would come to.
struct StageOffer {
    std::string missing;             ///< why it cannot run, one line; empty: it can
    std::vector<Artefact> replaced;  ///< there already, and made anew
    std::vector<Artefact> stale;     ///< made from those, and left as it is

    bool operator==(const StageOffer&) const = default;
};

struct CycleMapContents {
    /// More cycles than these are not drawn.
    static constexpr int mostCycles = 200;

    std::filesystem::path root;
    bool found = false;  ///< the folder is there
    std::string title;
    RunStatus status = RunStatus::Interrupted;
    std::string ending;   ///< why it failed
    std::string command;  ///< that worked in the run last
    int cycles = 0;       ///< cycles 0 .. cycles - 1 were asked for or left something
    int cyclesAsked = 0;  ///< 0: not known
    bool fromBaseline = false;
    std::vector<std::string> overrides;  ///< as typed when the run was started, without its place
    StageHistories history;
    std::map<CycleNode, std::vector<MapFile>> files;  ///< of each artefact that is there
    std::map<int, MetricTable> results;
    std::map<CycleNode, StageOffer> offers;  ///< by stage, of those with a command of their own
    std::vector<std::string> problems;       ///< one line each
};

/// Reads as far as it can be read; never throws for what it finds there. @throws Cancelled
CycleMapContents readCycleMap(const std::filesystem::path& root, const std::stop_token& stop = {});

}  // namespace saeception
