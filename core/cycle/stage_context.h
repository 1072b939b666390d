// SPDX-License-Identifier: GPL-3.0-or-later
// What every stage gets: the config, the run folder, the sink, and what to heed between steps; and how it
// reports its progress.
#pragma once

#include "base/step_control.h"
#include "config/config.h"
#include "cycle/events.h"
#include "cycle/run_control.h"
#include "cycle/run_directory.h"

#include <chrono>
#include <filesystem>
#include <stop_token>
#include <string>
#include <thread>

namespace saeception {

/// Made on the thread that runs the stages.
struct StageContext {
    const ExperimentConfig& config;
    const RunDirectory& directory;
    EventSink& sink;
    std::stop_token stop;
    PauseGate* gate = nullptr;  ///< null: cannot be paused
    std::thread::id thread = std::this_thread::get_id();

    void emit(EventBody body) const { sink.handle(makeEvent(std::move(body))); }

    /// To be called between steps, about every second. Holds while the run is paused; RunPaused and
    /// RunResumed are sent by the run's own thread, others that share its work only hold. @throws Cancelled
    void holdOrStop() const { steps().holdOrStop(); }
    /// The same for what knows no stages. Not to outlive the context.
    StepControl steps() const;

    using Clock = std::chrono::steady_clock;
    /// A clock that stands still while the run is held.
    Clock::time_point workTime() const;

private:
    void holdWhilePaused() const;
};

/// Announces a stage when made and its end when finish() is called; in between counts steps, reports progress
/// at most ten times a second, and holds or stops between steps; time held is not counted as the stage's. A
/// stage left by an exception never claims to have finished.
class StageReporter {
public:
    StageReporter(const StageContext& context, Stage stage, int cycle, std::int64_t totalSteps);

    /// `steps` more are done. @throws Cancelled if a stop was requested.
    void advance(std::int64_t steps = 1);
    /// Of work on this stage so far.
    double seconds() const;
    void scalar(const char* tag, std::int64_t step, double value) const;
    void epoch(int number, int of, MetricTable metrics) const;
    void artefact(const std::filesystem::path& path) const;
    void finish();

private:
    using Clock = StageContext::Clock;

    const StageContext& m_context;
    Stage m_stage;
    int m_cycle;
    std::int64_t m_totalSteps;
    std::int64_t m_step = 0;
    Clock::time_point m_start;
    Clock::time_point m_lastReport;
};

}  // namespace saeception
