// SPDX-License-Identifier: GPL-3.0-or-later
#include "cycle/stage_context.h"

namespace saeception {

StageReporter::StageReporter(const StageContext& context, Stage stage, int cycle, std::int64_t totalSteps)
    : m_context(context), m_stage(stage), m_cycle(cycle), m_totalSteps(totalSteps) {
    throwIfStopped(context.stop);
    holdWhilePaused();
    context.emit(StageStarted{stage, cycle, totalSteps});
}

void StageReporter::advance(std::int64_t steps) {
    throwIfStopped(m_context.stop);
    holdWhilePaused();
    m_step += steps;
    const Clock::time_point now = Clock::now();
    if (now - m_lastReport < std::chrono::milliseconds(100) && m_step < m_totalSteps)
        return;
    m_lastReport = now;
    const double elapsed = std::chrono::duration<double>(now - m_start).count();
    const double left = elapsed * static_cast<double>(m_totalSteps - m_step) / static_cast<double>(m_step);
    m_context.emit(Progress{m_stage, m_cycle, m_step, m_totalSteps, elapsed > 0.5 ? left : -1});
}

void StageReporter::holdWhilePaused() {
    if (m_context.gate == nullptr || !m_context.gate->isPaused())
        return;
    const Clock::time_point from = Clock::now();
    m_context.emit(RunPaused{});
    m_context.gate->wait(m_context.stop);
    throwIfStopped(m_context.stop);
    const Clock::duration held = Clock::now() - from;
    m_start += held;
    m_context.emit(RunResumed{std::chrono::duration<double>(held).count()});
}

void StageReporter::scalar(const char* tag, std::int64_t step, double value) const {
    m_context.emit(Scalar{m_stage, m_cycle, tag, step, value});
}

void StageReporter::epoch(int number, int of, MetricTable metrics) const {
    m_context.emit(EpochFinished{m_stage, m_cycle, number, of, std::move(metrics)});
}

void StageReporter::artefact(const std::filesystem::path& path) const {
    m_context.emit(ArtefactSaved{m_stage, m_cycle, path.string()});
}

void StageReporter::finish() {
    m_context.emit(
        StageFinished{m_stage, m_cycle, std::chrono::duration<double>(Clock::now() - m_start).count()});
}

}  // namespace saeception
