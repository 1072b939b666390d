// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/live_words.h"

#include "features/class_scores.h"
#include "ui/format.h"
#include "ui/models/token_shading_delegate.h"
#include "ui/models/top_sentences_model.h"
#include "ui/theme.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>

namespace saeception {
namespace {

constexpr double fullestShade = 0.45;  // of a class's colour; text must stay readable on it
constexpr double faintestShade = 0.06;

QString tr(const char* text) {
    return QCoreApplication::translate("LiveWords", text);
}

}  // namespace

QString contributionText(double value) {
    constexpr double least = 0.0005;
    if (value != 0 && std::abs(value) < least)
        return QStringLiteral("≈ 0");
    return signedFigure(value, std::abs(value) < 0.1 ? 3 : 2);
}

QString predictionText(int prediction, const std::vector<double>& probabilities, const QStringList& names) {
    return tr("%1 %2 %").arg(
        names.value(prediction),
        QString::number(100 * probabilities[static_cast<std::size_t>(prediction)], 'f', 1));
}

QString logitsText(const std::vector<float>& logits, const QStringList& names,
                   const std::vector<float>& after) {
    QStringList parts;
    const auto figure = [](float value) { return formatFigure(static_cast<double>(value), 2); };
    for (std::size_t c = 0; c < logits.size(); ++c) {
        QString part = names.value(static_cast<qsizetype>(c)) + QLatin1Char(' ') + figure(logits[c]);
        if (c < after.size())
            part += QStringLiteral(" → ") + figure(after[c]);
        parts << part;
    }
    return parts.join(QStringLiteral(" · "));
}

QString sumText(const LiveSentence& sentence, const QStringList& names) {
    const int sign = countedSign(sentence);
    const auto figure = [sign](double value) {
        return std::abs(value) < 0.005 ? QStringLiteral("0.00") : signedFigure(sign * value, 2);
    };
    return tr("To %1 %2: features %3, rest %4, error %5")
        .arg(names.value(countedClass(sentence)), figure(sentence.margin), figure(sentence.fromFeatures),
             figure(sentence.rest()), figure(sentence.fromError));
}

int countedClass(const LiveSentence& sentence) {
    return sentence.logits.size() == 2 ? 1 : sentence.prediction;
}

int countedSign(const LiveSentence& sentence) {
    return countedClass(sentence) == sentence.prediction ? 1 : -1;
}

double contributionTowards(const LiveSentence& sentence, int token) {
    return countedSign(sentence) *
           static_cast<double>(sentence.tokens[static_cast<std::size_t>(token)].contribution());
}

QColor classShade(int label, double share) {
    if (!(share > 0))
        return {};
    return mixed(Theme::instance().colours().surface, Theme::instance().classColour(label),
                 faintestShade + (fullestShade - faintestShade) * std::min(share, 1.0));
}

std::vector<QColor> tokenShades(const LiveSentence& sentence, TokenShading shading) {
    const auto count = static_cast<int>(sentence.tokens.size());
    std::vector<QColor> shades(sentence.tokens.size());
    double most = 0;
    for (int t = 0; t < count; ++t)
        most = std::max(most, std::abs(contributionTowards(sentence, t)));
    const int counted = countedClass(sentence);
    // Against a class of several speaks no single other one.
    const int other = sentence.logits.size() == 2 ? 1 - counted : -1;
    for (int t = 0; t < count; ++t) {
        const LiveToken& token = sentence.tokens[static_cast<std::size_t>(t)];
        QColor& shade = shades[static_cast<std::size_t>(t)];
        if (shading == TokenShading::Reading) {
            const std::vector<double> shares = classProbabilities(token.logits);
            const int label = likeliestClass(shares);
            const double chance = 1.0 / static_cast<double>(shares.size());
            shade = classShade(label, (shares[static_cast<std::size_t>(label)] - chance) / (1 - chance));
        } else if (const double value = contributionTowards(sentence, t); most > 0 && value != 0) {
            const ThemeColours& colours = Theme::instance().colours();
            shade = value > 0    ? classShade(counted, value / most)
                    : other >= 0 ? classShade(other, -value / most)
                                 : mixed(colours.surface, colours.faintText, -fullestShade * value / most);
        }
    }
    return shades;
}

std::vector<QColor> featureShades(const LiveSentence& sentence, int feature) {
    std::vector<double> activations;
    for (const LiveToken& token : sentence.tokens) {
        const auto found =
            std::find_if(token.features.begin(), token.features.end(),
                         [feature](const FeatureActivation& a) { return a.feature == feature; });
        activations.push_back(found == token.features.end() ? 0.0 : static_cast<double>(found->activation));
    }
    const double most = *std::max_element(activations.begin(), activations.end());
    std::vector<QColor> shades;
    for (const double activation : activations)
        shades.push_back(activation > 0 ? TokenShadingDelegate::shade(activation / most) : QColor());
    return shades;
}

QString quotedToken(const std::string& token) {
    const QString shown = visibleToken(token).trimmed();
    return shown.isEmpty() ? tr("space") : QStringLiteral("“%1”").arg(shown);
}

QString tokenTip(const LiveSentence& sentence, int at, const QStringList& names) {
    const LiveToken& token = sentence.tokens[static_cast<std::size_t>(at)];
    const std::vector<double> shares = classProbabilities(token.logits);
    // Lines run from left to right, whatever the token's script.
    const QChar leftToRight(0x200E);
    QStringList lines = {leftToRight +
                         QStringLiteral("<b>%1</b>").arg(quotedToken(token.text).toHtmlEscaped())};
    if (!token.inSaeData)
        lines << tr("not part of the SAE's data");
    else
        lines << (token.features.size() == 1 ? tr("1 feature fires here")
                                             : tr("%1 features fire here").arg(token.features.size()));
    if (token.inSaeData)
        lines << tr("together they add %1 to %2")
                     .arg(contributionText(contributionTowards(sentence, at)),
                          names.value(countedClass(sentence)).toHtmlEscaped());
    lines << tr("if the sentence ended here: %1")
                 .arg(predictionText(likeliestClass(shares), shares, names).toHtmlEscaped());
    return QStringLiteral("<qt>") + lines.join(QStringLiteral("<br>") + leftToRight);
}

}  // namespace saeception
