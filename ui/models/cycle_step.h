// SPDX-License-Identifier: GPL-3.0-or-later
// One step of a run, from a cycle to the next: both feature indexes and what became of the features between
// them.
#pragma once

#include "features/feature_index.h"
#include "features/feature_matches.h"

#include <array>
#include <memory>
#include <vector>

namespace saeception {

/// All three are set, or the step is not known (yet).
struct CycleStep {
    std::shared_ptr<const FeatureIndex> before;
    std::shared_ptr<const FeatureIndex> after;
    std::shared_ptr<const FeatureMatches> matches;

    bool isKnown() const { return before && after && matches; }
    /// The later cycle.
    int cycle() const { return matches->cycle; }
    bool operator==(const CycleStep&) const = default;
};

/// How many features of one side have a fate, and which share of that side's firings is theirs.
struct FateSum {
    int features = 0;
    double firings = 0;  ///< 0..1
};

/// By Fate.
using FateSums = std::array<FateSum, fateCount>;
FateSums fateSums(const MatchedSide& side, const FeatureIndex& index);

/// A feature with its counterpart; -1 where it has none: before it was born, or after it died.
struct FeaturePair {
    int before = -1;
    int after = -1;
    Fate fate = Fate::Gone;
    float cosine = 0;  ///< of the decoder directions; NaN without a counterpart
    float coactivation = 0;
};

/// Every feature that fires in either cycle: those of the earlier one in their order, a whole that splits
/// once for each part, then the features that were born.
std::vector<FeaturePair> pairsOf(const CycleStep& step);

/// Of the earlier cycle, [features]: 1 for those that sharpening kept for any label to make the later one.
std::vector<char> salientFlags(const CycleStep& step);

/// By how much a feature raises the logit of class `label` above the mean of the others', for each unit of
/// activation. NaN where effects are not known, or for label -1.
double effectTowards(const FeatureIndex& index, int feature, int label);

/// By how much more the later feature raises the class that the earlier one raises most; NaN without a
/// counterpart.
double effectChange(const CycleStep& step, const FeaturePair& pair);

}  // namespace saeception
