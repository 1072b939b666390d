// SPDX-License-Identifier: GPL-3.0-or-later
// What follows from the story for each node: its state, and whether what it was made from has been replaced.
#include "ui/models/cycle_story.h"

#include <algorithm>

namespace saeception {
namespace {

using Kind = CycleNodeKind;

// What a command works through, besides preparing the data.
bool belongsTo(const std::string& command, int current, const CycleNode& stage) {
    const bool here = stage.cycle == current;
    if (command == "train_baseline")
        return stage.kind == Kind::Tune && stage.cycle == 0;
    if (command == "train_sae")
        return here && (stage.kind == Kind::Extract || stage.kind == Kind::TrainSae);
    if (command == "evaluate")
        return here &&
               (stage.kind == Kind::Extract || stage.kind == Kind::Evaluate || stage.kind == Kind::Index);
    if (command == "train_auxiliary")
        return (here && stage.kind == Kind::Extract) ||
               (stage.cycle == current + 1 && (stage.kind == Kind::Sharpen || stage.kind == Kind::Tune));
    return true;
}

bool isUnderWay(StageState state) {
    return state == StageState::Running || state == StageState::Paused;
}

/// A time, and whether it is only that of a file, which copying changes.
struct Moment {
    double time = 0;
    bool ofFile = false;
};

}  // namespace

bool CycleStory::exists(const CycleNode& artefact) const {
    return m_contents.files.contains(artefact) || m_savedNow.contains(artefact);
}

// Whether the run that goes on will come to `stage`.
bool CycleStory::isAhead(const CycleNode& stage) const {
    if (!m_active || stage.cycle < m_first || stage.cycle > m_last)
        return false;
    if (stage.kind == Kind::Prepare)
        return true;
    const std::string& command = m_contents.command;
    if (!belongsTo(command, m_first, stage))
        return false;
    // A loop that goes on from an earlier cycle only extracts that cycle's activations.
    return m_first == 0 || command != "train_cycle" || stage.cycle > m_first || stage.kind == Kind::Extract;
}

StageState CycleStory::pending(const CycleNode& node) const {
    return isAhead(node.maker()) ? StageState::Waiting : StageState::NotRun;
}

CycleNodeState CycleStory::stageState(const CycleNode& stage) const {
    CycleNodeState node;
    const StageRecord* const record = this->record(stage);
    if (record != nullptr && record->running) {
        node.state = m_paused && record->live ? StageState::Paused : StageState::Running;
        node.fraction = record->fraction;
        node.seconds = record->elapsed;
        node.secondsLeft = record->secondsLeft;
        return node;
    }
    if (record != nullptr && record->history.open) {
        node.state = record->cut;
        node.seconds = record->elapsed;
        return node;
    }
    bool done = record != nullptr && (record->history.finished > 0 || record->told);
    done = done || exists(stage.product());
    const auto isDone = [&](Kind kind) {
        const CycleNode later{stage.cycle, kind};
        return exists(later) ||
               (this->record(later.maker()) && this->record(later.maker())->history.finished > 0);
    };
    // What later stages could not have done without.
    if (stage.kind == Kind::Extract)
        done = done || isDone(Kind::Sae);
    if (stage.kind == Kind::Sharpen)
        done = done || isDone(Kind::Model);
    if (stage.kind == Kind::Prepare)
        done = done || !m_contents.files.empty();
    node.state = done ? StageState::Done : pending(stage);
    if (done && record != nullptr)
        node.seconds = record->history.seconds;
    return node;
}

CycleNodeState CycleStory::artefactState(const CycleNode& artefact, const CycleNodeState& maker) const {
    CycleNodeState node;
    const StageRecord* const record = this->record(artefact.maker());
    const bool saved = record != nullptr && record->saved;
    if (const auto files = m_contents.files.find(artefact); files != m_contents.files.end()) {
        node.bytes = 0;
        for (const MapFile& file : files->second)
            node.bytes += file.bytes;
    }
    if (exists(artefact)) {
        const bool cut = maker.state == StageState::Stopped || maker.state == StageState::Failed;
        // A pass that was cut before it saved anything leaves what an earlier one made.
        node.best = saved && (cut || isUnderWay(maker.state));
        node.state = node.best && cut          ? StageState::Stopped
                     : isUnderWay(maker.state) ? maker.state
                                               : StageState::Done;
        return node;
    }
    const auto users = usersOf(artefact, m_contents.fromBaseline);
    const bool wasUsed = std::any_of(users.begin(), users.end(), [&](const CycleNode& user) {
        return user.cycle < m_cycles && exists(user.product());
    });
    if (isUnderWay(maker.state))
        node.state = StageState::Waiting;
    else if (maker.state == StageState::Done || wasUsed)
        node.state = StageState::Missing;
    else
        node.state = pending(artefact);
    return node;
}

void CycleStory::markStale(std::map<CycleNode, CycleNodeState>& states) const {
    const auto fileTime = [&](const CycleNode& artefact) -> Moment {
        const auto files = m_contents.files.find(artefact);
        return {files == m_contents.files.end() ? 0 : files->second.front().modified, true};
    };
    const auto madeFrom = [&](const CycleNode& artefact) -> Moment {
        const StageRecord* const record = this->record(artefact.maker());
        if (record != nullptr && record->history.finishedStart > 0 &&
            !(record->history.open && record->saved))
            return {record->history.finishedStart, false};
        if (record != nullptr && record->history.started > 0)
            return {record->history.started, false};
        return fileTime(artefact);
    };
    const auto replaced = [&](const CycleNode& artefact) -> Moment {
        const StageRecord* const record = this->record(artefact.maker());
        if (record != nullptr && record->history.open && record->saved)
            return {std::max(fileTime(artefact).time, record->history.started), false};
        if (record != nullptr && record->history.finished > 0)
            return {record->history.finished, false};
        return fileTime(artefact);
    };
    // In the order of the map, so that what something was made from has been judged before it.
    for (auto& [node, state] : states) {
        if (!node.isArtefact() || !exists(node) || node.kind == Kind::Tokenizer)
            continue;
        std::vector<CycleNode> sources = needsOf(node.maker(), m_contents.fromBaseline);
        if (node.kind == Kind::Model && node.cycle > 0)  // through the targets, which may be gone
            sources.push_back({node.cycle - 1, Kind::Sae});
        for (const CycleNode& source : sources) {
            const auto found = states.find(source);
            if (found == states.end() || (source.kind != Kind::Model && source.kind != Kind::Sae))
                continue;
            const Moment made = madeFrom(node);
            const Moment other = replaced(source);
            const bool later = !(made.ofFile && other.ofFile) && made.time > 0 && other.time > made.time;
            if (!later && !found->second.stale)
                continue;
            state.stale = true;
            state.cause = later || found->second.cause.cycle < 0 ? source : found->second.cause;
            break;
        }
    }
}

std::map<CycleNode, CycleNodeState> CycleStory::states() const {
    std::map<CycleNode, CycleNodeState> states;
    for (int cycle = 0; cycle < m_cycles; ++cycle)
        for (const CycleNode& node : nodesOfCycle(cycle)) {
            if (!node.isArtefact()) {
                states.emplace(node, stageState(node));
                continue;
            }
            states.emplace(node, artefactState(node, states.at(node.maker())));
        }
    markStale(states);
    return states;
}

}  // namespace saeception
