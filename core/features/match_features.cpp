// SPDX-License-Identifier: GPL-3.0-or-later
#include "features/match_features.h"

#include "features/assignment.h"
#include "features/companions.h"
#include "features/decoder_geometry.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace saeception {
namespace {

constexpr std::int64_t candidatesPerFeature = 16;

/// A pair of features that may stand for one another.
struct Candidate {
    std::int32_t before = 0;
    std::int32_t after = 0;
    float cosine = 0;
    float coactivation = 0;
    std::int32_t together = 0;  ///< tokens on which both fire
    float score() const { return Counterpart{after, cosine, coactivation}.score(); }
};

/// The codes of both cycles over the tokens that both samples hold.
struct CommonTokens {
    SparseCode before;
    SparseCode after;
};

CommonTokens commonTokens(const FeatureIndex& before, const FeatureIndex& after) {
    CommonTokens common;
    common.before.features = before.featureCount();
    common.after.features = after.featureCount();
    const SampleView left = before.sample();
    const SampleView right = after.sample();
    const auto append = [](const SampleView& view, std::size_t sentence, SparseCode& code) {
        for (std::int64_t row = view.rows[sentence]; row < view.rows[sentence + 1]; ++row) {
            for (std::int64_t e = view.offsets[static_cast<std::size_t>(row)];
                 e < view.offsets[static_cast<std::size_t>(row) + 1]; ++e)
                code.add(view.features[static_cast<std::size_t>(e)],
                         view.values[static_cast<std::size_t>(e)]);
            code.endRow();
        }
    };
    for (std::size_t l = 0, r = 0; l < left.sentences.size() && r < right.sentences.size();) {
        const IndexedSentence a = before.sentence(left.sentences[l]);
        const IndexedSentence b = after.sentence(right.sentences[r]);
        const SentenceKey keyA = sentenceKey(a.split, a.example);
        const SentenceKey keyB = sentenceKey(b.split, b.example);
        if (keyA == keyB && a.firstToken == b.firstToken && std::ranges::equal(a.tokens, b.tokens)) {
            append(left, l, common.before);
            append(right, r, common.after);
        }
        l += keyA <= keyB ? 1 : 0;
        r += keyB <= keyA ? 1 : 0;
    }
    return common;
}

std::vector<double> normsOf(const RowsByFeature& rows) {
    std::vector<double> norms;
    for (std::size_t f = 0; f + 1 < rows.offsets.size(); ++f) {
        double sum = 0;
        for (std::int64_t i = rows.offsets[f]; i < rows.offsets[f + 1]; ++i) {
            const auto value = static_cast<double>(rows.values[static_cast<std::size_t>(i)]);
            sum += value * value;
        }
        norms.push_back(std::sqrt(sum));
    }
    return norms;
}

using Pairs = std::map<std::pair<std::int32_t, std::int32_t>, Candidate>;

// The nearest decoders of the features that fire at all, seen from either side.
void addNearestDecoders(Pairs& pairs, const at::Tensor& from, const std::vector<std::int64_t>& aliveFrom,
                        const at::Tensor& to, const std::vector<std::int64_t>& aliveTo, bool swapped,
                        const StepControl& steps) {
    const auto nearest = nearestDirections(from.index_select(0, at::tensor(aliveFrom, at::kLong)),
                                           to.index_select(0, at::tensor(aliveTo, at::kLong)),
                                           candidatesPerFeature, false, steps);
    for (std::size_t i = 0; i < nearest.size(); ++i)
        for (const NeighbourFeature& neighbour : nearest[i]) {
            const auto a = static_cast<std::int32_t>(aliveFrom[i]);
            const auto b = static_cast<std::int32_t>(aliveTo[static_cast<std::size_t>(neighbour.feature)]);
            pairs[swapped ? std::pair(b, a) : std::pair(a, b)];
        }
}

class Coactivation {
public:
    Coactivation(const CommonTokens& common)
        : m_common(common),
          m_before(rowsByFeature(common.before)),
          m_after(rowsByFeature(common.after)),
          m_normsBefore(normsOf(m_before)),
          m_normsAfter(normsOf(m_after)),
          m_products(static_cast<std::size_t>(common.after.features)),
          m_together(static_cast<std::size_t>(common.after.features)) {}

