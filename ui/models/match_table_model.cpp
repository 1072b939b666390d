// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/match_table_model.h"

#include "ui/format.h"
#include "ui/models/change_text.h"
#include "ui/models/feature_words.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace saeception {
namespace {

constexpr double none = std::numeric_limits<double>::quiet_NaN();

double at(std::span<const float> column, int feature) {
    return feature < 0 ? none : static_cast<double>(column[static_cast<std::size_t>(feature)]);
}

double largest(std::span<const float> column) {
    double most = 0;
    for (const float value : column)
        most = std::max(most, static_cast<double>(std::abs(value)));  // NaN never wins
    return most;
}

}  // namespace

PairFate pairFateOf(Fate fate, bool later) {
    switch (fate) {
        case Fate::Kept:
            return PairFate::Kept;
        case Fate::Drifted:
            return PairFate::Drifted;
        case Fate::SplitUp:
            return PairFate::Split;
        case Fate::Merged:
            return PairFate::Merged;
        case Fate::Silent:
        case Fate::Gone:
            break;
    }
    return later ? PairFate::Born : PairFate::Died;
}

QString pairFateText(PairFate fate) {
    switch (fate) {
        case PairFate::Kept:
            return fateText(Fate::Kept, false);
        case PairFate::Drifted:
            return fateText(Fate::Drifted, false);
        case PairFate::Split:
            return fateText(Fate::SplitUp, false);
        case PairFate::Merged:
            return fateText(Fate::Merged, false);
        case PairFate::Died:
            return fateText(Fate::Gone, false);
        case PairFate::Born:
            break;
    }
    return fateText(Fate::Gone, true);
}

MatchTableModel::MatchTableModel(FeatureNameOf nameOf, QObject* parent)
    : RawTableModel(parent), m_nameOf(std::move(nameOf)) {}

void MatchTableModel::setStep(const CycleStep& step) {
    if (step == m_step)
        return;
    beginResetModel();
    m_step = step.isKnown() ? step : CycleStep();
    m_pairs.clear();
    m_effectChanges.clear();
    if (m_step.isKnown()) {
        m_pairs = pairsOf(m_step);
        double effect = 0;
        for (const FeaturePair& pair : m_pairs) {
            m_effectChanges.push_back(effectChange(m_step, pair));
            if (std::abs(m_effectChanges.back()) > effect)
                effect = std::abs(m_effectChanges.back());
        }
        m_usefulnessDecimals = std::max(3, fittingDecimals(std::max(largest(m_step.before->usefulness()),
                                                                    largest(m_step.after->usefulness()))));
        m_effectDecimals = fittingDecimals(effect);
    }
    setColumns(makeColumns());
    endResetModel();
}

std::vector<RawTableModel::Column> MatchTableModel::makeColumns() const {
    if (!m_step.isKnown())
        return {};
    const QString before = cycleText(m_step.before->cycle());
    const QString after = cycleText(m_step.after->cycle());
    const QString words = QString(24, QLatin1Char('n'));
    const QString number =
        QString::number(std::max({1000, m_step.before->featureCount(), m_step.after->featureCount()}) - 1);
    const QString usefulness = formatFigure(-0.5, m_usefulnessDecimals);
    // The longest class name stands for all of them.
    QString effect;
    for (int label = 0; label < m_step.before->classCount(); ++label)
        if (const QString name = className(*m_step.before, label); name.size() > effect.size())
            effect = name;
    effect += QLatin1Char(' ') + changeText(0.5, m_effectDecimals);
    return {
        {tr("Feature"), before, tr("The feature's number in the earlier cycle."), Kind::Number,
         Qt::AscendingOrder, number},
        {tr("Fires on"), before, tr("Its label, or the tokens on which it fires most."), Kind::Words,
         Qt::AscendingOrder, words},
        {tr("Fate"),
         {},
         tr("What became of it. Kept: one feature of the later cycle is the same (its decoder direction and "
            "its "
            "activations agree to %1 or more on average). Drifted: one is like it (%2 or more). Split: it "
            "became "
            "several. Merged: it became one with others. Died: nothing like it is left. Born: nothing like "
            "it was "
            "there before.")
             .arg(static_cast<double>(keptScore), 0, 'f', 2)
             .arg(static_cast<double>(driftedScore), 0, 'f', 2),
         Kind::Name,
         Qt::AscendingOrder,
         pairFateText(PairFate::Merged)},
        {tr("Feature"), after, tr("The number of its counterpart in the later cycle."), Kind::Number,
         Qt::AscendingOrder, number},
        {tr("Fires on"), after, tr("Its counterpart's label, or the tokens on which that fires most."),
         Kind::Words, Qt::AscendingOrder, words},
        {tr("Cosine"),
         {},
         tr("Decoder cosine: how much both write in the same direction."),
         Kind::Number,
         Qt::DescendingOrder,
         QStringLiteral("-0.00")},
        {tr("Co-act."),
         {},
         tr("Co-activation: the cosine of both activations over the tokens of a sample of sentences."),
         Kind::Number,
         Qt::DescendingOrder,
         QStringLiteral("0.00")},
        {tr("Before"), tr("CSI"), csiDefinition(), Kind::Number, Qt::DescendingOrder,
         QStringLiteral("0.000")},
        {tr("Change"), tr("CSI"), tr("Its counterpart's class selectivity index less its own."), Kind::Number,
         Qt::DescendingOrder, QStringLiteral("▲ 0.000")},
        {tr("Before"), tr("U"), usefulnessDefinition(), Kind::Number, Qt::DescendingOrder, usefulness},
        {tr("Change"), tr("U"), tr("Its counterpart's U less its own."), Kind::Number, Qt::DescendingOrder,
         QStringLiteral("▲ ") + formatFigure(0.5, m_usefulnessDecimals)},
        {tr("Effect change"),
         {},
         tr("By how much more its counterpart raises the logit of the class that it raises most above the "
            "others', "
            "for each unit of activation."),
         Kind::Number,
         Qt::DescendingOrder,
         effect},
    };
}

