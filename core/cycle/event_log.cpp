// SPDX-License-Identifier: GPL-3.0-or-later
#include "cycle/event_log.h"

#include "base/files.h"

#include <nlohmann/json.hpp>

#include <cmath>
#include <fstream>
#include <limits>
#include <map>
#include <optional>

namespace saeception {
namespace {

using Json = nlohmann::ordered_json;

Json number(double value) {
    if (std::isfinite(value))
        return value;
    return std::isnan(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity";
}

Json table(const MetricTable& metrics) {
    Json object = Json::object();
    for (const auto& [name, value] : metrics)
        object[name] = number(value);
    return object;
}

enum class LineKind { Read, Started, Other, Unreadable };

using StageOfCycle = std::pair<Stage, int>;

LineKind parseLine(const std::string& text, Event& event) {
    const Json line = Json::parse(text, nullptr, false);
    if (!line.is_object())
        return LineKind::Unreadable;
    const auto isNumber = [&](const char* key) { return line.contains(key) && line[key].is_number(); };
    const auto isText = [&](const char* key) { return line.contains(key) && line[key].is_string(); };
    const std::string name = isText("event") ? line["event"].get<std::string>() : std::string();
    const bool finished = name == "stage_finished";
    const bool started = name == "stage_started";
    if (line.contains("event") && !finished && !started)
        return LineKind::Other;
    if (!isText("stage") || !isNumber("cycle") || !isNumber("time"))
        return LineKind::Unreadable;
    const std::optional<Stage> stage = stageNamed(line["stage"].get<std::string>());
    if (!stage)
        return LineKind::Unreadable;
    const int cycle = line["cycle"].get<int>();
    event.wallTime = line["time"].get<double>();
    if (started) {
        event.body = StageStarted{*stage, cycle, 0};
        return LineKind::Started;
    }
    if (finished) {
        if (!isNumber("seconds"))
            return LineKind::Unreadable;
        event.body = StageFinished{*stage, cycle, line["seconds"].get<double>()};
        return LineKind::Read;
    }
    if (!isText("tag") || !isNumber("step") || !line.contains("value"))
        return LineKind::Unreadable;
    event.body =
        Scalar{*stage, cycle, line["tag"].get<std::string>(), line["step"].get<std::int64_t>(),
               isNumber("value") ? line["value"].get<double>() : std::numeric_limits<double>::quiet_NaN()};
    return LineKind::Read;
}

// The stage and cycle of a line that parseLine has read.
StageOfCycle placeOf(const Event& event) {
    if (const auto* started = std::get_if<StageStarted>(&event.body))
        return {started->stage, started->cycle};
    if (const auto* finished = std::get_if<StageFinished>(&event.body))
        return {finished->stage, finished->cycle};
    const auto& scalar = std::get<Scalar>(event.body);
    return {scalar.stage, scalar.cycle};
}

// The number of the line with which each stage of each cycle started for the last time.
std::map<StageOfCycle, std::int64_t> lastStarts(const std::filesystem::path& file) {
    std::map<StageOfCycle, std::int64_t> starts;
    std::ifstream stream(file);
    std::string line;
    for (std::int64_t number = 0; std::getline(stream, line); ++number) {
        Event event;
        if (line.find("\"stage_started\"") != std::string::npos &&
            parseLine(line, event) == LineKind::Started)
            starts[placeOf(event)] = number;
    }
    return starts;
}

}  // namespace

std::optional<Stage> stageNamed(std::string_view name) {
    for (int i = 0; i < stageCount; ++i)
        if (stageName(static_cast<Stage>(i)) == name)
            return static_cast<Stage>(i);
    return std::nullopt;
}

EventLog::EventLog(const std::filesystem::path& file) : m_file(file, AppendFile::Mode::Continue) {
    if (m_file.size() == 0)
        return;
    const std::string lines = readFile(file);
    const std::size_t lastBreak = lines.rfind('\n');
    const std::size_t complete = lastBreak == std::string::npos ? 0 : lastBreak + 1;
    if (complete != lines.size())
        m_file.truncate(complete);
}

void EventLog::handle(const Event& event) {
    Json line;
    if (const auto* scalar = std::get_if<Scalar>(&event.body))
        line = {{"time", event.wallTime}, {"cycle", scalar->cycle}, {"stage", stageName(scalar->stage)},
                {"tag", scalar->tag},     {"step", scalar->step},   {"value", number(scalar->value)}};
    else if (const auto* epoch = std::get_if<EpochFinished>(&event.body))
        line = {{"time", event.wallTime},           {"event", "epoch_finished"}, {"cycle", epoch->cycle},
                {"stage", stageName(epoch->stage)}, {"epoch", epoch->epoch},     {"epochs", epoch->epochs},
                {"metrics", table(epoch->metrics)}};
    else if (const auto* evaluated = std::get_if<CycleEvaluated>(&event.body))
        line = {{"time", event.wallTime},
                {"event", "cycle_evaluated"},
                {"cycle", evaluated->cycle},
                {"metrics", table(evaluated->metrics)}};
    else if (const auto* finished = std::get_if<StageFinished>(&event.body))
        line = {{"time", event.wallTime},
                {"event", "stage_finished"},
                {"cycle", finished->cycle},
                {"stage", stageName(finished->stage)},
                {"seconds", finished->seconds}};
    else if (const auto* started = std::get_if<StageStarted>(&event.body))
        line = {{"time", event.wallTime},
                {"event", "stage_started"},
                {"cycle", started->cycle},
                {"stage", stageName(started->stage)}};
    else
        return;
    m_file.append(line.dump(-1, ' ', false, Json::error_handler_t::replace) + '\n');
}

std::int64_t readEventLog(const std::filesystem::path& file, const std::function<void(const Event&)>& visit) {
    const std::map<StageOfCycle, std::int64_t> starts = lastStarts(file);
    std::ifstream stream(file);
    std::int64_t unreadable = 0;
    std::string line;
    for (std::int64_t number = 0; std::getline(stream, line); ++number) {
        Event event;
        const LineKind kind = line.empty() ? LineKind::Other : parseLine(line, event);
        if (kind == LineKind::Read) {
            const auto start = starts.find(placeOf(event));
            if (start == starts.end() || number > start->second)
                visit(event);
        } else if (kind == LineKind::Unreadable)
            ++unreadable;
    }
    return unreadable;
}

}  // namespace saeception
