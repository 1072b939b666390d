// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/raw_filter_model.h"

#include <algorithm>
#include <cmath>

namespace saeception {

RawFilterModel::RawFilterModel(RawTableModel* table, QObject* parent)
    : QAbstractProxyModel(parent), m_table(table) {
    QAbstractProxyModel::setSourceModel(table);
    connect(table, &QAbstractItemModel::modelAboutToBeReset, this, [this] { beginResetModel(); });
    connect(table, &QAbstractItemModel::modelReset, this, [this] {
        rebuild();
        endResetModel();
    });
    // Rows stay where they are until they are sorted or filtered again.
    connect(table, &QAbstractItemModel::dataChanged, this,
            [this](const QModelIndex& first, const QModelIndex& last, const QList<int>& roles) {
                if (rowCount() > 0)
                    Q_EMIT dataChanged(index(0, first.column()), index(rowCount() - 1, last.column()), roles);
            });
    rebuild();
}

void RawFilterModel::setFilter(const RawFilter& filter) {
    if (filter == m_filter)
        return;
    beginResetModel();
    m_filter = filter;
    rebuild();
    endResetModel();
}

int RawFilterModel::rowOf(int row) const {
    return row >= 0 && row < static_cast<int>(m_rows.size()) ? m_rows[static_cast<std::size_t>(row)] : -1;
}

void RawFilterModel::sort(int column, Qt::SortOrder order) {
    if (column == m_sortColumn && order == m_sortOrder)
        return;
    Q_EMIT layoutAboutToBeChanged({}, QAbstractItemModel::VerticalSortHint);
    const QModelIndexList before = persistentIndexList();
    std::vector<int> rows;
    for (const QModelIndex& persistent : before)
        rows.push_back(sourceRow(persistent.row()));
    m_sortColumn = column;
    m_sortOrder = order;
    rebuild();
    QModelIndexList after;
    for (qsizetype i = 0; i < before.size(); ++i)
        after.append(index(rowOf(rows[static_cast<std::size_t>(i)]), before[i].column()));
    changePersistentIndexList(before, after);
    Q_EMIT layoutChanged({}, QAbstractItemModel::VerticalSortHint);
}

std::vector<int> RawFilterModel::accepted() const {
    std::vector<int> rows;
    const int count = m_table->rowCount();
    rows.reserve(static_cast<std::size_t>(count));
    for (int row = 0; row < count; ++row)
        if ((m_filter.group < 0 || m_table->groupOf(row) == m_filter.group) &&
            std::all_of(m_filter.terms.begin(), m_filter.terms.end(),
                        [&](const QString& term) { return m_table->holds(row, term); }))
            rows.push_back(row);
    return rows;
}

void RawFilterModel::sortByValue(std::vector<int>& rows) const {
    struct Key {
        double value;
        int row;
    };
    std::vector<Key> keys;
    keys.reserve(rows.size());
    for (const int row : rows)
        keys.push_back({m_table->value(row, m_sortColumn), row});
    const bool descending = m_sortOrder == Qt::DescendingOrder;
    std::sort(keys.begin(), keys.end(), [descending](const Key& a, const Key& b) {
        if (std::isnan(a.value) != std::isnan(b.value))
            return std::isnan(b.value);
        if (a.value < b.value || b.value < a.value)
            return descending ? b.value < a.value : a.value < b.value;
        return a.row < b.row;
    });
    std::transform(keys.begin(), keys.end(), rows.begin(), [](const Key& key) { return key.row; });
}

void RawFilterModel::sortByText(std::vector<int>& rows) const {
    struct Key {
        QString text;
        int row;
    };
    std::vector<Key> keys;
    keys.reserve(rows.size());
    for (const int row : rows)
        keys.push_back({m_table->text(row, m_sortColumn).toCaseFolded(), row});
    const bool descending = m_sortOrder == Qt::DescendingOrder;
    std::sort(keys.begin(), keys.end(), [descending](const Key& a, const Key& b) {
        if (a.text.isEmpty() != b.text.isEmpty())
            return b.text.isEmpty();
        if (const int order = a.text.compare(b.text); order != 0)
            return descending ? order > 0 : order < 0;
        return a.row < b.row;
    });
    std::transform(keys.begin(), keys.end(), rows.begin(), [](const Key& key) { return key.row; });
}

void RawFilterModel::rebuild() {
    m_shown = accepted();
    // Another run may have fewer columns: then the one sorted by is gone.
    if (m_sortColumn >= 0 && m_sortColumn < m_table->columnCount()) {
        if (m_table->columns()[static_cast<std::size_t>(m_sortColumn)].kind == RawTableModel::Kind::Words)
            sortByText(m_shown);
        else
            sortByValue(m_shown);
    }
    m_rows.assign(static_cast<std::size_t>(m_table->rowCount()), -1);
    for (std::size_t i = 0; i < m_shown.size(); ++i)
        m_rows[static_cast<std::size_t>(m_shown[i])] = static_cast<int>(i);
}

QModelIndex RawFilterModel::mapToSource(const QModelIndex& proxyIndex) const {
    return proxyIndex.isValid() ? m_table->index(sourceRow(proxyIndex.row()), proxyIndex.column())
                                : QModelIndex();
}

QModelIndex RawFilterModel::mapFromSource(const QModelIndex& sourceIndex) const {
    const int row = sourceIndex.isValid() ? rowOf(sourceIndex.row()) : -1;
    return row < 0 ? QModelIndex() : createIndex(row, sourceIndex.column());
}

QModelIndex RawFilterModel::index(int row, int column, const QModelIndex& parent) const {
    return hasIndex(row, column, parent) ? createIndex(row, column) : QModelIndex();
}

QModelIndex RawFilterModel::parent(const QModelIndex&) const {
    return {};
}

int RawFilterModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_shown.size());
}

int RawFilterModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : m_table->columnCount();
}

QVariant RawFilterModel::headerData(int section, Qt::Orientation orientation, int role) const {
    // The base class maps through row 0, which a filter may have left empty.
    if (orientation == Qt::Horizontal)
        return m_table->headerData(section, orientation, role);
    return section >= 0 && section < rowCount() ? m_table->headerData(sourceRow(section), orientation, role)
                                                : QVariant();
}

}  // namespace saeception
