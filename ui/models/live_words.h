// SPDX-License-Identifier: GPL-3.0-or-later
// What is said of an inspected sentence: predictions, tokens, and which way contributions are counted.
#pragma once

#include "cycle/live_model.h"

#include <QColor>
#include <QString>
#include <QStringList>

#include <vector>

namespace saeception {

/// By what the tokens of an inspected sentence are shaded while no feature is chosen.
enum class TokenShading {
    Contribution,  ///< what the features of a token add to the prediction
    Reading        ///< what would be predicted if the sentence ended there
};

/// "positive 93.1 %".
QString predictionText(int prediction, const std::vector<double>& probabilities, const QStringList& names);

/// "To positive +5.25: features +4.90, rest +0.37, error −0.02": what the margin is made of.
QString sumText(const LiveSentence& sentence, const QStringList& names);

/// "negative −1.31 · positive 1.42"; with `after` "negative −1.31 → 0.42 · …".
QString logitsText(const std::vector<float>& logits, const QStringList& names,
                   const std::vector<float>& after = {});

/// The class towards which contributions are counted: the second of two, as on the Features page; of more the
/// predicted one.
int countedClass(const LiveSentence& sentence);
/// 1 where LiveSentence counts towards that class as well, else -1.
int countedSign(const LiveSentence& sentence);
/// Of all features of a token, towards countedClass().
double contributionTowards(const LiveSentence& sentence, int token);

/// The ground of each token; invalid for none.
std::vector<QColor> tokenShades(const LiveSentence& sentence, TokenShading shading);
/// By the activation of `feature`.
std::vector<QColor> featureShades(const LiveSentence& sentence, int feature);
/// A class's colour as a ground on which text stays readable; `share` 0..1, 0 or less is invalid.
QColor classShade(int label, double share);

/// A tooltip for token `token`, markup.
QString tokenTip(const LiveSentence& sentence, int token, const QStringList& names);
/// “great”.
QString quotedToken(const std::string& token);

/// "+0.42", "−0.42", "≈ 0" for next to nothing.
QString contributionText(double value);

}  // namespace saeception
