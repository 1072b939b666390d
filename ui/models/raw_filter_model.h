// SPDX-License-Identifier: GPL-3.0-or-later
// A raw table sorted and filtered in one pass over its values, so that tens of thousands of rows answer at
// once.
#pragma once

#include "ui/models/raw_table_model.h"
#include "ui/models/row_order_model.h"

#include <QStringList>

#include <vector>

namespace saeception {

/// What a row must satisfy to be shown; both conditions hold at once.
struct RawFilter {
    QStringList terms;  ///< all of them occur in it
    int group = -1;     ///< it is of this group; -1: any

    bool operator==(const RawFilter&) const = default;
};

/// What has no value comes last in either order, equal values in the table's own order.
class RawFilterModel : public RowOrderModel {
    Q_OBJECT

public:
    /// `table` must outlive this model.
    explicit RawFilterModel(RawTableModel* table, QObject* parent = nullptr);

    void setFilter(const RawFilter& filter);
    const RawFilter& filter() const { return m_filter; }
    /// -1: the table's own order.
    int sortColumn() const { return m_sortColumn; }
    Qt::SortOrder sortOrder() const { return m_sortOrder; }

    void sort(int column, Qt::SortOrder order = Qt::AscendingOrder) override;

protected:
    std::vector<int> wantedRows() override;

private:
    std::vector<int> accepted() const;
    void sortByValue(std::vector<int>& rows) const;
    void sortByText(std::vector<int>& rows) const;

    RawTableModel* m_table;
    RawFilter m_filter;
    int m_sortColumn = -1;
    Qt::SortOrder m_sortOrder = Qt::DescendingOrder;
};

}  // namespace saeception
