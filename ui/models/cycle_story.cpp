// SPDX-License-Identifier: GPL-3.0-or-later
// How events and files change the story; what follows from it for each node is in cycle_story_states.cpp.
#include "ui/models/cycle_story.h"

#include <algorithm>

namespace saeception {
namespace {

using Kind = CycleNodeKind;

}  // namespace

bool CycleStory::apply(const Event& event) {
    const EventBody& body = event.body;
    if (std::holds_alternative<Scalar>(body))
        return false;
    if (const auto* run = std::get_if<RunStarted>(&body)) {
        m_first = run->firstCycle;
        m_last = run->lastCycle;
        grow(run->lastCycle);
    } else if (const auto* begun = std::get_if<StageStarted>(&body)) {
        begin(*begun, event.wallTime);
    } else if (const auto* progress = std::get_if<Progress>(&body)) {
        StageRecord& record = at(nodeOf(progress->stage, progress->cycle));
        if (!record.running)
            return false;
        record.elapsed = std::max(0.0, event.wallTime - record.history.started);
        record.secondsLeft = progress->secondsLeft;
        if (progress->totalSteps > 0)
            record.fraction = std::clamp(
                static_cast<double>(progress->step) / static_cast<double>(progress->totalSteps), 0.0, 1.0);
    } else if (const auto* epoch = std::get_if<EpochFinished>(&body)) {
        StageHistory& history = at(nodeOf(epoch->stage, epoch->cycle)).history;
        history.epoch = epoch->epoch;
        history.epochs = epoch->epochs;
        history.metrics = epoch->metrics;
    } else if (const auto* saved = std::get_if<ArtefactSaved>(&body)) {
        const CycleNode stage = nodeOf(saved->stage, saved->cycle);
        at(stage).saved = true;
        m_savedNow.insert(stage.product());
    } else if (const auto* evaluated = std::get_if<CycleEvaluated>(&body)) {
        m_contents.results[evaluated->cycle] = evaluated->metrics;
    } else if (const auto* warning = std::get_if<Warning>(&body)) {
        for (auto& [stage, record] : m_records)
            if (record.running && record.warnings.size() < mostWarnings)
                record.warnings.push_back(warning->text);
    } else if (const auto* finished = std::get_if<StageFinished>(&body)) {
        finish(*finished, event.wallTime);
    } else if (std::holds_alternative<RunPaused>(body)) {
        m_paused = true;
    } else if (std::holds_alternative<RunResumed>(body)) {
        m_paused = false;
    } else if (std::holds_alternative<RunFinished>(body)) {
        endRun(StageState::Done, {});
    } else if (std::holds_alternative<RunStopped>(body)) {
        endRun(StageState::Stopped, {});
    } else if (const auto* failed = std::get_if<RunFailed>(&body)) {
        endRun(StageState::Failed, failed->message);
    }
    return true;
}

void CycleStory::begin(const StageStarted& event, double wallTime) {
    const CycleNode node = nodeOf(event.stage, event.cycle);
    grow(node.cycle);
    if (event.stage == Stage::Auxiliary) {
        StageRecord& sharpening = at({node.cycle, Kind::Sharpen});
        if (sharpening.running) {
            sharpening.history.seconds = std::max(0.0, wallTime - sharpening.history.started);
            sharpening.history.finished = wallTime;
        }
        sharpening.running = false;
        sharpening.history.open = false;
        sharpening.told = true;
        m_savedNow.insert({node.cycle, Kind::Targets});
    }
    StageRecord& record = at(node);
    const StageHistory before = record.history;
    record = {};
    record.history.finished = before.finished;
    record.history.finishedStart = before.finishedStart;
    record.history.seconds = before.seconds;
    record.history.started = wallTime;
    record.history.open = true;
    record.running = true;
    record.live = true;
    record.elapsed = 0;
    record.fraction = event.totalSteps > 0 ? 0 : -1;
    m_paused = false;
}

void CycleStory::finish(const StageFinished& event, double wallTime) {
    const CycleNode node = nodeOf(event.stage, event.cycle);
    grow(node.cycle);
    StageRecord& record = at(node);
    if (!record.running) {  // replayed from disk: the time is that of the replay
        record.told = true;
        if (record.history.seconds < 0)
            record.history.seconds = event.seconds;
        return;
    }
    record.running = false;
    record.history.open = false;
    record.history.finished = wallTime;
    record.history.finishedStart = record.history.started;
    record.history.seconds = event.seconds;
    record.fraction = -1;
    record.secondsLeft = -1;
    if (node.kind ==
        Kind::Extract) {  // its file may lie in another folder, and the previous cycle's is removed
        m_savedNow.erase({node.cycle - 1, Kind::Activations});
        m_contents.files.erase({node.cycle - 1, Kind::Activations});
    } else {
        m_savedNow.insert(node.product());
    }
    // Sharpening has no events of its own: it follows a cycle that is not the last, or the extraction with
    // which a run goes on from an earlier cycle.
    const StageRecord* const tuning = this->record({node.cycle, Kind::Tune});
    const bool loops = node.kind == Kind::Index && node.cycle >= m_first;
    const bool goesOn = node.kind == Kind::Extract && node.cycle == m_first && (!tuning || !tuning->live);
    if ((loops || goesOn) && node.cycle < m_last)
        startSharpening(node.cycle + 1, wallTime);
}

void CycleStory::startSharpening(int cycle, double wallTime) {
    StageRecord& record = at({cycle, Kind::Sharpen});
    record = {};
    record.history.started = wallTime;
    record.history.open = true;
    record.running = true;
    record.live = true;
    record.elapsed = 0;
}

void CycleStory::endRun(StageState state, const std::string& message) {
    for (auto& [stage, record] : m_records) {
        record.live = false;
        if (!record.running)
            continue;
        record.running = false;
        record.secondsLeft = -1;
        record.fraction = -1;
        record.history.open = state != StageState::Done;
        record.cut = state == StageState::Failed ? StageState::Failed : StageState::Stopped;
        record.message = message;
    }
    m_paused = false;
}

void CycleStory::merge(const CycleMapContents& contents) {
    std::map<int, MetricTable> results = contents.results;
    if (m_active)  // an evaluation may be told before its file is seen
        results.merge(std::map<int, MetricTable>(m_contents.results));
    m_contents = contents;
    m_contents.results = std::move(results);
    if (!contents.found)
        return;
    if (!m_active)
        m_savedNow.clear();
    grow(contents.cycles - 1);
    // A run that was begun again may ask for fewer cycles, but what events have told of stays.
    CycleNode newest{-1, Kind::Prepare};
    double newestStart = 0;
    for (const auto& [place, history] : contents.history) {
        if (place.first >= m_cycles && place.second != Stage::Prepare)
            continue;
        const CycleNode node = nodeOf(place.second, place.first);
        if (history.open && history.started >= newestStart) {
            newest = node;
            newestStart = history.started;
        }
        StageRecord& record = at(node);
        if (record.live)
            continue;
        // Every command prepares the data: the latest time counts.
        if (node.kind == Kind::Prepare && history.started < record.history.started)
            continue;
        if (record.history.started != history.started)
            record.warnings.clear();
        record.history = history;
        record.running = false;
        record.cut = StageState::Stopped;
        record.message.clear();
        const auto files = contents.files.find(node.product());
        record.saved = files != contents.files.end() && files->second.front().modified >= history.started;
    }
    if (m_active || newest.cycle < 0)
        return;
    StageRecord& record = at(newest);
    if (contents.status == RunStatus::Running) {
        record.running = true;  // by another process, whose progress is not told
        record.elapsed = -1;
    } else if (contents.status == RunStatus::Failed) {
        record.cut = StageState::Failed;
        record.message = contents.ending;
    }
}

void CycleStory::setActive(bool active) {
    m_active = active;
    if (!active)
        m_paused = false;
}

bool CycleStory::tick(double wallTime) {
    if (m_paused)
        return false;
    bool any = false;
    for (auto& [stage, record] : m_records) {
        if (!record.running || record.elapsed < 0)
            continue;
        any = true;
        const double elapsed = std::max(record.elapsed, wallTime - record.history.started);
        if (record.secondsLeft >= 0)
            record.secondsLeft = std::max(0.0, record.secondsLeft - (elapsed - record.elapsed));
        record.elapsed = elapsed;
    }
    return any;
}

const StageRecord* CycleStory::record(const CycleNode& stage) const {
    const auto found = m_records.find(stage);
    return found == m_records.end() ? nullptr : &found->second;
}

void CycleStory::grow(int cycle) {
    m_cycles = std::clamp(cycle + 1, m_cycles, CycleMapContents::mostCycles);
}

}  // namespace saeception
