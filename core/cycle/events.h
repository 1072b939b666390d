// SPDX-License-Identifier: GPL-3.0-or-later
// Everything that happens in a run, as immutable values. Log, TensorBoard file, console bar and window are
// all sinks of these.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace saeception {

/// In the order in which a cycle runs them. Auxiliary opens cycle n >= 1, Baseline opens cycle 0.
enum class Stage { Prepare, Baseline, Auxiliary, Extract, Sae, Evaluate, Features };
inline constexpr int stageCount = 7;

/// "prepare", "baseline", "auxiliary", "extract", "sae", "evaluate", "features".
std::string_view stageName(Stage stage);
/// What a person reads: "Fine-tuning", "Training the SAE", ...
std::string_view stageTitle(Stage stage);

/// Named numbers in the order in which they are shown.
using MetricTable = std::vector<std::pair<std::string, double>>;

/// The value of `name`, or NaN.
double metric(const MetricTable& table, std::string_view name);

struct RunStarted {
    std::string directory;
    int firstCycle = 0;
    int lastCycle = 0;
};
struct StageStarted {
    Stage stage{};
    int cycle = 0;
    std::int64_t totalSteps = 0;
};
/// At most a few dozen a second; `secondsLeft` is negative while unknown.
struct Progress {
    Stage stage{};
    int cycle = 0;
    std::int64_t step = 0;
    std::int64_t totalSteps = 0;
    double secondsLeft = -1;
};
/// One point of a curve. Tags in use are listed in scalar_tags.h; `step` counts optimiser steps of (stage,
/// cycle) from 1.
struct Scalar {
    Stage stage{};
    int cycle = 0;
    std::string tag;
    std::int64_t step = 0;
    double value = 0;
};
struct EpochFinished {
    Stage stage{};
    int cycle = 0;
    int epoch = 0;  ///< from 1
    int epochs = 0;
    MetricTable metrics;
};
struct ArtefactSaved {
    Stage stage{};
    int cycle = 0;
    std::string path;
};
/// The evaluation of one cycle, complete.
struct CycleEvaluated {
    int cycle = 0;
    MetricTable metrics;
};
struct Warning {
    std::string text;
};
struct StageFinished {
    Stage stage{};
    int cycle = 0;
    double seconds = 0;
};
/// The run holds between two steps and leaves the cores to others, until RunResumed or its end.
struct RunPaused {};
struct RunResumed {
    double seconds = 0;  ///< how long it was held
};
/// Terminal events: exactly one ends every run.
struct RunFinished {};
struct RunStopped {};
struct RunFailed {
    std::string message;  ///< one line
};

using EventBody =
    std::variant<RunStarted, StageStarted, Progress, Scalar, EpochFinished, ArtefactSaved, CycleEvaluated,
                 Warning, StageFinished, RunPaused, RunResumed, RunFinished, RunStopped, RunFailed>;

struct Event {
    double wallTime = 0;  ///< seconds since the Unix epoch
    EventBody body;
};

/// Stamps `body` with the present time.
Event makeEvent(EventBody body);

bool isTerminal(const Event& event);

/// Receives events on the thread that runs the stage; must not block for long and must not throw for want of
/// a viewer.
class EventSink {
public:
    virtual ~EventSink() = default;
    virtual void handle(const Event& event) = 0;
};

/// Passes every event on to several sinks, in order. The sinks outlive it.
class EventFanOut : public EventSink {
public:
    void add(EventSink& sink) { m_sinks.push_back(&sink); }
    void handle(const Event& event) override;

private:
    std::vector<EventSink*> m_sinks;
};

}  // namespace saeception
