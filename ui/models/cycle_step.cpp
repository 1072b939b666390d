// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/cycle_step.h"

#include <algorithm>
#include <limits>

namespace saeception {
namespace {

constexpr float none = std::numeric_limits<float>::quiet_NaN();

}  // namespace

FateSums fateSums(const MatchedSide& side, const FeatureIndex& index) {
    FateSums sums;
    std::array<std::int64_t, fateCount> fires{};
    std::int64_t all = 0;
    for (std::size_t f = 0; f < side.fates.size(); ++f) {
        const auto fate = static_cast<std::size_t>(side.fates[f]);
        ++sums[fate].features;
        fires[fate] += index.fires()[f];
        all += index.fires()[f];
    }
    for (std::size_t fate = 0; fate < sums.size(); ++fate)
        sums[fate].firings = all > 0 ? static_cast<double>(fires[fate]) / static_cast<double>(all) : 0;
    return sums;
}

std::vector<FeaturePair> pairsOf(const CycleStep& step) {
    std::vector<FeaturePair> pairs;
    const MatchedSide& before = step.matches->before;
    for (int f = 0; f < step.before->featureCount(); ++f) {
        if (before.fate(f) == Fate::Silent)
            continue;
        for (const Counterpart& counterpart : before.of(f))
            pairs.push_back(
                {f, counterpart.feature, before.fate(f), counterpart.cosine, counterpart.coactivation});
        if (before.of(f).empty())
            pairs.push_back({f, -1, Fate::Gone, none, none});
    }
    for (int f = 0; f < step.after->featureCount(); ++f)
        if (step.matches->after.fate(f) == Fate::Gone)
            pairs.push_back({-1, f, Fate::Gone, none, none});
    return pairs;
}

std::vector<char> salientFlags(const CycleStep& step) {
    std::vector<char> flags(static_cast<std::size_t>(step.before->featureCount()));
    for (int label = 0; label < step.before->classCount(); ++label)
        for (const int feature : step.before->salientFeatures(label, step.after->origin()))
            flags[static_cast<std::size_t>(feature)] = 1;
    return flags;
}

double effectTowards(const FeatureIndex& index, int feature, int label) {
    const auto classes = static_cast<std::size_t>(index.classCount());
    if (label < 0 || classes < 2)
        return static_cast<double>(none);
    const auto effects = index.classEffect().subspan(static_cast<std::size_t>(feature) * classes, classes);
    double others = 0;
    for (std::size_t c = 0; c < classes; ++c)
        others += c == static_cast<std::size_t>(label) ? 0 : static_cast<double>(effects[c]);
    return static_cast<double>(effects[static_cast<std::size_t>(label)]) -
           others / static_cast<double>(classes - 1);
}

double effectChange(const CycleStep& step, const FeaturePair& pair) {
    if (pair.before < 0 || pair.after < 0)
        return static_cast<double>(none);
    const int label = step.before->favouredClass(pair.before);
    return effectTowards(*step.after, pair.after, label) - effectTowards(*step.before, pair.before, label);
}

}  // namespace saeception
