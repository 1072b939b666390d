// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/jobs/run_replay.h"

#include "base/error.h"
#include "base/files.h"
#include "config/compose.h"
#include "config/tree.h"
#include "cycle/event_log.h"
#include "cycle/results_file.h"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <map>
#include <vector>

namespace saeception {
namespace {

namespace fs = std::filesystem;
constexpr double unknownDuration = -1;

// As asked for; where the configuration cannot be read, as far as there is anything.
int lastCycleOf(const RunDirectory& run) {
    const fs::path file = run.hydra() / "config.yaml";
    try {
        const nlohmann::ordered_json tree = parseYaml(readFile(file), file.string());
        const nlohmann::ordered_json* last = findNode(tree, "cycle.max_cycles");
        if (last != nullptr && last->is_number_integer())
            return std::max(last->get<int>(), 0);
    } catch (const UserError&) {
        // Told, with all else that is wrong with the folder, by who lists its problems.
    }
    return std::max(run.lastCycle(), 0);
}

}  // namespace

Job::Work replayWork(RunDirectory directory) {
    return [run = std::move(directory)](EventSink& sink, const RunControl& control) {
        const int last = lastCycleOf(run);
        sink.handle(makeEvent(RunStarted{run.root().string(), 0, last}));
        std::map<std::pair<Stage, int>, double> durations;
        std::vector<Event> points;
        const std::int64_t unreadable = readEventLog(run.metricsLog(), [&](const Event& event) {
            throwIfStopped(control.stop);
            if (const auto* finished = std::get_if<StageFinished>(&event.body))
                durations[{finished->stage, finished->cycle}] = finished->seconds;
            else
                points.push_back(event);
        });
        bool complete = true;
        const auto stageDone = [&](Stage stage, int cycle, const fs::path& proof) {
            std::error_code code;
            if (!fs::exists(proof, code)) {
                complete = false;
                return;
            }
            const auto known = durations.find({stage, cycle});
            sink.handle(makeEvent(
                StageFinished{stage, cycle, known != durations.end() ? known->second : unknownDuration}));
        };
        stageDone(Stage::Prepare, 0, run.tokenizer());
        for (int cycle = 0; cycle <= last; ++cycle) {
            stageDone(cycle == 0 ? Stage::Baseline : Stage::Auxiliary, cycle, run.model(cycle));
            // The activations are a cache that may be deleted; an SAE proves that they were there.
            std::error_code code;
            stageDone(Stage::Extract, cycle,
                      fs::exists(run.sae(cycle), code) ? run.sae(cycle) : run.activations(cycle));
            stageDone(Stage::Sae, cycle, run.sae(cycle));
            stageDone(Stage::Evaluate, cycle, run.resultsJson(cycle));
            stageDone(Stage::Features, cycle, run.features(cycle));
            if (!fs::exists(run.resultsJson(cycle), code))
                continue;
            try {
                sink.handle(makeEvent(CycleEvaluated{cycle, loadResults(run, cycle)}));
            } catch (const UserError& error) {
                sink.handle(makeEvent(Warning{oneLine(error.what())}));
            }
        }
        for (const Event& point : points) {
            throwIfStopped(control.stop);
            sink.handle(point);
        }
        if (unreadable > 0)
            sink.handle(makeEvent(Warning{fmt::format("{}: {} lines could not be read and were left out",
                                                      run.metricsLog().string(), unreadable)}));
        sink.handle(makeEvent(complete ? EventBody(RunFinished{}) : EventBody(RunStopped{})));
    };
}

}  // namespace saeception
