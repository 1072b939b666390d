// SPDX-License-Identifier: GPL-3.0-or-later
// The feature table sorted and filtered: one pass over raw floats, so that tens of thousands of rows answer
// at once.
#pragma once

#include "ui/models/feature_table_model.h"

#include <QAbstractProxyModel>

#include <cstdint>
#include <vector>

namespace saeception {

/// NaN sorts last in either order, equal values by feature number. A changed filter resets the model
/// (removing thousands of scattered rows one range at a time would cost seconds); a changed order keeps
/// persistent indexes.
class FeatureFilterModel : public QAbstractProxyModel {
    Q_OBJECT

public:
    /// `table` must outlive this model.
    explicit FeatureFilterModel(FeatureTableModel* table, QObject* parent = nullptr);

    /// Shows the features for which `wanted` [features] is not 0; empty: all, as after every other index.
    void setWanted(std::vector<std::uint8_t> wanted);
    bool isFiltered() const { return !m_wanted.empty(); }
    int sortColumn() const { return m_sortColumn; }
    Qt::SortOrder sortOrder() const { return m_sortOrder; }
    /// The row that shows `feature`, or -1.
    int rowOf(int feature) const;
    int featureAt(int row) const { return m_features[static_cast<std::size_t>(row)]; }

    void sort(int column, Qt::SortOrder order = Qt::AscendingOrder) override;
    QModelIndex mapToSource(const QModelIndex& proxyIndex) const override;
    QModelIndex mapFromSource(const QModelIndex& sourceIndex) const override;
    QModelIndex index(int row, int column, const QModelIndex& parent = {}) const override;
    QModelIndex parent(const QModelIndex& child) const override;
    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    void rebuild();
    void passOn(const QModelIndex& first, const QModelIndex& last, const QList<int>& roles);

    FeatureTableModel* m_table;
    std::vector<std::uint8_t> m_wanted;
    int m_sortColumn = FeatureTableModel::Usefulness;
    Qt::SortOrder m_sortOrder = Qt::DescendingOrder;
    std::vector<int> m_features;  ///< row -> feature
    std::vector<int> m_rows;      ///< feature -> row, -1 when filtered out
};

}  // namespace saeception
