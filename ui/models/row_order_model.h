// SPDX-License-Identifier: GPL-3.0-or-later
// Some rows of a table, in an order of their own: what models that sort and filter tens of thousands of rows
// in one pass have in common.
#pragma once

#include <QAbstractProxyModel>

#include <functional>
#include <vector>

namespace saeception {

/// Other rows reset the model (removing thousands of scattered rows one range at a time would cost seconds);
/// another order of the same rows keeps persistent indexes. Rows stay where they are when the table's data
/// change: one that somebody has just changed must not run away.
class RowOrderModel : public QAbstractProxyModel {
    Q_OBJECT

public:
    /// `table` must outlive this model.
    explicit RowOrderModel(QAbstractItemModel* table, QObject* parent = nullptr);

    /// The row that shows the table's `row`, or -1.
    int rowOf(int row) const;
    int sourceRow(int row) const { return m_sourceRows[static_cast<std::size_t>(row)]; }
    /// Rows of the table, as they are shown.
    const std::vector<int>& sourceRows() const { return m_sourceRows; }

    QModelIndex mapToSource(const QModelIndex& proxyIndex) const override;
    QModelIndex mapFromSource(const QModelIndex& sourceIndex) const override;
    QModelIndex index(int row, int column, const QModelIndex& parent = {}) const override;
    QModelIndex parent(const QModelIndex& child) const override;
    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    bool hasChildren(const QModelIndex& parent = {}) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

protected:
    /// The rows to show, in order; asked for when the table has been reset.
    virtual std::vector<int> wantedRows() = 0;
    /// The table has been reset and shown anew.
    virtual void shownAnew() {}

    /// Shows `rows` of the table; only between a beginning and an end of a change, or in a constructor.
    void adopt(std::vector<int> rows);
    /// The same as a reset.
    void replace(std::vector<int> rows);
    /// Shows the same rows in the order that `order` gives.
    void reorder(const std::function<std::vector<int>()>& order);

private:
    std::vector<int> m_sourceRows;  ///< row here -> row of the table
    std::vector<int> m_rows;        ///< row of the table -> row here, -1 when it is not shown
};

}  // namespace saeception
