// SPDX-License-Identifier: GPL-3.0-or-later
// The feature table: raw columns straight from the mapped index.
#include "ui/models/feature_table_model.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace saeception {

QString formatShare(double share) {
    if (std::isnan(share))
        return QStringLiteral("–");
    if (share == 0)
        return QStringLiteral("0 %");
    const double percent = 100 * share;
    if (percent < 0.005)
        return QStringLiteral("< 0.01 %");
    return QString::number(percent, 'f', 2) + QStringLiteral(" %");
}

QString formatFigure(double value, int decimals) {
    if (std::isnan(value))
        return QStringLiteral("–");
    if (value == 0)
        return QStringLiteral("0");
    const double size = std::abs(value);
    if (size >= 999'950)
        return QString::number(value / 1e6, 'f', 1) + QStringLiteral(" M");
    if (size >= 1000)
        return QString::number(value / 1e3, 'f', 1) + QStringLiteral(" k");
    const double unit = std::pow(10.0, -decimals);
    if (size < 0.5 * unit)
        return (value > 0 ? QStringLiteral("< ") : QStringLiteral("> -")) +
               QString::number(unit, 'f', decimals);
    return QString::number(value, 'f', decimals);
}

int fittingDecimals(double largest) {
    if (!(largest > 0))
        return 2;
    // Never fewer than two below 100, and at most five: beyond that a column is noise to the eye.
    return largest >= 100 ? 1 : std::clamp(2 - static_cast<int>(std::floor(std::log10(largest))), 2, 5);
}

void FeatureTableModel::setFeatures(std::shared_ptr<const FeatureIndex> features) {
    beginResetModel();
    m_features = std::move(features);
    m_aliveCount = 0;
    m_decimals.assign(static_cast<std::size_t>(columnCount()), 0);
    for (int feature = 0; feature < rowCount(); ++feature)
        m_aliveCount += isAlive(feature) ? 1 : 0;

    m_largest.assign(m_decimals.size(), 0);
    m_least.assign(m_decimals.size(), 0);
    for (int column = 0; m_features && column < columnCount(); ++column) {
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
    if (m_features) {
        m_decimals[MeanActivation] = m_decimals[MaxActivation];
        m_decimals[Csi] = 3;
        m_decimals[Usefulness] = std::max(3, m_decimals[Usefulness]);
        // Classes share one precision: their columns are there to be compared.
        const auto firstClass = m_decimals.begin() + FirstClassMean;
        if (firstClass != m_decimals.end())
            std::fill(firstClass, m_decimals.end(), *std::min_element(firstClass, m_decimals.end()));
    }
    endResetModel();
}

int FeatureTableModel::classCount() const {
    return m_features ? static_cast<int>(m_features->classNames().size()) : 0;
}

float FeatureTableModel::value(int feature, int column) const {
    const auto at = static_cast<std::size_t>(feature);
    switch (column) {
        case Feature:
            return static_cast<float>(feature);
        case Density:
            return m_features->density()[at];
        case MeanActivation:
            return m_features->meanActivation()[at];
        case MaxActivation:
            return m_features->maxActivation()[at];
        case Csi:
            return m_features->csi()[at];
        case Usefulness:
            return m_features->usefulness()[at];
        default:
            return m_features->classMean()[at * static_cast<std::size_t>(classCount()) +
                                           static_cast<std::size_t>(column - FirstClassMean)];
    }
}

bool FeatureTableModel::isAlive(int feature) const {
    return m_features->density()[static_cast<std::size_t>(feature)] > 0;
}

int FeatureTableModel::strongestClass(int feature) const {
    if (!isAlive(feature) || classCount() == 0)
        return -1;
    const auto classes = static_cast<std::size_t>(classCount());
    const auto means = m_features->classMean().subspan(static_cast<std::size_t>(feature) * classes, classes);
    return static_cast<int>(std::max_element(means.begin(), means.end()) - means.begin());
}

int FeatureTableModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() || !m_features ? 0 : m_features->featureCount();
}

int FeatureTableModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : FirstClassMean + classCount();
}

QString FeatureTableModel::text(int feature, int column) const {
    if (column == Feature)
        return QString::number(feature);
    const float raw = value(feature, column);
    if (column == Density)
        return formatShare(raw);
    return formatFigure(raw, m_decimals[static_cast<std::size_t>(column)]);
}

QString FeatureTableModel::widestText(int column) const {
    if (!m_features)
        return {};
    const double largest = static_cast<double>(m_largest[static_cast<std::size_t>(column)]);
    const double least = static_cast<double>(m_least[static_cast<std::size_t>(column)]);
    QStringList candidates;
    if (column == Feature)
        candidates << QString::number(std::max(0, rowCount() - 1));
    else if (column == Density)
        candidates << formatShare(largest) << formatShare(least);
    else
        for (const double size : {largest, std::min(largest, 999.0), least})
            candidates << formatFigure(size, m_decimals[static_cast<std::size_t>(column)]);
    return *std::max_element(candidates.cbegin(), candidates.cend(),
                             [](const QString& a, const QString& b) { return a.size() < b.size(); });
}

QVariant FeatureTableModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    switch (role) {
        case Qt::DisplayRole:
            return text(index.row(), index.column());
        case rawRole:
            return value(index.row(), index.column());
        case Qt::TextAlignmentRole:
            return QVariant::fromValue(Qt::AlignRight | Qt::AlignVCenter);
        default:
            return {};
    }
}

QString FeatureTableModel::definition(int column) const {
    switch (column) {
        case Feature:
            return tr("The feature's number: its row in the SAE's encoder.");
        case Density:
            return tr("Density: the share of tokens on which the feature fires.");
        case MeanActivation:
            return tr("Mean activation over the tokens on which the feature fires.");
        case MaxActivation:
            return tr("The largest activation on any token.");
        case Csi:
            return tr(
                "Class selectivity index: (μ_max − μ_rest) / (|μ_max| + |μ_rest|), where μ_max is the "
                "largest mean "
                "activation of a class and μ_rest that of all other classes. 1: one class only; 0: all "
                "alike.");
        case Usefulness:
            return tr(
                "U = I(fires; label) / H(label): the share of the label's entropy that knowing whether the "
                "feature "
                "fires removes. 0: nothing; 1: the label is known.");
        default:
            return tr("Mean activation over all tokens of sentences labelled “%1”, zeros included.")
                .arg(QString::fromStdString(
                    m_features->classNames()[static_cast<std::size_t>(column - FirstClassMean)]));
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
            return QVariant::fromValue(Qt::AlignRight | Qt::AlignVCenter);
        case Qt::InitialSortOrderRole:
            return section == Feature ? Qt::AscendingOrder : Qt::DescendingOrder;
        default:
            return {};
    }
    switch (section) {
        case Feature:
            return tr("Feature");
        case Density:
            return tr("Density");
        case MeanActivation:
            return tr("Mean");
        case MaxActivation:
            return tr("Max");
        case Csi:
            return tr("CSI");
        case Usefulness:
            return tr("U");
        default:
            return QString::fromStdString(
                m_features->classNames()[static_cast<std::size_t>(section - FirstClassMean)]);
    }
}

}  // namespace saeception
