// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/row_order_model.h"

#include <utility>

namespace saeception {

RowOrderModel::RowOrderModel(QAbstractItemModel* table, QObject* parent) : QAbstractProxyModel(parent) {
    QAbstractProxyModel::setSourceModel(table);
    connect(table, &QAbstractItemModel::modelAboutToBeReset, this, [this] { beginResetModel(); });
    connect(table, &QAbstractItemModel::modelReset, this, [this] {
        adopt(wantedRows());
        endResetModel();
        shownAnew();
    });
    connect(table, &QAbstractItemModel::dataChanged, this,
            [this](const QModelIndex& first, const QModelIndex& last, const QList<int>& roles) {
                const bool single = first.row() == last.row();
                const int from = single ? rowOf(first.row()) : 0;
                const int to = single ? from : rowCount() - 1;
                if (from >= 0 && to >= 0)
                    Q_EMIT dataChanged(index(from, first.column()), index(to, last.column()), roles);
            });
}

void RowOrderModel::adopt(std::vector<int> rows) {
    m_sourceRows = std::move(rows);
    m_rows.assign(static_cast<std::size_t>(sourceModel()->rowCount()), -1);
    for (std::size_t row = 0; row < m_sourceRows.size(); ++row)
        m_rows[static_cast<std::size_t>(m_sourceRows[row])] = static_cast<int>(row);
}

void RowOrderModel::replace(std::vector<int> rows) {
    beginResetModel();
    adopt(std::move(rows));
    endResetModel();
}

void RowOrderModel::reorder(const std::function<std::vector<int>()>& order) {
    Q_EMIT layoutAboutToBeChanged({}, QAbstractItemModel::VerticalSortHint);
    const QModelIndexList before = persistentIndexList();
    std::vector<int> kept;
    for (const QModelIndex& persistent : before)
        kept.push_back(sourceRow(persistent.row()));
    adopt(order());
    QModelIndexList after;
    for (qsizetype i = 0; i < before.size(); ++i)
        after.append(index(rowOf(kept[static_cast<std::size_t>(i)]), before[i].column()));
    changePersistentIndexList(before, after);
    Q_EMIT layoutChanged({}, QAbstractItemModel::VerticalSortHint);
}

int RowOrderModel::rowOf(int row) const {
    return row >= 0 && row < static_cast<int>(m_rows.size()) ? m_rows[static_cast<std::size_t>(row)] : -1;
}

QModelIndex RowOrderModel::mapToSource(const QModelIndex& proxyIndex) const {
    return proxyIndex.isValid() ? sourceModel()->index(sourceRow(proxyIndex.row()), proxyIndex.column())
                                : QModelIndex();
}

QModelIndex RowOrderModel::mapFromSource(const QModelIndex& sourceIndex) const {
    const int row = sourceIndex.isValid() ? rowOf(sourceIndex.row()) : -1;
    return row < 0 ? QModelIndex() : createIndex(row, sourceIndex.column());
}

QModelIndex RowOrderModel::index(int row, int column, const QModelIndex& parent) const {
    return hasIndex(row, column, parent) ? createIndex(row, column) : QModelIndex();
}

QModelIndex RowOrderModel::parent(const QModelIndex&) const {
    return {};
}

int RowOrderModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_sourceRows.size());
}

int RowOrderModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : sourceModel()->columnCount();
}

bool RowOrderModel::hasChildren(const QModelIndex& parent) const {
    // The base class asks the table, which has rows that are not shown.
    return rowCount(parent) > 0;
}

QVariant RowOrderModel::headerData(int section, Qt::Orientation orientation, int role) const {
    // The base class maps through row 0, which a filter may have left empty.
    if (orientation == Qt::Horizontal)
        return sourceModel()->headerData(section, orientation, role);
    return section >= 0 && section < rowCount()
               ? sourceModel()->headerData(sourceRow(section), orientation, role)
               : QVariant();
}

}  // namespace saeception
