// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/feature_chain.h"

#include <algorithm>

namespace saeception {
namespace {

using State = ChainEntry::State;

// The link between a feature and its best counterpart, as the later cycle's entry tells it.
void link(ChainEntry& later, const FeatureMatches& matches, int before, int after, Counterpart counterpart) {
    later.fate = matches.after.fate(after);
    later.link = {before, counterpart.cosine, counterpart.coactivation};
    const std::size_t parts =
        later.fate == Fate::SplitUp ? matches.before.of(before).size() : matches.after.of(after).size();
    later.parts = static_cast<int>(parts);
}

}  // namespace

std::vector<ChainEntry> followFeature(const std::vector<int>& cycles,
                                      const std::function<CycleStep(int)>& stepOf, int cycle, int feature) {
    std::vector<ChainEntry> chain;
    for (const int c : cycles) {
        chain.emplace_back();
        chain.back().cycle = c;
    }
    const auto start = std::find(cycles.begin(), cycles.end(), cycle) - cycles.begin();
    const auto fill = [&](std::ptrdiff_t from, std::ptrdiff_t direction, State state, int edge) {
        for (std::ptrdiff_t i = from; i >= 0 && i < std::ssize(chain); i += direction) {
            chain[static_cast<std::size_t>(i)].state = state;
            chain[static_cast<std::size_t>(i)].edge = edge;
        }
    };
    const auto at = [&](std::ptrdiff_t i) -> ChainEntry& { return chain[static_cast<std::size_t>(i)]; };
    if (start == std::ssize(chain))
        return chain;
    at(start).state = State::Present;
    at(start).feature = feature;
    for (const std::ptrdiff_t direction : {1, -1})
        for (std::ptrdiff_t i = start; i + direction >= 0 && i + direction < std::ssize(chain);
             i += direction) {
            const int here = at(i).cycle;
            const int later = direction > 0 ? here + 1 : here;
            const bool adjacent = at(i + direction).cycle == here + direction;
            const CycleStep step = adjacent ? stepOf(later) : CycleStep();
            if (!step.isKnown()) {
                fill(i + direction, direction, State::Unknown, later);
                break;
            }
            const MatchedSide& side = direction > 0 ? step.matches->before : step.matches->after;
            const int from = at(i).feature;
            if (side.of(from).empty()) {
                const State end = direction > 0 ? State::Died : State::Unborn;
                fill(i + direction, direction, side.fate(from) == Fate::Silent ? State::Unmatched : end,
                     here);
                break;
            }
            const Counterpart best = side.of(from).front();
            at(i + direction).state = State::Present;
            at(i + direction).feature = best.feature;
            if (direction > 0)
                link(at(i + 1), *step.matches, from, best.feature, best);
            else
                link(at(i), *step.matches, best.feature, from, best);
        }
    return chain;
}

int counterpartIn(const std::function<std::shared_ptr<const FeatureMatches>(int)>& matchesOf, int from,
                  int feature, int to) {
    const int direction = to > from ? 1 : -1;
    for (int cycle = from; cycle != to && feature >= 0; cycle += direction) {
        const std::shared_ptr<const FeatureMatches> matches = matchesOf(std::max(cycle, cycle + direction));
        if (!matches)
            return -1;
        const MatchedSide& side = direction > 0 ? matches->before : matches->after;
        if (feature >= static_cast<int>(side.fates.size()))
            return -1;
        const auto counterparts = side.of(feature);
        feature = counterparts.empty() ? -1 : counterparts.front().feature;
    }
    return feature;
}

std::vector<std::vector<int>> matchedThroughout(const std::vector<CycleStep>& steps) {
    std::vector<std::vector<int>> chains;
    if (steps.empty())
        return chains;
    for (int f = 0; f < steps.front().before->featureCount(); ++f) {
        std::vector<int> chain = {f};
        for (const CycleStep& step : steps) {
            const Fate fate = step.matches->before.fate(chain.back());
            if (fate != Fate::Kept && fate != Fate::Drifted)
                break;
            chain.push_back(step.matches->before.of(chain.back()).front().feature);
        }
        if (chain.size() == steps.size() + 1)
            chains.push_back(std::move(chain));
    }
    return chains;
}

}  // namespace saeception
