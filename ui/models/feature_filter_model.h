// SPDX-License-Identifier: GPL-3.0-or-later
// The feature table sorted and filtered: one pass over raw floats, so that tens of thousands of rows answer
// at once.
#pragma once

#include "ui/models/feature_table_model.h"
#include "ui/models/row_order_model.h"

#include <cstdint>
#include <vector>

namespace saeception {

/// NaN sorts last in either order, equal values by feature number.
class FeatureFilterModel : public RowOrderModel {
    Q_OBJECT

public:
    /// `table` must outlive this model.
    explicit FeatureFilterModel(FeatureTableModel* table, QObject* parent = nullptr);

    /// Shows the features for which `wanted` [features] is not 0; empty: all, as after every other index.
    void setWanted(std::vector<std::uint8_t> wanted);
    bool isFiltered() const { return !m_wanted.empty(); }
    int sortColumn() const { return m_sortColumn; }
    Qt::SortOrder sortOrder() const { return m_sortOrder; }
    int featureAt(int row) const { return sourceRow(row); }

    void sort(int column, Qt::SortOrder order = Qt::AscendingOrder) override;

protected:
    std::vector<int> wantedRows() override;

private:
    std::vector<int> ordered() const;

    FeatureTableModel* m_table;
    std::vector<std::uint8_t> m_wanted;
    int m_sortColumn = FeatureTableModel::Usefulness;
    Qt::SortOrder m_sortOrder = Qt::DescendingOrder;
};

}  // namespace saeception
