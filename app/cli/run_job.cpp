// SPDX-License-Identifier: GPL-3.0-or-later
#include "run_job.h"

#include "base/error.h"
#include "console_sink.h"
#include "data/dataset.h"

namespace saeception {

JobResult runJob(const std::string& command, Composition composition, const StopSignals& signals,
                 const ConsoleStyle& style) {
    if (command != "train_cycle")
        fail("there is no command {}", command);
    checkInputFiles(composition.config);
    RunDirectory directory = RunDirectory::create(composition.outputDir(), composition.runDir);
    CycleRunner runner(std::move(composition), std::move(directory));
    ConsoleSink sink(stdout, style);
    RunOutcome outcome = runner.run(sink, signals.token());
    return {std::move(outcome), runner.directory().root()};
}

}  // namespace saeception
