// SPDX-License-Identifier: GPL-3.0-or-later
#include "cycle/stage_context.h"

namespace saeception {

StepControl StageContext::steps() const {
    if (gate == nullptr)
        return {stop};
    return {stop, [this] { holdWhilePaused(); }};
}

void StageContext::holdWhilePaused() const {
    if (!gate->isPaused())
        return;
    if (std::this_thread::get_id() != thread) {
        gate->wait(stop);
        return;
    }
    emit(RunPaused{});
    const Clock::duration held = gate->hold(stop);
    throwIfStopped(stop);
    emit(RunResumed{std::chrono::duration<double>(held).count()});
}

StageContext::Clock::time_point StageContext::workTime() const {
    return gate == nullptr ? Clock::now() : Clock::now() - gate->held();
}

StageReporter::StageReporter(const StageContext& context, Stage stage, int cycle, std::int64_t totalSteps)
    : m_context(context), m_stage(stage), m_cycle(cycle), m_totalSteps(totalSteps) {
    context.holdOrStop();
    m_start = context.workTime();
    m_lastReport = m_start;
    context.emit(StageStarted{stage, cycle, totalSteps});
}

void StageReporter::advance(std::int64_t steps) {
    m_context.holdOrStop();
    m_step += steps;
    const Clock::time_point now = m_context.workTime();
    if (now - m_lastReport < std::chrono::milliseconds(100) && m_step < m_totalSteps)
        return;
    m_lastReport = now;
    const double elapsed = seconds();
    const double left = elapsed * static_cast<double>(m_totalSteps - m_step) / static_cast<double>(m_step);
    m_context.emit(Progress{m_stage, m_cycle, m_step, m_totalSteps, elapsed > 0.5 ? left : -1});
}

double StageReporter::seconds() const {
    return std::chrono::duration<double>(m_context.workTime() - m_start).count();
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
    m_context.emit(StageFinished{m_stage, m_cycle, seconds()});
}

}  // namespace saeception
