// SPDX-License-Identifier: GPL-3.0-or-later
#include "estimate_command.h"

#include "base/error.h"
#include "base/format_text.h"
#include "base/logging.h"
#include "config/sweep.h"
#include "cycle/estimate.h"
#include "cycle/resume_plan.h"
#include "cycle/sweep_launch.h"
#include "estimate_table.h"
#include "multirun.h"
#include "run_job.h"
#include "stop_signals.h"
#include "terminal.h"

#include <algorithm>
#include <cstdio>

namespace saeception {
namespace {

void estimateJob(const JobPlan& plan, const StopSignals& signals) {
    if (!plan.reason.empty())
        std::printf("Working in %s, %s\n", plan.composition.runDir.c_str(), plan.reason.c_str());
    ConsoleStyle style = consoleStyle(stdout);
    if (style.rewriting)
        style.columns = terminalColumns(stdout);
    std::printf("%s", estimateTable(estimateRun(plan, signals.token()), style).c_str());
}

void estimateSweep(const CommandLine& line, const StopSignals& signals) {
    const ComposeRequest request = composeRequest(line, line.words);
    const SweepPlan sweep = planSweep(request, line.multirun);
    RunEstimate all;
    for (std::size_t number = 0; number < sweep.jobs.size(); ++number) {
        const SweepJob& job = sweep.jobs[number];
        const RunEstimate one =
            estimateRun(planJob(line.command, jobRequest(request, job, number)), signals.token());
        std::printf("%s\n  %s\n", jobHeading(job, number).c_str(), estimateLine(one).c_str());
        std::fflush(stdout);
        all.seconds += one.seconds;
        all.memoryBytes = std::max(all.memoryBytes, one.memoryBytes);
        all.diskBytes += one.diskBytes;
        all.calibrationSeconds += one.calibrationSeconds;
        all.uncertaintyPct = std::max(all.uncertaintyPct, one.uncertaintyPct);
    }
    std::printf("\nAll %zu jobs: %s\n", sweep.jobs.size(), estimateLine(all).c_str());
    std::printf("From %s of calibration on this machine; expect +/-%d %%.\n",
                formatDuration(all.calibrationSeconds).c_str(), all.uncertaintyPct);
}

}  // namespace

int estimateCommand(const CommandLine& line) {
    routeLogging();
    const StopSignals signals;
    try {
        if (const auto resumed = line.values.find("--resume"); resumed != line.values.end())
            estimateJob(planResume(resumed->second, line.words), signals);
        else if (wantsMultirun(line))
            estimateSweep(line, signals);
        else
            estimateJob(planJob(line.command, composeRequest(line, line.words)), signals);
    } catch (const NothingLeft& nothing) {
        std::printf("%s\n", nothing.what());
    } catch (const Cancelled&) {
        std::fflush(stdout);
        std::fprintf(stderr, "saeception: stopped\n");
        return exitSignal + signals.received();
    }
    return exitDone;
}

}  // namespace saeception
