// SPDX-License-Identifier: GPL-3.0-or-later
// Which sentences are shown, and what the cycles' models make of those.
#pragma once

#include "ui/models/sentence_predictions.h"

#include <QString>

#include <optional>
#include <vector>

namespace saeception {

/// What a sentence must satisfy to be shown; every condition holds at once.
struct SentenceFilter {
    enum class Outcome { Any, Wrong, Right };
    enum class Change { Any, Flips, BecomesRight, BecomesWrong };
    static constexpr int everyCycle = -1;

    QString text;  ///< somewhere in the sentence, in any case; digits alone: the example's id
    std::optional<SplitKind> split;  ///< none: both
    int label = -1;                  ///< gold; -1: any
    Outcome outcome = Outcome::Any;  ///< of the prediction of `cycle`
    int cycle = everyCycle;          ///< or of every cycle that has the sentence
    /// BecomesRight, BecomesWrong: between the first and the last cycle that have the sentence.
    Change change = Change::Any;

    bool isEmpty() const { return *this == SentenceFilter{}; }
    bool operator==(const SentenceFilter&) const = default;
};

/// The example that a search for digits alone is for; none for any other text.
std::optional<std::int64_t> exampleSought(const QString& text);

/// The rows that pass, ascending.
std::vector<int> filteredRows(const SentencePredictions& predictions, const SentenceFilter& filter);

/// Of some rows, over the cycles that have them.
struct SentenceSummary {
    std::vector<double> accuracy;  ///< of each cycle of the predictions; NaN where it has none of the rows
    std::int64_t flips = 0;        ///< changes of a prediction from one cycle to the next
    std::int64_t toRight = 0;      ///< of those, from a wrong class to the right one
    std::int64_t toWrong = 0;      ///< of those, from the right class to a wrong one
};

SentenceSummary summaryOf(const SentencePredictions& predictions, const std::vector<int>& rows);

}  // namespace saeception
