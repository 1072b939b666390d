// SPDX-License-Identifier: GPL-3.0-or-later
// The steps of the run in view, from one cycle to the next, as far as the store of its features knows them.
#pragma once

#include "ui/jobs/run_features.h"
#include "ui/models/cycle_step.h"

#include <QObject>

#include <vector>

namespace saeception {

class RunSteps : public QObject {
    Q_OBJECT

public:
    enum class State {
        Reading,   ///< an index has not come yet
        Matching,  ///< both are there, their features are being matched
        Known,
        Failed,
    };

    /// `features` must outlive this object.
    explicit RunSteps(RunFeatures* features, QObject* parent = nullptr);

    /// With an index, ascending.
    const std::vector<int>& cycles() const { return m_features->cycles(); }
    /// The later cycle of each step, ascending: those with an index whose cycle before has one too.
    const std::vector<int>& steps() const { return m_steps; }
    bool has(int cycle) const;
    State state(int cycle) const;
    /// Unknown in every state but Known.
    CycleStep step(int cycle) const;
    /// Why a step failed, in one line, and the cycle whose index is to be built again.
    QString reason(int cycle) const;
    int culprit(int cycle) const;
    /// Asks for every step, `first` before the others.
    void want(int first);
    /// Whether a step is still being read or matched.
    bool isWaiting() const;

Q_SIGNALS:
    /// Another run, or other cycles of it.
    void stepsChanged();
    void stepChanged(int cycle);

private:
    void find();

    RunFeatures* m_features;
    std::vector<int> m_steps;
};

}  // namespace saeception
