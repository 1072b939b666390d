// SPDX-License-Identifier: GPL-3.0-or-later
// What is said of the sentences that are shown, in a line each.
#pragma once

#include "ui/models/sentence_filter.h"

#include <QString>

namespace saeception {

/// "68,221 sentences", or "1,204 of 68,221" where not all are shown.
QString sentenceCountText(int shown, int all);

/// "Accuracy of these: 0.781 → 0.792 → 0.795; 312 flips, 180 to right, 132 to wrong": cycle by cycle, of many
/// cycles the first and the last ones. Of one cycle there are no flips; "–" where a cycle has none of the
/// sentences.
QString summaryText(const SentenceSummary& summary);

/// The accuracy of every cycle in a line of its own, and what a flip is.
QString summaryDetails(const SentencePredictions& predictions, const SentenceSummary& summary);

/// Says which cycles were indexed over other sentences than the newest; empty where all have the same.
QString differingSentences(const SentencePredictions& predictions);

/// "Exported 1,204 sentences to sentences.csv".
QString exportedText(int count, const QString& file);

}  // namespace saeception
