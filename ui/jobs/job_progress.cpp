// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/jobs/job_progress.h"

#include <algorithm>
#include <array>

namespace saeception {
namespace {

// What each stage usually takes of a cycle, in the order of Stage.
constexpr std::array<double, stageCount> usualShare = {1, 50, 40, 5, 20, 4, 4};
constexpr double almostDone = 0.999;

double shareOf(Stage stage) {
    return usualShare[static_cast<std::size_t>(stage)];
}

// Fine-tuning and retraining go through the same data in the same way.
bool areAlike(Stage a, Stage b) {
    const auto trains = [](Stage stage) { return stage == Stage::Baseline || stage == Stage::Auxiliary; };
    return a == b || (trains(a) && trains(b));
}

}  // namespace

void JobProgress::begin(double wallTime) {
    m_began = wallTime;
}

void JobProgress::apply(const Event& event) {
    if (const auto* run = std::get_if<RunStarted>(&event.body)) {
        plan(*run);
    } else if (const auto* begun = std::get_if<StageStarted>(&event.body)) {
        m_stageBegan = elapsed(event.wallTime);
        beginStage(*begun);
    } else if (const auto* progress = std::get_if<Progress>(&event.body)) {
        if (progress->totalSteps > 0)
            m_stageFraction = std::clamp(
                static_cast<double>(progress->step) / static_cast<double>(progress->totalSteps), 0.0, 1.0);
        m_stageLeft = progress->secondsLeft;
        m_progressAt = elapsed(event.wallTime);
    } else if (const auto* finished = std::get_if<StageFinished>(&event.body)) {
        endStage(*finished);
    } else if (std::holds_alternative<RunPaused>(event.body)) {
        m_heldSince = event.wallTime;
    } else if (std::holds_alternative<RunResumed>(event.body)) {
        m_held = held(event.wallTime);
        m_heldSince = -1;
    } else if (isTerminal(event)) {
        m_finished = std::holds_alternative<RunFinished>(event.body);
        m_ended = event.wallTime;
    }
}

void JobProgress::plan(const RunStarted& run) {
    m_lastCycle = run.lastCycle;
    m_steps.clear();
    const auto add = [this](int cycle, std::initializer_list<Stage> stages) {
        for (const Stage stage : stages)
            m_steps.push_back({stage, cycle});
    };
    add(run.firstCycle, {Stage::Prepare});
    if (m_command == "train_cycle") {
        for (int cycle = run.firstCycle; cycle <= run.lastCycle; ++cycle)
            add(cycle, {cycle == 0 ? Stage::Baseline : Stage::Auxiliary, Stage::Extract, Stage::Sae,
                        Stage::Evaluate, Stage::Features});
    } else if (m_command == "train_baseline") {
        add(run.firstCycle, {Stage::Baseline});
    } else if (m_command == "train_sae") {
        add(run.firstCycle, {Stage::Extract, Stage::Sae});
    } else if (m_command == "evaluate") {
        add(run.firstCycle, {Stage::Extract, Stage::Evaluate, Stage::Features});
    } else if (m_command == "train_auxiliary") {
        add(run.firstCycle, {Stage::Extract});
        add(run.lastCycle, {Stage::Auxiliary});
    } else if (m_command == "features") {
        add(run.firstCycle, {Stage::Extract, Stage::Features});
    } else {
        m_steps.clear();
        return;
    }
    m_planned = true;
}

void JobProgress::beginStage(const StageStarted& begun) {
    m_stage = begun.stage;
    m_cycle = begun.cycle;
    m_stageFraction = -1;
    m_stageLeft = -1;
    const auto isPending = [](const Step& step) { return step.state == StepState::Pending; };
    const auto same = std::find_if(m_steps.begin(), m_steps.end(), [&](const Step& step) {
        return isPending(step) && step.stage == begun.stage &&
               (step.cycle == begun.cycle || step.stage == Stage::Prepare);
    });
    if (same == m_steps.end()) {
        const auto next = std::find_if(m_steps.begin(), m_steps.end(), isPending);
        m_steps.insert(next, {begun.stage, begun.cycle, StepState::Running});
        return;
    }
    same->state = StepState::Running;
    // What was passed over had been done before this job began.
    m_steps.erase(std::remove_if(m_steps.begin(), same, isPending), same);
}

void JobProgress::endStage(const StageFinished& finished) {
    for (Step& step : m_steps)
        if (step.state == StepState::Running && step.stage == finished.stage) {
            step.state = StepState::Done;
            step.seconds = finished.seconds;
        }
    m_stageFraction = 1;
    m_stageLeft = 0;
}

double JobProgress::held(double now) const {
    return m_held + (m_heldSince >= 0 ? std::max(0.0, now - m_heldSince) : 0);
}

double JobProgress::elapsed(double now) const {
    if (m_began <= 0)
        return 0;
    const double until = m_ended >= 0 ? m_ended : now;
    return std::max(0.0, until - m_began - held(until));
}

// How long the running stage will have taken, in seconds; negative while unknown.
double JobProgress::runningTotal(double now) const {
    const double spent = elapsed(now) - m_stageBegan;
    if (m_stageLeft >= 0)
        return std::max(spent, m_progressAt - m_stageBegan + m_stageLeft);
    constexpr double enough = 0.02;
    return m_stageFraction > enough && spent > 1 ? spent / m_stageFraction : -1;
}

double JobProgress::expected(const Step& step, double secondsPerShare) const {
    for (auto known = m_steps.rbegin(); known != m_steps.rend(); ++known)
        if (known->state == StepState::Done && areAlike(known->stage, step.stage))
            return known->seconds;
    return secondsPerShare * shareOf(step.stage);
}

JobProgress::Sums JobProgress::sums(double now) const {
    const double total = runningTotal(now);
    double knownSeconds = 0;
    double knownShare = 0;
    // How long the data took to prepare tells nothing of the training.
    for (const Step& step : m_steps) {
        const double seconds = step.state == StepState::Done      ? step.seconds
                               : step.state == StepState::Running ? total
                                                                  : -1;
        if (seconds >= 0 && step.stage != Stage::Prepare) {
            knownSeconds += seconds;
            knownShare += shareOf(step.stage);
        }
    }
    Sums result;
    result.inSeconds = knownShare > 0;
    const double perShare = result.inSeconds ? knownSeconds / knownShare : 1;
    for (const Step& step : m_steps) {
        double cost = 0;
        if (!result.inSeconds)
            cost = shareOf(step.stage);
        else if (step.state == StepState::Done)
            cost = step.seconds;
        else if (step.state == StepState::Running && total >= 0)
            cost = total;
        else
            cost = expected(step, perShare);
        result.total += cost;
        if (step.state == StepState::Done)
            result.done += cost;
        else if (step.state == StepState::Running)
            result.done += cost * std::max(0.0, m_stageFraction);
    }
    return result;
}

double JobProgress::fraction(double now) const {
    if (m_finished)
        return 1;
    if (!m_planned)
        return -1;
    const Sums result = sums(now);
    return result.total > 0 ? std::min(almostDone, result.done / result.total) : -1;
}

double JobProgress::secondsLeft(double now) const {
    if (!m_planned || m_ended >= 0)
        return -1;
    const Sums result = sums(now);
    return result.inSeconds ? std::max(0.0, result.total - result.done) : -1;
}

}  // namespace saeception