    std::int64_t countBefore(std::int32_t f) const { return m_before.count(f); }
    std::int64_t countAfter(std::int32_t f) const { return m_after.count(f); }

    // Adds the most alike of each feature of either side, and tells of every pair how alike it is.
    void measure(Pairs& pairs, const StepControl& steps) {
        std::vector<std::vector<Candidate>> bestOfAfter(m_products.size());
        auto pair = pairs.begin();
        std::vector<Candidate> found;
        for (std::int32_t f = 0; f < m_common.before.features; ++f) {
            if (f % 64 == 0)
                steps.holdOrStop();
            const std::vector<Candidate> candidates = alike(f);
            for (; pair != pairs.end() && pair->first.first == f; ++pair)
                tell(pair->second, pair->first);
            keepBest(candidates, found);
            for (const Candidate& candidate : candidates) {
                std::vector<Candidate>& own = bestOfAfter[static_cast<std::size_t>(candidate.after)];
                own.push_back(candidate);
                if (own.size() >= 4 * candidatesPerFeature)
                    cut(own);
            }
            clear(candidates);
        }
        for (std::vector<Candidate>& own : bestOfAfter) {
            cut(own);
            found.insert(found.end(), own.begin(), own.end());
        }
        for (const Candidate& candidate : found)
            pairs[{candidate.before, candidate.after}] = candidate;
    }

private:
    std::vector<Candidate> alike(std::int32_t f) {
        m_met.clear();
        for (std::int64_t i = m_before.offsets[static_cast<std::size_t>(f)];
             i < m_before.offsets[static_cast<std::size_t>(f) + 1]; ++i) {
            const SparseCode::Row row = m_common.after.row(m_before.rows[static_cast<std::size_t>(i)]);
            const auto own = static_cast<double>(m_before.values[static_cast<std::size_t>(i)]);
            for (std::size_t e = 0; e < row.size(); ++e) {
                const auto other = static_cast<std::size_t>(row.columns[e]);
                if (m_together[other]++ == 0)
                    m_met.push_back(row.columns[e]);
                m_products[other] += own * static_cast<double>(row.values[e]);
            }
        }
        std::vector<Candidate> candidates;
        for (const std::int32_t other : m_met) {
            Candidate candidate;
            tell(candidate, {f, other});
            candidates.push_back(candidate);
        }
        return candidates;
    }
    void tell(Candidate& candidate, std::pair<std::int32_t, std::int32_t> pair) const {
        const auto other = static_cast<std::size_t>(pair.second);
        const double norms = m_normsBefore[static_cast<std::size_t>(pair.first)] * m_normsAfter[other];
        candidate.before = pair.first;
        candidate.after = pair.second;
        candidate.coactivation = norms > 0 ? static_cast<float>(m_products[other] / norms) : 0.0F;
        candidate.together = m_together[other];
    }
    void clear(const std::vector<Candidate>& candidates) {
        for (const Candidate& candidate : candidates) {
            m_products[static_cast<std::size_t>(candidate.after)] = 0;
            m_together[static_cast<std::size_t>(candidate.after)] = 0;
        }
    }
    static void cut(std::vector<Candidate>& candidates) {
        std::sort(candidates.begin(), candidates.end(), [](const Candidate& a, const Candidate& b) {
            if (a.coactivation != b.coactivation)
                return a.coactivation > b.coactivation;
            return std::pair(a.before, a.after) < std::pair(b.before, b.after);
        });
        if (candidates.size() > candidatesPerFeature)
            candidates.resize(candidatesPerFeature);
    }
    static void keepBest(std::vector<Candidate> candidates, std::vector<Candidate>& kept) {
        cut(candidates);
        kept.insert(kept.end(), candidates.begin(), candidates.end());
    }

