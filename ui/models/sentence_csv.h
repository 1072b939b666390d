// SPDX-License-Identifier: GPL-3.0-or-later
// Sentences and what every cycle's model predicts for them, as CSV for other programs.
#pragma once

#include "ui/models/sentence_predictions.h"

#include <string>
#include <vector>

namespace saeception {

/// RFC 4180 in UTF-8 with a line feed at each line's end, one of `rows` a line: split, example, sentence,
/// gold, then prediction_N, confidence_N and loss_N (nats) of every cycle N, flips, tokens. Numbers are
/// written in full precision; what a cycle does not have is empty.
std::string sentencesAsCsv(const SentencePredictions& predictions, const std::vector<int>& rows);

}  // namespace saeception
