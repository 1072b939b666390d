// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/feature_words.h"

#include "ui/format.h"
#include "ui/models/top_sentences_model.h"

#include <QCoreApplication>
#include <QStringList>

#include <cmath>

namespace saeception {
namespace {

QString tr(const char* text) {
    return QCoreApplication::translate("FeatureWords", text);
}

}  // namespace

QString peakWords(const FeatureIndex& index, int feature, int most) {
    QStringList words;
    for (const std::string& token : index.peakTokens(feature, most))
        words << visibleToken(token);
    return words.join(QStringLiteral(" · "));
}

QString featureWords(const FeatureIndex& index, int feature, const FeatureLabel& label) {
    if (!label.label.empty())
        return QString::fromStdString(label.label).simplified();
    return index.isAlive(feature) ? peakWords(index, feature) : tr("never fires");
}

QString csiDefinition() {
    return tr(
        "Class selectivity index: (μ_max − μ_rest) / (|μ_max| + |μ_rest|), where μ_max is the largest mean "
        "activation of a class and μ_rest that of all other classes. 1: one class only; 0: all alike.");
}

QString usefulnessDefinition() {
    return tr(
        "U = I(fires; label) / H(label): the share of the label's entropy that knowing whether the feature "
        "fires removes. 0: nothing; 1: the label is known.");
}

QString effectDefinition() {
    return tr(
        "The class whose logit it raises most, and by how much above the others' for each unit of "
        "activation, "
        "on the direct path through the final layer norm.");
}

QString className(const FeatureIndex& index, int label) {
    return label < 0 ? QStringLiteral("–")
                     : QString::fromStdString(index.classNames()[static_cast<std::size_t>(label)]);
}

QString effectText(const FeatureIndex& index, int feature) {
    const auto contrast = static_cast<double>(index.effectContrast(feature));
    if (std::isnan(contrast))
        return QStringLiteral("–");
    return className(index, index.favouredClass(feature)) + QStringLiteral(" +") +
           formatFigure(contrast, fittingDecimals(contrast));
}

QString fateText(Fate fate, bool later) {
    switch (fate) {
        case Fate::Kept:
            return tr("kept");
        case Fate::Drifted:
            return tr("drifted");
        case Fate::SplitUp:
            return later ? tr("from a split") : tr("split");
        case Fate::Merged:
            return later ? tr("from a merger") : tr("merged");
        case Fate::Gone:
            return later ? tr("born") : tr("died");
        case Fate::Silent:
            break;
    }
    return tr("never fires");
}

}  // namespace saeception
