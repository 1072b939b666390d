// SPDX-License-Identifier: GPL-3.0-or-later
#include "cycle/events.h"

#include <array>
#include <chrono>
#include <limits>

namespace saeception {
namespace {

struct StageWords {
    std::string_view name;
    std::string_view title;
};

constexpr std::array<StageWords, stageCount> words = {{
    {"prepare", "Preparing data"},
    {"baseline", "Fine-tuning"},
    {"auxiliary", "Retraining towards sharpened targets"},
    {"extract", "Extracting activations"},
    {"sae", "Training the SAE"},
    {"evaluate", "Evaluating"},
    {"features", "Indexing features"},
}};

}  // namespace

std::string_view stageName(Stage stage) {
    return words[static_cast<std::size_t>(stage)].name;
}

std::string_view stageTitle(Stage stage) {
    return words[static_cast<std::size_t>(stage)].title;
}

double metric(const MetricTable& table, std::string_view name) {
    for (const auto& [key, value] : table)
        if (key == name)
            return value;
    return std::numeric_limits<double>::quiet_NaN();
}

Event makeEvent(EventBody body) {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return {std::chrono::duration<double>(now).count(), std::move(body)};
}

bool isTerminal(const Event& event) {
    return std::holds_alternative<RunFinished>(event.body) ||
           std::holds_alternative<RunStopped>(event.body) || std::holds_alternative<RunFailed>(event.body);
}

void EventFanOut::handle(const Event& event) {
    for (EventSink* sink : m_sinks)
        sink->handle(event);
}

}  // namespace saeception
