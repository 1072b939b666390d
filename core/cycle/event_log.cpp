// SPDX-License-Identifier: GPL-3.0-or-later
#include "cycle/event_log.h"

#include "base/files.h"

#include <nlohmann/json.hpp>

#include <cmath>

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

}  // namespace

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
    else
        return;
    m_file.append(line.dump(-1, ' ', false, Json::error_handler_t::replace) + '\n');
}

}  // namespace saeception