    const CommonTokens& m_common;
    const RowsByFeature m_before;
    const RowsByFeature m_after;
    const std::vector<double> m_normsBefore;
    const std::vector<double> m_normsAfter;
    std::vector<double> m_products;  // of the feature at hand with each later one
    std::vector<std::int32_t> m_together;
    std::vector<std::int32_t> m_met;
};

void addCosines(std::vector<Candidate>& candidates, const at::Tensor& before, const at::Tensor& after) {
    const at::Tensor left = before.to(at::kFloat).contiguous();
    const at::Tensor right = after.to(at::kFloat).contiguous();
    const auto d = static_cast<std::size_t>(left.size(1));
    for (Candidate& candidate : candidates) {
        const float* const a = left.data_ptr<float>() + static_cast<std::size_t>(candidate.before) * d;
        const float* const b = right.data_ptr<float>() + static_cast<std::size_t>(candidate.after) * d;
        double product = 0;
        double squareA = 0;
        double squareB = 0;
        for (std::size_t i = 0; i < d; ++i) {
            product += static_cast<double>(a[i]) * static_cast<double>(b[i]);
            squareA += static_cast<double>(a[i]) * static_cast<double>(a[i]);
            squareB += static_cast<double>(b[i]) * static_cast<double>(b[i]);
        }
        const double norms = std::sqrt(squareA * squareB);
        candidate.cosine = norms > 0 ? static_cast<float>(product / norms) : 0.0F;
    }
}

/// Decides what became of each feature, in this order: kept, split, merged, drifted, gone.
class Decision {
public:
    Decision(FeatureMatches& matches, std::vector<Candidate> candidates, const Coactivation& tokens)
        : m_matches(matches), m_candidates(std::move(candidates)), m_tokens(tokens) {
        m_before.resize(matches.before.fates.size());
        m_after.resize(matches.after.fates.size());
    }

    void decide() {
        std::vector<AssignmentEdge> edges;
        for (const Candidate& candidate : m_candidates)
            if (candidate.score() >= driftedScore)
                edges.push_back({candidate.before, candidate.after, static_cast<double>(candidate.score())});
        const auto assigned = bestAssignment(static_cast<std::int32_t>(m_before.size()),
                                             static_cast<std::int32_t>(m_after.size()), edges);
        for (const auto& [before, after] : assigned)
            if (const Candidate& pair = candidateOf(before, after); pair.score() >= keptScore)
                settle(pair, Fate::Kept);
        joinParts(true);
        joinParts(false);
        for (const auto& [before, after] : assigned)
            if (isOpen(m_matches.before, before) && isOpen(m_matches.after, after))
                settle(candidateOf(before, after), Fate::Drifted);
        finish(m_matches.before, m_before);
        finish(m_matches.after, m_after);
    }

private:
    static bool isOpen(const MatchedSide& side, std::int32_t f) { return side.fate(f) == Fate::Gone; }
    const Candidate& candidateOf(std::int32_t before, std::int32_t after) const {
        return *std::lower_bound(m_candidates.begin(), m_candidates.end(), std::pair(before, after),
                                 [](const Candidate& a, const std::pair<std::int32_t, std::int32_t>& b) {
                                     return std::pair(a.before, a.after) < b;
                                 });
    }
    void settle(const Candidate& pair, Fate fate) {
        m_matches.before.fates[static_cast<std::size_t>(pair.before)] = fate;
        m_matches.after.fates[static_cast<std::size_t>(pair.after)] = fate;
        m_before[static_cast<std::size_t>(pair.before)].push_back(
            {pair.after, pair.cosine, pair.coactivation});
        m_after[static_cast<std::size_t>(pair.after)].push_back(
            {pair.before, pair.cosine, pair.coactivation});
    }