PairFate MatchTableModel::fate(int row) const {
    return pairFateOf(pair(row).fate, pair(row).before < 0);
}

int MatchTableModel::rowOf(int cycle, int feature) const {
    if (!m_step.isKnown() || (cycle != m_step.cycle() && cycle != m_step.cycle() - 1))
        return -1;
    const bool later = cycle == m_step.cycle();
    const auto score = [this](int row) {
        return Counterpart{0, pair(row).cosine, pair(row).coactivation}.score();
    };
    int best = -1;
    for (int row = 0; row < rowCount(); ++row)
        if ((later ? pair(row).after : pair(row).before) == feature && (best < 0 || score(row) > score(best)))
            best = row;
    return best;
}

void MatchTableModel::namesChanged() {
    if (rowCount() > 0)
        for (const int column : {BeforeWords, AfterWords})
            Q_EMIT dataChanged(index(0, column), index(rowCount() - 1, column));
}

int MatchTableModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_pairs.size());
}

double MatchTableModel::value(int row, int column) const {
    const FeaturePair& of = pair(row);
    switch (column) {
        case Before:
        case BeforeWords:
            return of.before < 0 ? none : of.before;
        case FateColumn:
            return static_cast<double>(fate(row));
        case After:
        case AfterWords:
            return of.after < 0 ? none : of.after;
        case Cosine:
            return static_cast<double>(of.cosine);
        case Coactivation:
            return static_cast<double>(of.coactivation);
        case CsiBefore:
            return at(m_step.before->csi(), of.before);
        case CsiChange:
            return at(m_step.after->csi(), of.after) - at(m_step.before->csi(), of.before);
        case UsefulnessBefore:
            return at(m_step.before->usefulness(), of.before);
        case UsefulnessChange:
            return at(m_step.after->usefulness(), of.after) - at(m_step.before->usefulness(), of.before);
        default:
            return m_effectChanges[static_cast<std::size_t>(row)];
    }
}

QString MatchTableModel::name(int row, bool later) const {
    const int feature = later ? pair(row).after : pair(row).before;
    return feature < 0 ? QString() : m_nameOf(m_step.cycle() - (later ? 0 : 1), feature);
}

QString MatchTableModel::text(int row, int column) const {
    const double raw = value(row, column);
    switch (column) {
        case Before:
        case After:
            return std::isnan(raw) ? QStringLiteral("–") : QString::number(static_cast<int>(raw));
        case BeforeWords:
            return name(row, false);
        case AfterWords:
            return name(row, true);
        case FateColumn:
            return pairFateText(fate(row));
        case Cosine:
        case Coactivation:
            return formatFigure(raw, 2);
        case CsiBefore:
            return formatFigure(raw, 3);
        case CsiChange:
            return changeText(raw, 3);
        case UsefulnessBefore:
            return formatFigure(raw, m_usefulnessDecimals);
        case UsefulnessChange:
            return changeText(raw, m_usefulnessDecimals);
        default:
            return std::isnan(raw)
                       ? QStringLiteral("–")
                       : className(*m_step.before, m_step.before->favouredClass(pair(row).before)) +
                             QLatin1Char(' ') + changeText(raw, m_effectDecimals);
    }
}

bool MatchTableModel::holds(int row, const QString& term) const {
    const FeaturePair& of = pair(row);
    return tells(name(row, false), of.before, term) || tells(name(row, true), of.after, term);
}

}  // namespace saeception
