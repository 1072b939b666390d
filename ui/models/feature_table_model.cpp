// SPDX-License-Identifier: GPL-3.0-or-later
// The feature table: raw columns straight from the mapped index.
#include "ui/models/feature_table_model.h"

#include "ui/format.h"
#include "ui/models/feature_words.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

namespace saeception {

void FeatureTableModel::setFeatures(std::shared_ptr<const FeatureIndex> features) {
    beginResetModel();
    m_features = std::move(features);
    m_labels.clear();
    m_wordRanks.clear();
    m_conceptF1.clear();
    m_bestConcept.clear();
    m_aliveCount = 0;
    for (int feature = 0; feature < rowCount(); ++feature)
        m_aliveCount += m_features->isAlive(feature) ? 1 : 0;
    if (m_features && !m_features->conceptNames().empty()) {
        for (int feature = 0; feature < rowCount(); ++feature) {
            const std::vector<ConceptMatch> matches = m_features->conceptsOf(feature);
            m_bestConcept.push_back(matches.empty() ? -1 : matches.front().conceptId);
            m_conceptF1.push_back(matches.empty() ? std::numeric_limits<float>::quiet_NaN()
                                                  : static_cast<float>(matches.front().f1));
        }
    }
    measureColumns();
    endResetModel();
}

void FeatureTableModel::measureColumns() {
    const auto columns = static_cast<std::size_t>(columnCount());
    m_decimals.assign(columns, 0);
    m_largest.assign(columns, 0);
    m_least.assign(columns, 0);
    for (int column = Feature; m_features && column < columnCount(); ++column) {
        if (column == Words || column == Favours)
            continue;
        float& largest = m_largest[static_cast<std::size_t>(column)];
        float& least = m_least[static_cast<std::size_t>(column)];
        for (int feature = 0; feature < rowCount(); ++feature) {
            const float size = std::abs(value(feature, column));
            largest = std::max(largest, size);  // NaN never wins
            if (size > 0 && (least == 0 || size < least))
                least = size;
        }
        m_decimals[static_cast<std::size_t>(column)] = fittingDecimals(static_cast<double>(largest));
    }
    if (!m_features)
        return;
    m_decimals[MeanActivation] = m_decimals[MedianActivation] = m_decimals[MaxActivation];
    m_decimals[Csi] = 3;
    m_decimals[Concept] = 2;
    m_decimals[Usefulness] = std::max(3, m_decimals[Usefulness]);
    // Classes share one precision: their columns are there to be compared.
    const auto firstClass = m_decimals.begin() + FirstClassMean;
    if (firstClass != m_decimals.end())
        std::fill(firstClass, m_decimals.end(), *std::min_element(firstClass, m_decimals.end()));
}

void FeatureTableModel::setLabels(const FeatureLabels& labels) {
    m_labels = labels;
    m_wordRanks.clear();
    if (rowCount() > 0)
        Q_EMIT dataChanged(index(0, Star), index(rowCount() - 1, Words));
}

void FeatureTableModel::setLabel(int feature, const FeatureLabel& label) {
    if (label.empty())
        m_labels.erase(feature);
    else
        m_labels[feature] = label;
    m_wordRanks.clear();
    if (feature < rowCount())
        Q_EMIT dataChanged(index(feature, Star), index(feature, Words));
}

FeatureLabel FeatureTableModel::label(int feature) const {
    const auto found = m_labels.find(feature);
    return found == m_labels.end() ? FeatureLabel{} : found->second;
}

int FeatureTableModel::classCount() const {
    return m_features ? m_features->classCount() : 0;
}

void FeatureTableModel::rankWords() const {
    std::vector<QString> words;
    for (int feature = 0; feature < rowCount(); ++feature)
        words.push_back(featureWords(*m_features, feature, label(feature)).toCaseFolded());
    std::vector<int> order(words.size());
    std::iota(order.begin(), order.end(), 0);
    const auto wordsOf = [&](int f) -> const QString& { return words[static_cast<std::size_t>(f)]; };
    std::stable_sort(order.begin(), order.end(), [&](int a, int b) { return wordsOf(a) < wordsOf(b); });
    m_wordRanks.resize(words.size());
    float rank = 0;
    for (std::size_t i = 0; i < order.size(); ++i) {
        if (i > 0 && wordsOf(order[i - 1]) != wordsOf(order[i]))
            ++rank;
        m_wordRanks[static_cast<std::size_t>(order[i])] = rank;
    }
}

float FeatureTableModel::value(int feature, int column) const {
    const auto at = static_cast<std::size_t>(feature);
    switch (column) {
        case Star:
            return m_labels.contains(feature) && m_labels.at(feature).starred ? 1 : 0;
        case Feature:
            return static_cast<float>(feature);
        case Density:
            return m_features->density()[at];
        case MeanActivation:
            return m_features->meanActivation()[at];
        case MedianActivation:
            return m_features->quantiles(feature)[1];
        case MaxActivation:
            return m_features->maxActivation()[at];
        case Csi:
            return m_features->csi()[at];
        case Usefulness:
            return m_features->usefulness()[at];
        case Effect:
            return m_features->signedEffect(feature);
        case Favours:
            return static_cast<float>(m_features->favouredClass(feature));
        case Concept:
            return m_conceptF1.empty() ? std::numeric_limits<float>::quiet_NaN() : m_conceptF1[at];
        case Words:
            if (m_wordRanks.empty())
                rankWords();
            return m_wordRanks[at];
        default:
            return m_features->classMean()[at * static_cast<std::size_t>(classCount()) +
                                           static_cast<std::size_t>(column - FirstClassMean)];
    }
}

int FeatureTableModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() || !m_features ? 0 : m_features->featureCount();
}

int FeatureTableModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : FirstClassMean + classCount();
}

QString FeatureTableModel::columnName(int column) {
    static const std::array<const char*, FirstClassMean> names = {"star",   "feature", "density", "mean",
                                                                  "median", "max",     "csi",     "u",
                                                                  "effect", "favours", "concept", "words"};
    return column < FirstClassMean ? QString::fromLatin1(names[static_cast<std::size_t>(column)])
                                   : QStringLiteral("mean:%1").arg(column - FirstClassMean);
}

QString FeatureTableModel::text(int feature, int column) const {
    const float raw = column == Words ? 0 : value(feature, column);
    const int decimals = m_decimals[static_cast<std::size_t>(column)];
    switch (column) {
        case Star:
            return raw > 0 ? QStringLiteral("★") : QString();
        case Feature:
            return QString::number(feature);
        case Density:
            return formatShare(static_cast<double>(raw));
        case Effect: {
            const auto effect = static_cast<double>(raw);
            return classCount() == 2 ? signedFigure(effect, decimals) : formatFigure(effect, decimals);
        }
        case Favours:
            return className(*m_features, static_cast<int>(raw));
        case Concept:
            return std::isnan(raw)
                       ? QStringLiteral("–")
                       : QString::fromStdString(m_features->conceptNames()[static_cast<std::size_t>(
                             m_bestConcept[static_cast<std::size_t>(feature)])]) +
                             QLatin1Char(' ') + formatFigure(static_cast<double>(raw), decimals);
        case Words:
            return featureWords(*m_features, feature, label(feature));
        default:
            return formatFigure(static_cast<double>(raw), decimals);
    }
}

int FeatureTableModel::widestText(int column, const QFontMetrics& metrics) const {
    if (!m_features || column == Words)
        return 0;
    const double largest = static_cast<double>(m_largest[static_cast<std::size_t>(column)]);
    const double least = static_cast<double>(m_least[static_cast<std::size_t>(column)]);
    const int decimals = m_decimals[static_cast<std::size_t>(column)];
    QStringList candidates;
    if (column == Star) {
        candidates << QStringLiteral("★");
    } else if (column == Feature) {
        candidates << QString::number(std::max(0, rowCount() - 1));
    } else if (column == Density) {
        candidates << formatShare(largest) << formatShare(least);
    } else if (column == Favours) {
        for (int label = 0; label < classCount(); ++label)
            candidates << className(*m_features, label);
    } else if (column == Concept) {
        for (const std::string& name : m_features->conceptNames())
            candidates << QString::fromStdString(name) + QStringLiteral(" 0.00");
        candidates << QStringLiteral("–");
    } else {
        for (const double size : {largest, std::min(largest, 999.0), least})
            candidates << formatFigure(size, decimals);
        if (column == Effect)
            for (const double size : {-largest, -least})
                candidates << signedFigure(size, decimals) << signedFigure(-size, decimals);
    }
    int widest = 0;
    for (const QString& candidate : std::as_const(candidates))
        widest = std::max(widest, metrics.horizontalAdvance(candidate));
    return widest;
}

