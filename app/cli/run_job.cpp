// SPDX-License-Identifier: GPL-3.0-or-later
#include "run_job.h"

#include "base/install_paths.h"
#include "console_sink.h"
#include "cycle/resume_plan.h"

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
    return runPlan(planJob(command, std::move(request)), signals, style);
}

JobResult runPlan(JobPlan plan, const StopSignals& signals, const ConsoleStyle& style) {
    checkInputs(plan);
    if (!plan.reason.empty())
        std::printf("Working in %s, %s\n", plan.composition.runDir.c_str(), plan.reason.c_str());
    if (plan.resumes)
        std::printf("Going on in %s with %s, from the start of that stage\n", plan.composition.runDir.c_str(),
                    resumeText(resumePoint(plan)).c_str());
    JobResult result;
    result.config = plan.composition.config;
    CycleRunner runner(std::move(plan));
    result.directory = runner.directory().root();
    ConsoleSink sink(stdout, style);
    try {
        result.outcome = runner.run(sink, signals.token());
    } catch (const UserError& error) {
        throw JobFailed(error.what(), result.directory);
    }
    return result;
}

}  // namespace saeception
