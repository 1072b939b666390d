// SPDX-License-Identifier: GPL-3.0-or-later
// How long a job will take and how much memory and disk it needs, told before it runs from a short
// calibration. Torch-free.
#pragma once

#include "cycle/events.h"
#include "cycle/job_plan.h"
#include "cycle/run_control.h"

#include <cstdint>
#include <string>
#include <vector>

namespace saeception {

struct StageEstimate {
    Stage stage{};
    int cycle = 0;
    double seconds = 0;
    std::int64_t steps = 0;        ///< as StageStarted::totalSteps
    std::int64_t memoryBytes = 0;  ///< resident in this stage, the process itself included
};

struct RunEstimate {
    std::vector<StageEstimate> stages;  ///< in the order in which they run
    double seconds = 0;                 ///< of all
    std::int64_t memoryBytes = 0;       ///< peak resident, the process itself included
    std::int64_t mappedBytes = 0;       ///< of it, pages of the activation store, which the system may drop
    std::int64_t diskBytes = 0;         ///< left in the run folder
    std::int64_t cacheBytes = 0;        ///< of cache/ while it runs, at most; what is left is in diskBytes
    int cycles = 0;                     ///< that any stage works on
    double calibrationSeconds = 0;
    double otherCores = 0;     ///< cores' worth of work of others meanwhile: the times are of that machine
    int uncertaintyPct = 0;    ///< what the times may well be off by
    std::string sampled;       ///< what was counted in a sample only; empty: nothing
    std::string sizesUnknown;  ///< why the model's sizes are assumed; empty: they are known

    /// Whether the machine was busy enough with other work to slow the calibration.
    bool onBusyMachine() const;
};

/// Estimates what running `plan` takes: reads its data, makes model and autoencoder of its sizes from random
/// weights (checkpoints are not read), and times real steps of every kind of its stages: about 2 s of them
/// for small models, 8 s for GPT-2 small on two cores. The calling thread works as a run's would, on
/// `threads` of the configuration, else of `control`. Leaves no file and no log line.
/// @throws UserError for what keeps the job from running, in one line; Cancelled between two steps
RunEstimate estimateRun(const JobPlan& plan, const RunControl& control);

}  // namespace saeception
