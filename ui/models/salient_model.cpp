// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/salient_model.h"

#include "ui/format.h"
#include "ui/models/change_text.h"
#include "ui/models/feature_words.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>
#include <limits>

namespace saeception {
namespace {

constexpr double none = std::numeric_limits<double>::quiet_NaN();

double at(std::span<const float> column, int feature) {
    return feature < 0 ? none : static_cast<double>(column[static_cast<std::size_t>(feature)]);
}

double meanOf(const FeatureIndex& index, int feature, int label) {
    return feature < 0
               ? none
               : static_cast<double>(index.sentenceMean()[static_cast<std::size_t>(feature) *
                                                              static_cast<std::size_t>(index.classCount()) +
                                                          static_cast<std::size_t>(label)]);
}

// By which effects are sorted: of two classes on one scale, from the first raised most to the second.
double effectKey(const FeatureIndex& index, int feature) {
    if (feature < 0 || index.favouredClass(feature) < 0)
        return none;
    const auto contrast = static_cast<double>(index.effectContrast(feature));
    return index.classCount() == 2 && index.favouredClass(feature) == 0 ? -contrast : contrast;
}

QString tr(const char* text) {
    return QCoreApplication::translate("SalientModel", text);
}

QString movementText(const Movement& movement) {
    return plainFigure(movement.before) + QStringLiteral(" → ") + plainFigure(movement.after);
}

}  // namespace

SalientSummary salientSummary(const CycleStep& step) {
    SalientSummary summary;
    if (!step.isKnown())
        return summary;
    const std::vector<char> salient = salientFlags(step);
    for (std::size_t f = 0; f < salient.size(); ++f)
        if (salient[f] != 0) {
            ++summary.features;
            ++summary.fates[static_cast<std::size_t>(step.matches->before.fates[f])];
        }
    std::vector<SelectivityPoint> aimedAt = selectivityPoints(step);
    std::vector<SelectivityPoint> others;
    for (const SelectivityPoint& point : aimedAt)
        if (!point.salient)
            others.push_back(point);
    std::erase_if(aimedAt, [](const SelectivityPoint& point) { return !point.salient; });
    summary.csi = movementOf(aimedAt, SelectivityFigure::Csi);
    summary.usefulness = movementOf(aimedAt, SelectivityFigure::Usefulness);
    summary.otherCsi = movementOf(others, SelectivityFigure::Csi);
    summary.otherUsefulness = movementOf(others, SelectivityFigure::Usefulness);
    return summary;
}

QString sharpeningText(const CycleStep& step) {
    const IndexOrigin& origin = step.after->origin();
    const int cycle = step.before->cycle();
    if (origin.sharpening == "per_class")
        return tr("Sharpening kept, for each label, the %1 features of cycle %2 with the largest mean "
                  "activation at "
                  "the last token of its training sentences, and trained cycle %3 towards what those alone "
                  "decode "
                  "to.")
            .arg(step.before->classCount() > 0 ? step.before->salientFeatures(0, origin).size() : 0)
            .arg(cycle)
            .arg(cycle + 1);
    if (origin.sharpening == "per_example")
        return tr("Sharpening kept of each training sentence its own strongest features at the last token "
                  "(per_example), and trained cycle %1 towards what those decode to. Every sentence has a "
                  "list of its "
                  "own: no features were aimed at for a label as a whole.")
            .arg(cycle + 1);
    if (origin.sharpening == "random")
        return tr("Sharpening was the control (random): cycle %1 was trained towards random unit vectors "
                  "that know "
                  "nothing of the features of cycle %2. None of them was aimed at.")
            .arg(cycle + 1)
            .arg(cycle);
    return tr("The feature index of cycle %1 does not say how it was sharpened from cycle %2.")
        .arg(cycle + 1)
        .arg(cycle);
}

QString summaryText(const SalientSummary& summary) {
    if (summary.features == 0)
        return {};
    QStringList fates;
    const auto add = [&](Fate fate, const QString& text) {
        if (const int count = summary.fates[static_cast<std::size_t>(fate)]; count > 0)
            fates << text.arg(count);
    };
    add(Fate::Kept, tr("%1 kept"));
    add(Fate::Drifted, tr("%1 drifted"));
    add(Fate::SplitUp, tr("%1 split"));
    add(Fate::Merged, tr("%1 merged"));
    add(Fate::Gone, tr("%1 died"));
    add(Fate::Silent, tr("%1 never fire"));
    QString text =
        tr("Of the %1 salient features: %2.").arg(summary.features).arg(fates.join(QStringLiteral(", ")));
    if (summary.csi.count > 0) {
        text += QLatin1Char(' ') + tr("Medians of the %1 kept or drifted: CSI %2, U %3")
                                       .arg(summary.csi.count)
                                       .arg(movementText(summary.csi), movementText(summary.usefulness));
        text += summary.otherCsi.count > 0
                    ? tr("; of the %1 others kept or drifted: CSI %2, U %3.")
                          .arg(summary.otherCsi.count)
                          .arg(movementText(summary.otherCsi), movementText(summary.otherUsefulness))
                    : QStringLiteral(".");
    }
    return text;
}

SalientModel::SalientModel(FeatureNameOf nameOf, QObject* parent)
    : RawTableModel(parent), m_nameOf(std::move(nameOf)) {}

void SalientModel::setStep(const CycleStep& step) {
    if (step == m_step)
        return;
    beginResetModel();
    m_step = step.isKnown() ? step : CycleStep();
    m_rows.clear();
    double mean = 0;
    double usefulness = 0;
    double effect = 0;
    for (int label = 0; m_step.isKnown() && label < m_step.before->classCount(); ++label) {
        int rank = 0;
        for (const int feature : m_step.before->salientFeatures(label, m_step.after->origin())) {
            FeaturePair pair{feature, -1, m_step.matches->before.fate(feature), 0, 0};
            if (const auto counterparts = m_step.matches->before.of(feature); !counterparts.empty())
                pair = {feature, counterparts.front().feature, pair.fate, counterparts.front().cosine,
                        counterparts.front().coactivation};
            m_rows.push_back({label, ++rank, pair});
            mean = std::max(mean, meanOf(*m_step.before, feature, label));
            for (const auto& [index, f] :
                 {std::pair(m_step.before.get(), feature), std::pair(m_step.after.get(), pair.after)})
                if (f >= 0) {
                    usefulness = std::max(usefulness, at(index->usefulness(), f));
                    effect = std::max(effect, static_cast<double>(index->effectContrast(f)));
                }
        }
    }
    m_meanDecimals = fittingDecimals(mean);
    m_usefulnessDecimals = std::max(3, fittingDecimals(usefulness));
    m_effectDecimals = fittingDecimals(effect);
    setColumns(m_rows.empty() ? std::vector<Column>() : makeColumns());
    endResetModel();
}

std::vector<RawTableModel::Column> SalientModel::makeColumns() const {
    const QString before = cycleText(m_step.before->cycle());
    const QString after = cycleText(m_step.after->cycle());
    const QString number =
        QString::number(std::max({1000, m_step.before->featureCount(), m_step.after->featureCount()}) - 1);
    QString label;
    for (int c = 0; c < m_step.before->classCount(); ++c)
        if (const QString name = className(*m_step.before, c); name.size() > label.size())
            label = name;
    const bool silent = std::any_of(m_rows.begin(), m_rows.end(),
                                    [](const Row& row) { return row.pair.fate == Fate::Silent; });
    const QString mean = formatFigure(0.5, m_meanDecimals);
    const QString usefulness = QStringLiteral("< ") + formatFigure(0.5, m_usefulnessDecimals);
    const QString effect = label + QStringLiteral(" +") + formatFigure(0.5, m_effectDecimals);
    const QString meanGroup = tr("Mean, last token");
    const QString csi = tr("CSI");
    const QString csiTip = csiDefinition();
    const QString u = tr("U");
    const QString uTip = usefulnessDefinition();
    const QString effectGroup = tr("Effect");
    const QString effectTip = effectDefinition();
    const auto down = Qt::DescendingOrder;
    const auto up = Qt::AscendingOrder;
    return {
        {tr("For"), {}, tr("The label whose training sentences it was kept for."), Kind::Name, up, label},
        {tr("Rank"),
         {},
         tr("Its place among the features kept for that label, the strongest first."),
         Kind::Number,
         up,
         QStringLiteral("000")},
        {tr("Feature"), before, tr("The feature's number in the earlier cycle."), Kind::Number, up, number},
        {tr("Fires on"), before, tr("Its label, or the tokens on which it fires most."), Kind::Words, up,
         QString(20, QLatin1Char('n'))},
        {tr("Fate"),
         {},
         tr("What became of it."),
         Kind::Name,
         up,
         fateText(silent ? Fate::Silent : Fate::Merged, false)},
        {tr("Feature"), after, tr("The number of its best counterpart in the later cycle."), Kind::Number, up,
         number},
        {before, meanGroup,
         tr("Mean activation at the last token of that label's training sentences, zeros included."),
         Kind::Number, down, mean},
        {after, meanGroup, tr("The same of its counterpart."), Kind::Number, down, mean},
        {before, csi, csiTip, Kind::Number, down, QStringLiteral("0.000")},
        {after, csi, csiTip, Kind::Number, down, QStringLiteral("0.000")},
        {before, u, uTip, Kind::Number, down, usefulness},
        {after, u, uTip, Kind::Number, down, usefulness},
        {before, effectGroup, effectTip, Kind::Number, down, effect},
        {after, effectGroup, effectTip, Kind::Number, down, effect},
    };
}

FeaturePair SalientModel::pair(int row) const {
    return m_rows[static_cast<std::size_t>(row)].pair;
}

int SalientModel::rowOf(int cycle, int feature) const {
    if (!m_step.isKnown() || (cycle != m_step.cycle() && cycle != m_step.cycle() - 1))
        return -1;
    const bool later = cycle == m_step.cycle();
    for (int row = 0; row < rowCount(); ++row)
        if ((later ? pair(row).after : pair(row).before) == feature)
            return row;
    return -1;
}

void SalientModel::namesChanged() {
    if (rowCount() > 0)
        Q_EMIT dataChanged(index(0, Words), index(rowCount() - 1, Words));
}

int SalientModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

double SalientModel::value(int row, int column) const {
    const Row& of = m_rows[static_cast<std::size_t>(row)];
    const FeatureIndex& before = *m_step.before;
    const FeatureIndex& after = *m_step.after;
    switch (column) {
        case Label:
            return of.label;
        case Rank:
            return of.rank;
        case Before:
        case Words:
            return of.pair.before;
        case FateColumn:
            return static_cast<double>(of.pair.fate);
        case After:
            return of.pair.after < 0 ? none : of.pair.after;
        case MeanBefore:
            return meanOf(before, of.pair.before, of.label);
        case MeanAfter:
            return meanOf(after, of.pair.after, of.label);
        case CsiBefore:
            return at(before.csi(), of.pair.before);
        case CsiAfter:
            return at(after.csi(), of.pair.after);
        case UsefulnessBefore:
            return at(before.usefulness(), of.pair.before);
        case UsefulnessAfter:
            return at(after.usefulness(), of.pair.after);
        case EffectBefore:
            return effectKey(before, of.pair.before);
        default:
            return effectKey(after, of.pair.after);
    }
}

QString SalientModel::text(int row, int column) const {
    const Row& of = m_rows[static_cast<std::size_t>(row)];
    const double raw = value(row, column);
    if (std::isnan(raw))
        return QStringLiteral("–");
    switch (column) {
        case Label:
            return className(*m_step.before, of.label);
        case Rank:
        case Before:
        case After:
            return QString::number(static_cast<int>(raw));
        case Words:
            return m_nameOf(m_step.cycle() - 1, of.pair.before);
        case FateColumn:
            return fateText(of.pair.fate, false);
        case MeanBefore:
        case MeanAfter:
            return formatFigure(raw, m_meanDecimals);
        case CsiBefore:
        case CsiAfter:
            return formatFigure(raw, 3);
        case UsefulnessBefore:
        case UsefulnessAfter:
            return formatFigure(raw, m_usefulnessDecimals);
        default: {
            const bool later = column == EffectAfter;
            const FeatureIndex& index = later ? *m_step.after : *m_step.before;
            const int feature = later ? of.pair.after : of.pair.before;
            return className(index, index.favouredClass(feature)) + QStringLiteral(" +") +
                   formatFigure(static_cast<double>(index.effectContrast(feature)), m_effectDecimals);
        }
    }
}

bool SalientModel::holds(int row, const QString& term) const {
    const FeaturePair of = pair(row);
    return tells(m_nameOf(m_step.cycle() - 1, of.before), of.before, term) || tells({}, of.after, term);
}

}  // namespace saeception
