// SPDX-License-Identifier: GPL-3.0-or-later
// Runs the whole loop of one experiment on the calling thread: the face that the command line and the window
// share. No torch here.
#pragma once

#include "config/compose.h"
#include "cycle/events.h"
#include "cycle/run_directory.h"

#include <map>
#include <stop_token>

namespace saeception {

struct RunOutcome {
    bool stopped = false;                ///< true: ended on request; what was done is saved
    std::map<int, MetricTable> results;  ///< per evaluated cycle
};

class CycleRunner {
public:
    /// `directory` must be fresh; .hydra/ is written on construction of the run, before any stage.
    CycleRunner(Composition composition, RunDirectory directory);

    /// Prepares the data, then for each cycle trains (baseline or auxiliary), extracts, trains the SAE,
    /// evaluates and indexes. Sends every event to `sink` (and to metrics.jsonl, the TensorBoard file and the
    /// log of the run), the terminal one last. The calling thread does all the work (with `threads` intra-op
    /// threads). @throws UserError after RunFailed was sent.
    RunOutcome run(EventSink& sink, const std::stop_token& stop);

    const RunDirectory& directory() const { return m_directory; }

private:
    Composition m_composition;
    RunDirectory m_directory;
};

}  // namespace saeception