QVariant FeatureTableModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    switch (role) {
        case Qt::DisplayRole:
            return text(index.row(), index.column());
        case rawRole:
            return value(index.row(), index.column());
        case labelledRole:
            return index.column() == Words && !label(index.row()).label.empty();
        case Qt::ToolTipRole:
            return index.column() == Words
                       ? text(index.row(), Words).toHtmlEscaped().prepend(QStringLiteral("<qt>"))
                       : QVariant();
        case Qt::TextAlignmentRole:
            if (index.column() == Star)
                return QVariant::fromValue(Qt::AlignCenter);
            return QVariant::fromValue(
                (index.column() == Words || index.column() == Favours ? Qt::AlignLeft : Qt::AlignRight) |
                Qt::AlignVCenter);
        default:
            return {};
    }
}

QString FeatureTableModel::definition(int column) const {
    const auto classNamed = [this](int label) {
        return m_features ? className(*m_features, label) : QString();
    };
    switch (column) {
        case Star:
            return tr(
                "Features that you have starred. A click stars one, another click takes the star away.");
        case Feature:
            return tr("The feature's number: its row in the SAE's encoder.");
        case Density:
            return tr("Density: the share of tokens on which the feature fires.");
        case MeanActivation:
            return tr("Mean activation over the tokens on which the feature fires.");
        case MedianActivation:
            return tr("Median activation over the tokens on which the feature fires.");
        case MaxActivation:
            return tr("The largest activation on any token.");
        case Csi:
            return csiDefinition();
        case Usefulness:
            return usefulnessDefinition();
        case Effect:
            return classCount() == 2
                       ? tr("By how much a unit of activation raises the logit of %1 above that of %2, on "
                            "the "
                            "direct path through the final layer norm.")
                             .arg(classNamed(1), classNamed(0))
                       : tr("By how much a unit of activation raises the logit of the favoured class above "
                            "the "
                            "mean of the others', on the direct path through the final layer norm.");
        case Favours:
            return tr("The class whose logit the feature raises most.");
        case Concept:
            return tr(
                "The known concept that the feature detects best by firing, with its F1 over the validation "
                "tokens.");
        case Words:
            return tr("Your label, or the tokens at which its top sentences peak, the most frequent first.");
        default:
            return tr("Mean activation over all tokens of sentences labelled “%1”, zeros included.")
                .arg(classNamed(column - FirstClassMean));
    }
}

QVariant FeatureTableModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || section < 0 || section >= columnCount())
        return {};
    switch (role) {
        case Qt::DisplayRole:
            break;
        case Qt::ToolTipRole:
            return definition(section);
        case Qt::TextAlignmentRole:
            return QVariant::fromValue(
                (section == Words || section == Favours ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
        case Qt::InitialSortOrderRole:
            return section == Feature || section == Words || section == Favours ? Qt::AscendingOrder
                                                                                : Qt::DescendingOrder;
        default:
            return {};
    }
    static const std::array<const char*, FirstClassMean> titles = {
        QT_TR_NOOP("★"),      QT_TR_NOOP("Feature"), QT_TR_NOOP("Density"), QT_TR_NOOP("Mean"),
        QT_TR_NOOP("Median"), QT_TR_NOOP("Max"),     QT_TR_NOOP("CSI"),     QT_TR_NOOP("U"),
        QT_TR_NOOP("Effect"), QT_TR_NOOP("Favours"), QT_TR_NOOP("Concept"), QT_TR_NOOP("Fires on")};
    if (section < FirstClassMean)
        return tr(titles[static_cast<std::size_t>(section)]);
    return tr("Mean: %1").arg(className(*m_features, section - FirstClassMean));
}

}  // namespace saeception
