// SPDX-License-Identifier: GPL-3.0-or-later
// The few numbers that stand for a node of the cycle map: its last epoch, or what the evaluation came to.
#pragma once

#include "ui/models/cycle_story.h"

#include <QString>

#include <vector>

namespace saeception {

struct CycleNumber {
    QString title;
    QString value;
    QString change;   ///< "▲ 0.010", against the cycle before; empty where there is none
    int verdict = 0;  ///< of the change: 1 better, -1 worse
    QString tooltip;  ///< rich text; may be empty

    bool operator==(const CycleNumber&) const = default;
};

/// Of a stage or of what it makes; none where it has none.
std::vector<CycleNumber> cycleNumbers(const CycleStory& story, const CycleNode& node);

/// What must not be overlooked in the results of `cycle`, beside those before it.
QStringList cycleWarnings(const CycleStory& story, const CycleNode& node);

}  // namespace saeception
