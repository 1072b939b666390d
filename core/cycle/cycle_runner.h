// SPDX-License-Identifier: GPL-3.0-or-later
// Runs one command of an experiment, a single stage or the whole loop, on the calling thread: the face that
// the command line and the window share. No torch here.
#pragma once

#include "config/compose.h"
#include "cycle/events.h"
#include "cycle/job_plan.h"
#include "cycle/run_control.h"
#include "cycle/run_directory.h"

#include <map>

namespace saeception {

struct RunOutcome {
    bool stopped = false;                ///< true: ended on request; what was done is saved
    std::map<int, MetricTable> results;  ///< per cycle that was evaluated
};

class CycleRunner {
public:
    /// Opens the run that `plan` goes on with, or makes a fresh folder. @throws UserError
    explicit CycleRunner(JobPlan plan);
    /// The whole loop from cycle 0 in the fresh folder `directory`.
    CycleRunner(Composition composition, RunDirectory directory);

    /// Prepares the data, then runs the stages of the command. Sends every event to `sink` (and to
    /// metrics.jsonl, a TensorBoard file and <command>.log of the run), exactly one terminal one last. The
    /// calling thread does all the work (with `threads` intra-op threads). A fresh folder whose run could not
    /// even be prepared is removed again; an existing run is never, and its record .hydra/ is replaced only
    /// once the inputs are known to fit. @throws UserError after RunFailed was sent.
    RunOutcome run(EventSink& sink, const RunControl& control);

    const RunDirectory& directory() const { return m_directory; }

private:
    void runStagesWith(EventSink& sink, const RunControl& control, RunOutcome& outcome, bool& ready);
    void warnOfStale(EventSink& sink) const;

    JobPlan m_plan;
    RunDirectory m_directory;
};

}  // namespace saeception
