// SPDX-License-Identifier: GPL-3.0-or-later
#include "run_job.h"

#include "base/install_paths.h"
#include "console_sink.h"

#include <cstdio>

namespace saeception {

ComposeRequest composeRequest(const CommandLine& line, std::vector<std::string> overrides) {
    ComposeRequest request;
    request.overrides = std::move(overrides);
    request.jobName = line.command;
    if (line.configName)
        request.configName = *line.configName;
    // A folder of one's own comes first, so that it can replace files as well as add to them.
    if (line.configDir)
        request.configDirs = {*line.configDir, dataDirectory("configs")};
    return request;
}

JobResult runJob(const std::string& command, ComposeRequest request, const StopSignals& signals,
                 const ConsoleStyle& style) {
    JobPlan plan = planJob(command, std::move(request));
    checkInputs(plan);
    if (!plan.reason.empty())
        std::printf("Working in %s, %s\n", plan.composition.runDir.c_str(), plan.reason.c_str());
    JobResult result;
    result.config = plan.composition.config;
    CycleRunner runner(std::move(plan));
    result.directory = runner.directory().root();
    ConsoleSink sink(stdout, style);
    result.outcome = runner.run(sink, signals.token());
    return result;
}

}  // namespace saeception
