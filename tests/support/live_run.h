// SPDX-License-Identifier: GPL-3.0-or-later
// A run of two cycles with its models, autoencoders and indexes, made once for a test program.
#pragma once

#include "cycle/cycle_runner.h"
#include "support/tiny_loop.h"

namespace saeception::fixture {

/// Trains it in `root`, which takes a second.
inline void trainLiveRun(const std::filesystem::path& root, const std::vector<std::string>& more = {}) {
    Recorder events;
    CycleRunner(tinyLoop(root, more)).run(events, {});
}

inline void copyRun(const std::filesystem::path& from, const std::filesystem::path& to) {
    std::filesystem::copy(from, to, std::filesystem::copy_options::recursive);
}

}  // namespace saeception::fixture
