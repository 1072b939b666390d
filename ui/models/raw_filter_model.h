// SPDX-License-Identifier: GPL-3.0-or-later
// A raw table sorted and filtered in one pass over its values, so that tens of thousands of rows answer at
// once.
#pragma once

#include "ui/models/raw_table_model.h"

#include <QAbstractProxyModel>
#include <QStringList>

#include <vector>

namespace saeception {

/// What a row must satisfy to be shown; both conditions hold at once.
struct RawFilter {
    QStringList terms;  ///< all of them occur in it
    int group = -1;     ///< it is of this group; -1: any

    bool operator==(const RawFilter&) const = default;
};

/// What has no value comes last in either order, equal values in the table's own order. A changed filter
/// resets the model (removing thousands of scattered rows one range at a time would cost seconds); a changed
/// order keeps persistent indexes.
class RawFilterModel : public QAbstractProxyModel {
    Q_OBJECT

public:
    /// `table` must outlive this model.
    explicit RawFilterModel(RawTableModel* table, QObject* parent = nullptr);

    void setFilter(const RawFilter& filter);
    const RawFilter& filter() const { return m_filter; }
    /// -1: the table's own order.
    int sortColumn() const { return m_sortColumn; }
    Qt::SortOrder sortOrder() const { return m_sortOrder; }
    /// The row that shows the table's `row`, or -1.
    int rowOf(int row) const;
    int sourceRow(int row) const { return m_shown[static_cast<std::size_t>(row)]; }

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
    std::vector<int> accepted() const;
    void sortByValue(std::vector<int>& rows) const;
    void sortByText(std::vector<int>& rows) const;

    RawTableModel* m_table;
    RawFilter m_filter;
    int m_sortColumn = -1;
    Qt::SortOrder m_sortOrder = Qt::DescendingOrder;
    std::vector<int> m_shown;  ///< row here -> row of the table
    std::vector<int> m_rows;   ///< row of the table -> row here, -1 when filtered out
};

}  // namespace saeception