    // The parts of a whole that splits are later features, those of one that merges earlier ones.
    void joinParts(bool splits) {
        struct Part {
            const Candidate* pair = nullptr;
            double inside = 0;
        };
        std::map<std::int32_t, Part> bestOfPart;
        for (const Candidate& pair : m_candidates) {
            if (!isOpen(m_matches.before, pair.before) || !isOpen(m_matches.after, pair.after))
                continue;
            const auto before = static_cast<double>(m_tokens.countBefore(pair.before));
            const auto after = static_cast<double>(m_tokens.countAfter(pair.after));
            const double inside = pair.together / std::max(1.0, splits ? after : before);
            const double share = pair.together / std::max(1.0, splits ? before : after);
            if (pair.together < leastTogether || inside < insideShare || share < partShare)
                continue;
            Part& best = bestOfPart[splits ? pair.after : pair.before];
            if (best.pair == nullptr || inside > best.inside ||
                (inside == best.inside && pair.score() > best.pair->score()))
                best = {&pair, inside};
        }
        std::map<std::int32_t, std::vector<const Candidate*>> wholes;
        for (const auto& [part, best] : bestOfPart)
            wholes[splits ? best.pair->before : best.pair->after].push_back(best.pair);
        for (const auto& [whole, parts] : wholes)
            if (parts.size() >= 2)
                for (const Candidate* pair : parts)
                    settle(*pair, splits ? Fate::SplitUp : Fate::Merged);
    }

    static void finish(MatchedSide& side, std::vector<std::vector<Counterpart>>& counterparts) {
        for (std::vector<Counterpart>& list : counterparts) {
            std::stable_sort(list.begin(), list.end(), [](const Counterpart& a, const Counterpart& b) {
                return a.score() > b.score();
            });
            side.counterparts.insert(side.counterparts.end(), list.begin(), list.end());
            side.offsets.push_back(static_cast<std::int64_t>(side.counterparts.size()));
        }
    }

    FeatureMatches& m_matches;
    const std::vector<Candidate> m_candidates;  // by (before, after)
    const Coactivation& m_tokens;
    std::vector<std::vector<Counterpart>> m_before;
    std::vector<std::vector<Counterpart>> m_after;
};

std::vector<std::int64_t> begin(const FeatureIndex& index, MatchedSide& side) {
    side.model = index.origin().model;
    side.sae = index.origin().sae;
    side.data = index.origin().data;
    std::vector<std::int64_t> alive;
    for (int f = 0; f < index.featureCount(); ++f) {
        side.fates.push_back(index.isAlive(f) ? Fate::Gone : Fate::Silent);
        if (index.isAlive(f))
            alive.push_back(f);
    }
    return alive;
}

}  // namespace

FeatureMatches matchFeatures(const FeatureIndex& before, const at::Tensor& decoderBefore,
                             const FeatureIndex& after, const at::Tensor& decoderAfter,
                             const StepControl& steps) {
    const at::NoGradGuard noGrad;
    FeatureMatches matches;
    matches.cycle = after.cycle();
    const std::vector<std::int64_t> aliveBefore = begin(before, matches.before);
    const std::vector<std::int64_t> aliveAfter = begin(after, matches.after);
    Pairs pairs;
    if (decoderBefore.size(1) == decoderAfter.size(1)) {
        addNearestDecoders(pairs, decoderBefore, aliveBefore, decoderAfter, aliveAfter, false, steps);
        addNearestDecoders(pairs, decoderAfter, aliveAfter, decoderBefore, aliveBefore, true, steps);
    }
    const CommonTokens common = commonTokens(before, after);
    Coactivation coactivation(common);
    coactivation.measure(pairs, steps);
    std::vector<Candidate> candidates;
    for (const auto& [pair, candidate] : pairs)
        candidates.push_back(candidate);
    if (decoderBefore.size(1) == decoderAfter.size(1))
        addCosines(candidates, decoderBefore, decoderAfter);
    Decision(matches, std::move(candidates), coactivation).decide();
    return matches;
}

}  // namespace saeception
