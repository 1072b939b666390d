// SPDX-License-Identifier: GPL-3.0-or-later
// What a run's metrics.jsonl tells of each stage: when it began and ended, and how its latest epoch came out.
#pragma once

#include "cycle/events.h"

#include <filesystem>
#include <map>
#include <stop_token>
#include <utility>

namespace saeception {

/// Times are seconds since the Unix epoch, 0 where the log does not tell.
struct StageHistory {
    double started = 0;        ///< when it was begun for the last time
    double finished = 0;       ///< when it came to its end for the last time
    double finishedStart = 0;  ///< when the pass began that came to that end
    double seconds = -1;       ///< how long that pass took, pauses left out; negative: unknown
    bool open = false;         ///< begun again, or for the first time, since it came to its end
    int epoch = 0;             ///< of the latest pass; 0: none came to its end
    int epochs = 0;
    MetricTable metrics;  ///< of that epoch

    bool operator==(const StageHistory&) const = default;
};

using StageHistories = std::map<std::pair<int, Stage>, StageHistory>;  ///< by cycle and stage

/// Reads the file; the run may still be writing it. Lines that cannot be read, and an absent file, tell
/// nothing. @throws Cancelled once `stop` has been requested
StageHistories readStageHistory(const std::filesystem::path& metricsLog, const std::stop_token& stop = {});

}  // namespace saeception
