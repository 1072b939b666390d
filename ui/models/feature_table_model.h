// SPDX-License-Identifier: GPL-3.0-or-later
// All features of one index as a table of raw numbers, one feature a row; display text is formatted from them
// on demand.
#pragma once

#include "features/feature_index.h"

#include <QAbstractTableModel>

#include <memory>
#include <span>
#include <vector>

namespace saeception {

/// A share as people read it: 0.0041 -> "0.41 %"; "0 %" only for none at all, "< 0.01 %" for next to none.
QString formatShare(double share);
/// `value` with `decimals` places, in thousands above 1000 ("1.2 k"); "0" only for zero itself, "< 0.001"
/// where rounding would leave nothing else, "–" for NaN.
QString formatFigure(double value, int decimals);
/// Decimal places with which values up to `largest` show three figures or more.
int fittingDecimals(double largest);

class FeatureTableModel : public QAbstractTableModel {
    Q_OBJECT

public:
    /// One column per class follows: its mean activation over all rows of that class.
    enum Column { Feature, Density, MeanActivation, MaxActivation, Csi, Usefulness, FirstClassMean };
    /// The value behind the text, as float; NaN where the index has none.
    static constexpr int rawRole = Qt::UserRole;

    using QAbstractTableModel::QAbstractTableModel;

    /// Shows another index; null empties the table.
    void setFeatures(std::shared_ptr<const FeatureIndex> features);
    const std::shared_ptr<const FeatureIndex>& features() const { return m_features; }

    /// The raw value of a cell; `feature` is the row.
    float value(int feature, int column) const;
    /// Whether it fired at all on this data set.
    bool isAlive(int feature) const;
    int aliveCount() const { return m_aliveCount; }
    /// The class with the largest mean activation (the first of equals); -1 for a feature that never fires.
    int strongestClass(int feature) const;
    /// The longest text a cell of `column` may show: what a column must be wide enough for.
    QString widestText(int column) const;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    QString text(int feature, int column) const;
    QString definition(int column) const;
    int classCount() const;

    std::shared_ptr<const FeatureIndex> m_features;
    int m_aliveCount = 0;
    std::vector<int> m_decimals;   ///< per column, so that the figures of one column line up
    std::vector<float> m_largest;  ///< per column, the largest size of a value
    std::vector<float> m_least;    ///< per column, the least size of a value that is not zero; 0 if none
};

}  // namespace saeception
