// SPDX-License-Identifier: GPL-3.0-or-later
#include "cycle/stage_history.h"

#include "base/error.h"
#include "cycle/event_log.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <limits>
#include <optional>
#include <string>

namespace saeception {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::int64_t linesBetweenStops = 4096;

std::string textAt(const Json& line, const char* key) {
    const auto found = line.find(key);
    return found != line.end() && found->is_string() ? found->get<std::string>() : std::string();
}

template <typename Number>
Number numberAt(const Json& line, const char* key, Number otherwise) {
    const auto found = line.find(key);
    return found != line.end() && found->is_number() ? found->get<Number>() : otherwise;
}

MetricTable tableAt(const Json& line, const char* key) {
    MetricTable table;
    const auto found = line.find(key);
    if (found == line.end() || !found->is_object())
        return table;
    for (const auto& [name, value] : found->items())
        table.emplace_back(
            name, value.is_number() ? value.get<double>() : std::numeric_limits<double>::quiet_NaN());
    return table;
}

void restart(StageHistory& history, double time) {
    history.started = time;
    history.open = true;
    history.epoch = 0;
    history.epochs = 0;
    history.metrics.clear();
}

void take(const Json& line, StageHistories& histories) {
    const std::string event = textAt(line, "event");
    const std::optional<Stage> stage = stageNamed(textAt(line, "stage"));
    const int cycle = numberAt(line, "cycle", -1);
    const double time = numberAt(line, "time", 0.0);
    if (!stage || cycle < 0 || time <= 0)
        return;
    StageHistory& history = histories[{cycle, *stage}];
    if (event == "stage_started") {
        restart(history, time);
    } else if (event == "epoch_finished") {
        if (!history.open)  // early versions did not log when a stage began
            restart(history, 0);
        history.epoch = numberAt(line, "epoch", 0);
        history.epochs = numberAt(line, "epochs", 0);
        history.metrics = tableAt(line, "metrics");
    } else if (event == "stage_finished") {
        history.seconds = numberAt(line, "seconds", -1.0);
        if (!history.open || history.started <= 0)
            history.started = time - std::max(0.0, history.seconds);
        history.finished = time;
        history.finishedStart = history.started;
        history.open = false;
    }
}

}  // namespace

StageHistories readStageHistory(const std::filesystem::path& metricsLog, const std::stop_token& stop) {
    StageHistories histories;
    std::ifstream stream(metricsLog);
    std::string line;
    for (std::int64_t number = 0; std::getline(stream, line); ++number) {
        if (number % linesBetweenStops == 0)
            throwIfStopped(stop);
        // Nearly all lines are points of curves; parsing them would take seconds a million.
        if (line.find("\"stage_") == std::string::npos &&
            line.find("\"epoch_finished\"") == std::string::npos)
            continue;
        const Json parsed = Json::parse(line, nullptr, false);
        if (parsed.is_object())
            take(parsed, histories);
    }
    return histories;
}

}  // namespace saeception
