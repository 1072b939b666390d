// SPDX-License-Identifier: GPL-3.0-or-later
// One feature followed through the cycles of a run by its best counterparts.
#pragma once

#include "ui/models/cycle_step.h"

#include <functional>
#include <vector>

namespace saeception {

/// What stands for a followed feature in one cycle.
struct ChainEntry {
    enum class State {
        Present,
        Died,       ///< it was there last in cycle `edge`
        Unborn,     ///< it is there first in cycle `edge`
        Unmatched,  ///< the feature that is followed never fires: nothing stands for it elsewhere
        Unknown,    ///< the step to or from cycle `edge` is not known
    };
    int cycle = 0;
    State state = State::Unknown;
    int feature = -1;  ///< where it is present
    int edge = -1;
    /// How it came from the cycle before; Gone: it did not.
    Fate fate = Fate::Gone;
    Counterpart link;  ///< to the cycle before, where it came from there
    int parts = 1;     ///< of a split or merger, how many the whole has
};

/// Of each cycle in `cycles` (ascending) what stands for `feature` of `cycle`, which is one of them.
/// stepOf(n): the step from n - 1 to n, which may be unknown. A feature that splits or merges is followed to
/// its best counterpart.
std::vector<ChainEntry> followFeature(const std::vector<int>& cycles,
                                      const std::function<CycleStep(int)>& stepOf, int cycle, int feature);

/// The best counterpart in cycle `to` of `feature` of cycle `from`, step by step; -1 where there is none or a
/// step is not known. matchesOf(n): of n - 1 and n, or null.
int counterpartIn(const std::function<std::shared_ptr<const FeatureMatches>(int)>& matchesOf, int from,
                  int feature, int to);

/// The features that were kept or drifted in every one of `steps` (consecutive, all known): a row a feature,
/// a number a cycle. @returns [matched throughout][steps + 1]
std::vector<std::vector<int>> matchedThroughout(const std::vector<CycleStep>& steps);

}  // namespace saeception
