// SPDX-License-Identifier: GPL-3.0-or-later
#include "features/feature_query.h"

#include "base/files.h"
#include "features/caseless_pattern.h"
#include "features/index_tables.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace saeception {
namespace {

// In single precision: what was read off a float must find that float.
bool compares(float left, const std::string& sign, float right) {
    // NaN satisfies nothing.
    if (sign == ">")
        return left > right;
    if (sign == ">=")
        return left >= right;
    if (sign == "<")
        return left < right;
    if (sign == "<=")
        return left <= right;
    return left == right;
}

float quantileAt(const FeatureIndex& index, int feature, std::size_t which) {
    return index.quantiles(feature)[which];
}

}  // namespace

float featureNumber(const FeatureIndex& index, int feature, FeatureNumber number, int label) {
    const auto f = static_cast<std::size_t>(feature);
    const auto ofClass = f * static_cast<std::size_t>(index.classCount()) + static_cast<std::size_t>(label);
    switch (number) {
        case FeatureNumber::Feature:
            return static_cast<float>(feature);
        case FeatureNumber::Fires:
            return static_cast<float>(index.fires()[f]);
        case FeatureNumber::Density:
            return index.density()[f];
        case FeatureNumber::LogDensity:
            return index.density()[f] > 0 ? std::log10(index.density()[f])
                                          : std::numeric_limits<float>::quiet_NaN();
        case FeatureNumber::Mean:
            return index.meanActivation()[f];
        case FeatureNumber::Max:
            return index.maxActivation()[f];
        case FeatureNumber::P25:
            return quantileAt(index, feature, 0);
        case FeatureNumber::Median:
            return quantileAt(index, feature, 1);
        case FeatureNumber::P75:
            return quantileAt(index, feature, 2);
        case FeatureNumber::P90:
            return quantileAt(index, feature, 3);
        case FeatureNumber::P99:
            return quantileAt(index, feature, 4);
        case FeatureNumber::Csi:
            return index.csi()[f];
        case FeatureNumber::Usefulness:
            return index.usefulness()[f];
        case FeatureNumber::Effect:
            return index.signedEffect(feature);
        case FeatureNumber::ClassMean:
            return index.classMean()[ofClass];
        case FeatureNumber::ClassEffect:
            break;
    }
    return index.classEffect()[ofClass];
}

std::span<const FeatureNumberName> featureNumberNames() {
    using N = FeatureNumber;
    static const std::vector<FeatureNumberName> names = {
        {"feature", N::Feature, "the feature's number"},
        {"fires", N::Fires, "tokens on which it fires"},
        {"density", N::Density, "share of tokens on which it fires"},
        {"logdensity", N::LogDensity, "log10 of the density"},
        {"mean", N::Mean, "mean activation where it fires"},
        {"max", N::Max, "largest activation"},
        {"p25", N::P25, "quantile of its activations where it fires"},
        {"median", N::Median, "the same, half of them"},
        {"p75", N::P75, "the same"},
        {"p90", N::P90, "the same"},
        {"p99", N::P99, "the same"},
        {"csi", N::Csi, "class selectivity index"},
        {"u", N::Usefulness, "U = I(fires; label) / H(label)"},
        {"effect", N::Effect,
         "change of the second class's logit less the first's for a unit of activation; of more than two "
         "classes "
         "how far it raises its favoured one above the others"}};
    return names;
}

class FeatureQuery::Matcher {
public:
    Matcher(const FeatureIndex& index, const FeatureLabels& labels, const SentenceSearch& search)
        : m_index(index), m_labels(labels), m_search(search) {}

    void apply(const Term& term, std::vector<std::uint8_t>& wanted) const {
        std::vector<std::uint8_t> found(wanted.size());
        mark(term, found);
        for (std::size_t f = 0; f < wanted.size(); ++f)
            wanted[f] = wanted[f] != 0 && (found[f] != 0) != term.negated ? 1 : 0;
    }

private:
    using Marks = std::vector<std::uint8_t>;

