// SPDX-License-Identifier: GPL-3.0-or-later
// What has become of every node of the cycle map, derived from events and from the files on disk together.
#pragma once

#include "ui/jobs/event_bridge.h"
#include "ui/models/cycle_map_reader.h"
#include "ui/models/stage_list_model.h"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace saeception {

/// What is known of one stage.
struct StageRecord {
    StageHistory history;  ///< times as the events or the log tell them
    bool running = false;
    bool live = false;   ///< told by events of the run that goes on, which know more than the files
    bool told = false;   ///< a replay says that it left its file
    bool saved = false;  ///< its artefact was saved in this pass
    StageState cut = StageState::Stopped;  ///< how it ended if it is open: Stopped or Failed
    double fraction = -1;                  ///< 0..1 while it runs; negative: unknown
    double elapsed = -1;                   ///< seconds so far
    double secondsLeft = -1;
    std::string message;  ///< why it failed
    std::vector<std::string> warnings;

    bool operator==(const StageRecord&) const = default;
};

struct CycleNodeState {
    StageState state = StageState::NotRun;
    bool stale = false;       ///< an artefact made from something that has been replaced since
    bool best = false;        ///< an artefact of the best epoch of a stage that did not come to its end
    double fraction = -1;     ///< of a running stage; negative: unknown
    double seconds = -1;      ///< a stage took, or takes until now; negative: unknown
    double secondsLeft = -1;  ///< of a running stage; negative: unknown
    std::int64_t bytes = -1;  ///< of an artefact's files; negative: not there, or not looked at yet
    CycleNode cause{-1, {}};  ///< of a stale artefact: what was replaced; cycle -1: nothing

    bool operator==(const CycleNodeState&) const = default;
};

class CycleStory {
public:
    /// Most warnings kept of one stage.
    static constexpr std::size_t mostWarnings = 20;

    /// @return whether any state may have changed
    bool apply(const Event& event);
    /// What a scan found; the stages of a run that goes on stay as its events tell them.
    void merge(const CycleMapContents& contents);
    /// Whether the run goes on in this window.
    void setActive(bool active);
    /// Lets the clocks of running stages move on. @return whether there are any
    bool tick(double wallTime);

    /// Cycles 0 .. cycles() - 1 are on the map.
    int cycles() const { return m_cycles; }
    bool isActive() const { return m_active; }
    bool isPaused() const { return m_paused; }
    const CycleMapContents& contents() const { return m_contents; }
    const std::map<int, MetricTable>& results() const { return m_contents.results; }
    /// The record of a stage, or null.
    const StageRecord* record(const CycleNode& stage) const;
    std::map<CycleNode, CycleNodeState> states() const;

private:
    StageRecord& at(const CycleNode& stage) { return m_records[stage]; }
    void begin(const StageStarted& event, double wallTime);
    void finish(const StageFinished& event, double wallTime);
    void endRun(StageState state, const std::string& message);
    void startSharpening(int cycle, double wallTime);
    void grow(int cycle);

    bool exists(const CycleNode& artefact) const;
    bool isAhead(const CycleNode& node) const;
    StageState pending(const CycleNode& node) const;
    CycleNodeState stageState(const CycleNode& stage) const;
    CycleNodeState artefactState(const CycleNode& artefact, const CycleNodeState& maker) const;
    void markStale(std::map<CycleNode, CycleNodeState>& states) const;

    CycleMapContents m_contents;
    std::map<CycleNode, StageRecord> m_records;  ///< by stage
    std::set<CycleNode> m_savedNow;              ///< artefacts told by events and not seen on disk yet
    int m_cycles = 0;
    int m_first = 0;  ///< of the run that goes on
    int m_last = -1;
    bool m_active = false;
    bool m_paused = false;
};

}  // namespace saeception
