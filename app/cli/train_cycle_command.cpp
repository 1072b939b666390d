// SPDX-License-Identifier: GPL-3.0-or-later
// `saeception train_cycle`: the whole loop, shown on the console, stopped cleanly by Ctrl-C.
#include "base/error.h"
#include "command.h"
#include "results_table.h"
#include "run_job.h"

#include <csignal>
#include <cstdio>

namespace saeception {
namespace {

// "model of cycle 0, SAE of cycle 0, results of cycle 0": what a stopped run leaves behind for good.
std::string savedArtefacts(const RunDirectory& directory, int lastCycle) {
    std::string list;
    const auto add = [&](const std::filesystem::path& file, const char* what, int cycle) {
        std::error_code code;
        if (std::filesystem::exists(file, code))
            list += fmt::format("{}{} of cycle {}", list.empty() ? "" : ", ", what, cycle);
    };
    for (int cycle = 0; cycle <= lastCycle; ++cycle) {
        add(directory.model(cycle), "model", cycle);
        add(directory.sae(cycle), "SAE", cycle);
        add(directory.resultsJson(cycle), "results", cycle);
        add(directory.features(cycle), "features", cycle);
    }
    return list.empty() ? "no checkpoint yet" : list;
}

}  // namespace

int runTrainCycle(const CommandLine& line) {
    Composition composition = composeFrom(line, line.words);
    if (line.printConfig) {
        std::fputs(toYaml(composition.tree).c_str(), stdout);
        return exitDone;
    }
    // A viewer that goes away (saeception ... | head) must not take the training with it.
    std::signal(SIGPIPE, SIG_IGN);
    StopSignals signals;
    const int lastCycle = composition.config.cycle.maxCycles;
    const ConsoleStyle style = consoleStyle(stdout);
    const auto [outcome, directory] = runJob("train_cycle", std::move(composition), signals, style);
    ConsoleStyle tableStyle = style;
    if (style.rewriting)
        tableStyle.columns = terminalColumns(stdout);
    if (const std::string table = resultsTable(outcome.results, tableStyle); !table.empty())
        std::printf("\n%s", table.c_str());
    const std::string folder = directory.string();
    if (outcome.stopped) {
        std::fflush(stdout);
        std::fprintf(stderr, "saeception: stopped; %s holds %s\n", folder.c_str(),
                     savedArtefacts(RunDirectory::open(directory), lastCycle).c_str());
        return exitSignal + signals.received();
    }
    std::printf("\nRun folder: %s\n", folder.c_str());
    return exitDone;
}

}  // namespace saeception
