// SPDX-License-Identifier: GPL-3.0-or-later
// `saeception train_baseline`, `train_sae`, `evaluate`, `train_auxiliary` and `train_cycle`: a stage or the
// whole loop, shown on the console, stopped cleanly by Ctrl-C.
#include "base/error.h"
#include "command.h"
#include "cycle/results_file.h"
#include "cycle/resume_plan.h"
#include "cycle/stage_commands.h"
#include "results_table.h"
#include "run_job.h"

#include <csignal>
#include <cstdio>

namespace saeception {
namespace {

// "model of cycle 0, SAE of cycle 0, results of cycle 0": what a stopped run leaves behind for good.
std::string savedArtefacts(const RunDirectory& directory) {
    std::string list;
    const auto add = [&](const std::filesystem::path& file, const char* what, int cycle) {
        std::error_code code;
        if (std::filesystem::exists(file, code))
            list += fmt::format("{}{} of cycle {}", list.empty() ? "" : ", ", what, cycle);
    };
    for (int cycle = 0; cycle <= directory.lastCycle(); ++cycle) {
        add(directory.model(cycle), "model", cycle);
        add(directory.sae(cycle), "SAE", cycle);
        add(directory.resultsJson(cycle), "results", cycle);
        add(directory.features(cycle), "features", cycle);
    }
    return list.empty() ? "no checkpoint yet" : list;
}

// A cycle is read beside those before it, also where an earlier command evaluated them.
void addEarlierResults(std::map<int, MetricTable>& results, const RunDirectory& run) {
    if (results.empty())
        return;
    for (int cycle = results.begin()->first - 1; cycle >= 0; --cycle) {
        try {
            std::error_code code;
            if (std::filesystem::exists(run.resultsJson(cycle), code))
                results[cycle] = loadResults(run, cycle);
        } catch (const UserError& error) {
            std::fprintf(stderr, "saeception: warning: %s\n", error.what());
        }
    }
}

// Tells, on the last line, how to go on with a loop that was left unfinished.
void tellHowToGoOn(std::string_view command, const RunDirectory& run, const char* words) {
    if (command == "train_cycle" && resumePoint(run))
        std::fprintf(stderr, "saeception: %s: %s\n", words, resumeCommand(run).c_str());
}

JobResult runAsked(const char* name, const CommandLine& line, const StopSignals& signals,
                   const ConsoleStyle& style) {
    if (const auto resumed = line.values.find("--resume"); resumed != line.values.end())
        return runPlan(planResume(resumed->second, line.words), signals, style);
    return runJob(name, composeRequest(line, line.words), signals, style);
}

int runStage(const char* name, const CommandLine& line) {
    // A viewer that goes away (saeception ... | head) must not take the training with it.
    std::signal(SIGPIPE, SIG_IGN);
    StopSignals signals;
    const ConsoleStyle style = consoleStyle(stdout);
    JobResult result;
    try {
        result = runAsked(name, line, signals, style);
    } catch (const NothingLeft& nothing) {
        std::printf("%s\n", nothing.what());
        return exitDone;
    } catch (const JobFailed& failed) {
        std::fflush(stdout);
        std::fprintf(stderr, "saeception: %s\n", oneLine(failed.what()).c_str());
        tellHowToGoOn(name, RunDirectory::at(failed.directory()), "once that is mended, go on with");
        return exitFailed;
    }
    const RunDirectory run = RunDirectory::open(result.directory);
    const std::string folder = run.root().string();
    addEarlierResults(result.outcome.results, run);
    ConsoleStyle tableStyle = style;
    if (style.rewriting)
        tableStyle.columns = terminalColumns(stdout);
    if (const std::string table = resultsTable(result.outcome.results, tableStyle); !table.empty())
        std::printf("\n%s", table.c_str());
    if (result.outcome.stopped) {
        std::fflush(stdout);
        std::fprintf(stderr, "saeception: stopped; %s holds %s\n", folder.c_str(),
                     savedArtefacts(run).c_str());
        tellHowToGoOn(name, run, "go on with");
        return exitSignal + signals.received();
    }
    const StageCommand& command = stageCommand(name);
    const std::string next = nextCommand(command, result.config, run);
    std::printf("\n");
    if (!next.empty())
        for (const Artefact& artefact : command.makes(result.config))
            std::printf("Made %s\n", artefactName(artefact).c_str());
    std::printf("Run folder: %s\n", folder.c_str());
    if (!next.empty())
        std::printf("Next: %s\n", next.c_str());
    return exitDone;
}

}  // namespace

int runTrainBaseline(const CommandLine& line) {
    return runStage("train_baseline", line);
}
int runTrainSae(const CommandLine& line) {
    return runStage("train_sae", line);
}
int runEvaluate(const CommandLine& line) {
    return runStage("evaluate", line);
}
int runTrainAuxiliary(const CommandLine& line) {
    return runStage("train_auxiliary", line);
}
int runBuildFeatures(const CommandLine& line) {
    return runStage("features", line);
}
int runTrainCycle(const CommandLine& line) {
    return runStage("train_cycle", line);
}

}  // namespace saeception
