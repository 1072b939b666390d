// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/run_steps.h"

#include <algorithm>

namespace saeception {

RunSteps::RunSteps(RunFeatures* features, QObject* parent) : QObject(parent), m_features(features) {
    connect(features, &RunFeatures::cyclesChanged, this, [this] {
        find();
        Q_EMIT stepsChanged();
    });
    connect(features, &RunFeatures::indexChanged, this, [this](int cycle) {
        for (const int later : {cycle, cycle + 1})
            if (has(later))
                Q_EMIT stepChanged(later);
    });
    connect(features, &RunFeatures::matchesChanged, this, [this](int cycle) {
        if (has(cycle))
            Q_EMIT stepChanged(cycle);
    });
    find();
}

void RunSteps::find() {
    m_steps.clear();
    for (std::size_t i = 1; i < cycles().size(); ++i)
        if (cycles()[i - 1] + 1 == cycles()[i])
            m_steps.push_back(cycles()[i]);
}

bool RunSteps::has(int cycle) const {
    return std::binary_search(m_steps.begin(), m_steps.end(), cycle);
}

RunSteps::State RunSteps::state(int cycle) const {
    const bool indexed = m_features->index(cycle - 1) && m_features->index(cycle);
    if (indexed && m_features->matches(cycle))
        return State::Known;
    for (const int side : {cycle - 1, cycle})
        if (m_features->state(side) == RunFeatures::State::Unusable)
            return State::Failed;
    if (!m_features->matchesReason(cycle).isEmpty())
        return State::Failed;
    return indexed ? State::Matching : State::Reading;
}

CycleStep RunSteps::step(int cycle) const {
    if (!has(cycle) || state(cycle) != State::Known)
        return {};
    return {m_features->index(cycle - 1), m_features->index(cycle), m_features->matches(cycle)};
}

QString RunSteps::reason(int cycle) const {
    for (const int side : {cycle - 1, cycle})
        if (m_features->state(side) == RunFeatures::State::Unusable)
            return m_features->reason(side);
    return m_features->matchesReason(cycle);
}

int RunSteps::culprit(int cycle) const {
    return m_features->state(cycle - 1) == RunFeatures::State::Unusable ? cycle - 1 : cycle;
}

void RunSteps::want(int first) {
    if (has(first))
        m_features->wantMatches(first);
    // Newest first: that is where one looks.
    for (auto step = m_steps.rbegin(); step != m_steps.rend(); ++step)
        m_features->wantMatches(*step);
}

bool RunSteps::isWaiting() const {
    return std::any_of(m_steps.begin(), m_steps.end(), [this](int cycle) {
        const State at = state(cycle);
        return at == State::Reading || at == State::Matching;
    });
}

}  // namespace saeception