    template <typename Holds>
    void each(Marks& found, const Holds& isWanted) const {
        for (int f = 0; f < m_index.featureCount(); ++f)
            found[static_cast<std::size_t>(f)] = isWanted(f) ? 1 : 0;
    }
    template <typename Holds>
    void eachLabelled(Marks& found, const Holds& isWanted) const {
        for (const auto& [feature, label] : m_labels)
            if (feature < m_index.featureCount() && isWanted(label))
                found[static_cast<std::size_t>(feature)] = 1;
    }
    void inSentences(const std::string& text, Marks& found) const {
        const Marks sentences = m_search.find(text);
        for (int f = 0; f < m_index.featureCount(); ++f)
            for (const std::int32_t sentence : m_index.listed(f, Band::Top))
                if (sentences[static_cast<std::size_t>(sentence)] != 0) {
                    found[static_cast<std::size_t>(f)] = 1;
                    break;
                }
    }

    void mark(const Term& term, Marks& found) const {
        const CaselessPattern pattern(term.text);
        switch (term.kind) {
            case Kind::Number:
                each(found, [&](int f) {
                    return compares(featureNumber(m_index, f, term.number, term.label), term.sign,
                                    static_cast<float>(term.value));
                });
                break;
            case Kind::Alive:
                each(found, [&](int f) { return m_index.isAlive(f); });
                break;
            case Kind::Starred:
                eachLabelled(found, [](const FeatureLabel& label) { return label.starred; });
                break;
            case Kind::Labelled:
                eachLabelled(found, [](const FeatureLabel& label) { return !label.label.empty(); });
                break;
            case Kind::StrongestFor:
                each(found, [&](int f) { return m_index.strongestClass(f) == term.label; });
                break;
            case Kind::Favours:
                each(found, [&](int f) { return m_index.favouredClass(f) == term.label; });
                break;
            case Kind::Label:
                eachLabelled(found, [&](const FeatureLabel& label) { return pattern.isIn(label.label); });
                break;
            case Kind::Note:
                eachLabelled(found, [&](const FeatureLabel& label) { return pattern.isIn(label.note); });
                break;
            case Kind::List: {
                const CaselessPattern whole(term.text, CaselessPattern::Where::Whole);
                eachLabelled(found, [&](const FeatureLabel& label) {
                    return std::any_of(label.lists.begin(), label.lists.end(),
                                       [&](const std::string& list) { return whole.isIn(list); });
                });
                break;
            }
            case Kind::Text:
                inSentences(term.text, found);
                break;
            case Kind::Token:
                each(found, [&](int f) {
                    return std::ranges::any_of(
                        m_index.peakTokens(f, peakTokenCount),
                        [&](const std::string& token) { return pattern.isIn(validUtf8(token)); });
                });
                break;
            case Kind::Raises:
            case Kind::Lowers:
                each(found, [&](int f) {
                    return m_index.isAlive(f) &&
                           std::ranges::any_of(
                               term.kind == Kind::Raises ? m_index.topTokens(f) : m_index.bottomTokens(f),
                               [&](const TokenEffect& token) { return pattern.isIn(validUtf8(token.text)); });
                });
                break;
            case Kind::Concept:
                each(found, [&](int f) {
                    const std::vector<ConceptMatch> concepts = m_index.conceptsOf(f);
                    return !concepts.empty() && concepts.front().conceptId == term.label;
                });
                break;
            case Kind::Near:
                for (const NeighbourFeature& neighbour : m_index.neighbours(term.label))
                    found[static_cast<std::size_t>(neighbour.feature)] = 1;
                break;
            case Kind::With:
                for (const Companion& companion : m_index.companions(term.label))
                    found[static_cast<std::size_t>(companion.feature)] = 1;
                break;
            case Kind::Anything:
                inSentences(term.text, found);
                if (term.label >= 0)
                    found[static_cast<std::size_t>(term.label)] = 1;
                eachLabelled(found, [&](const FeatureLabel& label) {
                    return pattern.isIn(label.label) || pattern.isIn(label.note);
                });
                break;
        }
    }

    const FeatureIndex& m_index;
    const FeatureLabels& m_labels;
    const SentenceSearch& m_search;
};

std::vector<std::uint8_t> FeatureQuery::matches(const FeatureIndex& index, const FeatureLabels& labels,
                                                const SentenceSearch& search) const {
    std::vector<std::uint8_t> wanted(static_cast<std::size_t>(index.featureCount()), 1);
    const Matcher matcher(index, labels, search);
    for (const Term& term : m_terms)
        matcher.apply(term, wanted);
    return wanted;
}

}  // namespace saeception
