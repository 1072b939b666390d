// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/jobs/run_replay.h"

#include "base/error.h"
#include "base/files.h"
#include "config/compose.h"
#include "cycle/results_file.h"

#include <spdlog/fmt/fmt.h>

#include <fstream>
#include <limits>
#include <optional>

namespace saeception {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

constexpr double unknownDuration = -1;

std::optional<Stage> stageNamed(const std::string& name) {
    for (int i = 0; i < stageCount; ++i)
        if (stageName(static_cast<Stage>(i)) == name)
            return static_cast<Stage>(i);
    return std::nullopt;
}

enum class LineKind { Point, Other, Unreadable };

// One line of metrics.jsonl; the event is filled in for a point of a curve. What the other lines say is also
// in the results files.
LineKind parseLine(const std::string& line, Event& event) {
    const Json json = Json::parse(line, nullptr, false);
    if (!json.is_object())
        return LineKind::Unreadable;
    if (json.contains("event"))
        return LineKind::Other;
    const auto number = [&](const char* key) { return json.contains(key) && json[key].is_number(); };
    const auto text = [&](const char* key) { return json.contains(key) && json[key].is_string(); };
    if (!text("stage") || !number("cycle") || !text("tag") || !number("step") || !json.contains("value"))
        return LineKind::Unreadable;
    const std::optional<Stage> stage = stageNamed(json["stage"].get<std::string>());
    if (!stage)
        return LineKind::Unreadable;
    const Json& value = json["value"];
    event.wallTime = number("time") ? json["time"].get<double>() : 0;
    event.body = Scalar{*stage, json["cycle"].get<int>(), json["tag"].get<std::string>(),
                        json["step"].get<std::int64_t>(),
                        value.is_number() ? value.get<double>() : std::numeric_limits<double>::quiet_NaN()};
    return LineKind::Point;
}

int lastCycleAsked(const RunDirectory& run) {
    const fs::path file = run.hydra() / "config.yaml";
    const nlohmann::ordered_json tree = parseYaml(readFile(file), file.string());
    return tree.contains(nlohmann::ordered_json::json_pointer("/cycle/max_cycles"))
               ? tree["cycle"]["max_cycles"].get<int>()
               : 0;
}

void replayScalars(const RunDirectory& run, EventSink& sink, const std::stop_token& stop) {
    std::ifstream file(run.metricsLog());
    std::string line;
    std::int64_t unreadable = 0;
    while (std::getline(file, line)) {
        throwIfStopped(stop);
        if (line.empty())
            continue;
        Event event;
        const LineKind kind = parseLine(line, event);
        if (kind == LineKind::Point)
            sink.handle(event);
        else if (kind == LineKind::Unreadable)
            ++unreadable;
    }
    if (unreadable > 0)
        sink.handle(makeEvent(Warning{fmt::format("{}: {} lines could not be read and were left out",
                                                  run.metricsLog().string(), unreadable)}));
}

}  // namespace

Job::Work replayWork(RunDirectory directory) {
    return [run = std::move(directory)](EventSink& sink, const std::stop_token& stop) {
        const int last = lastCycleAsked(run);
        sink.handle(makeEvent(RunStarted{run.root().string(), 0, last}));
        bool complete = true;
        const auto stageDone = [&](Stage stage, int cycle, const fs::path& proof) {
            std::error_code code;
            if (fs::exists(proof, code))
                sink.handle(makeEvent(StageFinished{stage, cycle, unknownDuration}));
            else
                complete = false;
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
            if (fs::exists(run.resultsJson(cycle), code))
                sink.handle(makeEvent(CycleEvaluated{cycle, loadResults(run, cycle)}));
        }
        replayScalars(run, sink, stop);
        sink.handle(makeEvent(complete ? EventBody(RunFinished{}) : EventBody(RunStopped{})));
    };
}

}  // namespace saeception
