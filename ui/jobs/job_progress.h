// SPDX-License-Identifier: GPL-3.0-or-later
// How far a whole job is and how long it will take, told from the stages that it has been through.
#pragma once

#include "cycle/events.h"

#include <optional>
#include <string>
#include <vector>

namespace saeception {

/// Stages that have not run yet are taken to last as long as the same stage did in an earlier cycle, else by
/// their usual share of the stages that have run. Time in which the job was held counts nowhere.
class JobProgress {
public:
    JobProgress() = default;
    /// `command` of stageCommands() tells which stages there will be; with any other the whole is unknown.
    explicit JobProgress(std::string command) : m_command(std::move(command)) {}

    void begin(double wallTime);
    void apply(const Event& event);

    std::optional<Stage> stage() const { return m_stage; }
    int cycle() const { return m_cycle; }
    int lastCycle() const { return m_lastCycle; }
    double stageFraction() const { return m_stageFraction; }
    /// Seconds since begin(), until the end; `now` in seconds since the Unix epoch.
    double elapsed(double now) const;
    /// 0..1, or -1 while unknown.
    double fraction(double now) const;
    /// Negative while unknown.
    double secondsLeft(double now) const;

private:
    enum class StepState { Pending, Running, Done };
    struct Step {
        Stage stage{};
        int cycle = 0;
        StepState state = StepState::Pending;
        double seconds = 0;  ///< how long it took, once it is done
    };
    struct Sums {
        double done = 0;
        double total = 0;
        bool inSeconds = false;  ///< else in shares
    };

    void plan(const RunStarted& run);
    void beginStage(const StageStarted& begun);
    void endStage(const StageFinished& finished);
    double held(double now) const;
    double runningTotal(double now) const;
    double expected(const Step& step, double secondsPerShare) const;
    Sums sums(double now) const;

    std::string m_command;
    std::vector<Step> m_steps;  ///< in the order in which they run
    bool m_planned = false;
    std::optional<Stage> m_stage;
    int m_cycle = 0;
    int m_lastCycle = -1;
    double m_stageFraction = -1;
    double m_stageLeft = -1;  ///< seconds, when the latest Progress came
    double m_progressAt = 0;  ///< elapsed() at that time
    double m_stageBegan = 0;  ///< elapsed() at that time
    double m_began = 0;       ///< wall time
    double m_ended = -1;      ///< wall time
    double m_held = 0;        ///< seconds
    double m_heldSince = -1;  ///< wall time
    bool m_finished = false;
};

}  // namespace saeception
