// SPDX-License-Identifier: GPL-3.0-or-later
// What every stage gets: the config, the run folder, the sink and the stop token; and how it reports its
// progress.
#pragma once

#include "base/error.h"
#include "config/config.h"
#include "cycle/events.h"
#include "cycle/run_control.h"
#include "cycle/run_directory.h"

#include <chrono>
#include <filesystem>
#include <stop_token>
#include <string>

namespace saeception {

struct StageContext {
    const ExperimentConfig& config;
    const RunDirectory& directory;
    EventSink& sink;
    std::stop_token stop;
    PauseGate* gate = nullptr;  ///< null: cannot be paused

    void emit(EventBody body) const { sink.handle(makeEvent(std::move(body))); }
};

/// Announces a stage when made and its end when finish() is called; in between counts steps, reports progress
/// at most ten times a second, and holds or stops between steps; time held is not counted as the stage's. A
/// stage left by an exception never claims to have finished.
class StageReporter {
public:
    StageReporter(const StageContext& context, Stage stage, int cycle, std::int64_t totalSteps);

    /// `steps` more are done. @throws Cancelled if a stop was requested.
    void advance(std::int64_t steps = 1);
    void scalar(const char* tag, std::int64_t step, double value) const;
    void epoch(int number, int of, MetricTable metrics) const;
    void artefact(const std::filesystem::path& path) const;
    void finish();

private:
    void holdWhilePaused();

    using Clock = std::chrono::steady_clock;

    const StageContext& m_context;
    Stage m_stage;
    int m_cycle;
    std::int64_t m_totalSteps;
    std::int64_t m_step = 0;
    Clock::time_point m_start = Clock::now();
    Clock::time_point m_lastReport = m_start;
};

}  // namespace saeception
