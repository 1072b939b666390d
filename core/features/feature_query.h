// SPDX-License-Identifier: GPL-3.0-or-later
// A line of words that says which features are wanted: "u>0.05 class:positive density<1%". Torch-free.
#pragma once

#include "features/feature_index.h"
#include "features/feature_labels.h"
#include "features/sentence_search.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace saeception {

/// What of a feature can be compared, shown as a column and sorted by.
enum class FeatureNumber {
    Feature,  ///< its number
    Fires,
    Density,     ///< 0..1
    LogDensity,  ///< log10 of it
    Mean,
    Max,
    P25,
    Median,
    P75,
    P90,
    P99,
    Csi,
    Usefulness,
    Effect,      ///< FeatureIndex::signedEffect
    ClassMean,   ///< of one class
    ClassEffect  ///< of one class
};

/// NaN where the index has none. `label`: the class, for the last two.
float featureNumber(const FeatureIndex& index, int feature, FeatureNumber number, int label = 0);

struct FeatureNumberName {
    std::string name;  ///< as written in queries: "density"
    FeatureNumber number{};
    std::string meaning;  ///< one line
};
/// All that can be compared without naming a class.
std::span<const FeatureNumberName> featureNumberNames();

/// Words of a query all hold at once; "-" before one says that it must not.
///   alive  dead  starred  labelled           what it is
///   u>0.05  density<1%  max>=3  effect>0.1    numbers: > >= < <= =, with % or k
///   mean:positive>0.2  effect:positive<0      of one class
///   class:positive  favours:negative          strongest for, raises most
///   label:"..."  note:...  list:...           what was written
///   text:...  token:...  concept:negation     in its top sentences, among what it fires on, detected best
///   raises:...  lowers:...                    among its top and bottom vocabulary tokens
///   near:17  with:17                          its decoder neighbours, its companions
///   #17                                       the feature of this number
///   anything else                             in label, note or top sentences; a number is that feature, too
/// Spaces may stand around a comparison's sign.
class FeatureQuery {
public:
    FeatureQuery() = default;
    /// @throws UserError in one line naming the word and what can be written instead.
    static FeatureQuery parse(std::string_view text, const FeatureIndex& index);

    bool empty() const { return m_terms.empty(); }
    /// For each feature whether it is wanted, 1 or 0.
    std::vector<std::uint8_t> matches(const FeatureIndex& index, const FeatureLabels& labels,
                                      const SentenceSearch& search) const;

private:
    enum class Kind {
        Number,
        Alive,
        Starred,
        Labelled,
        StrongestFor,
        Favours,
        Label,
        Note,
        List,
        Text,
        Token,
        Raises,
        Lowers,
        Concept,
        Near,
        With,
        Anything
    };
    struct Term {
        Kind kind = Kind::Anything;
        bool negated = false;
        bool quoted = false;
        std::string text;
        FeatureNumber number{};
        int label = -1;    // of a class, a concept or a feature
        std::string sign;  // of a comparison
        double value = 0;
    };
    class Parser;
    class Matcher;

    std::vector<Term> m_terms;
};

}  // namespace saeception
