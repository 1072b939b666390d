// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/sentence_filter_model.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace saeception {

SentenceFilterModel::SentenceFilterModel(SentenceTableModel* table, QObject* parent)
    : QAbstractProxyModel(parent), m_table(table) {
    QAbstractProxyModel::setSourceModel(table);
    passOn();
    adopt(passing());
}

void SentenceFilterModel::passOn() {
    using Model = QAbstractItemModel;
    connect(m_table, &Model::modelAboutToBeReset, this, [this] { beginResetModel(); });
    connect(m_table, &Model::modelReset, this, [this] {
        adopt(passing());
        endResetModel();
        Q_EMIT summaryChanged();
    });
    connect(m_table, &Model::columnsAboutToBeInserted, this,
            [this](const QModelIndex&, int first, int last) { beginInsertColumns({}, first, last); });
    connect(m_table, &Model::columnsInserted, this, [this] { endInsertColumns(); });
    connect(m_table, &Model::columnsAboutToBeRemoved, this,
            [this](const QModelIndex&, int first, int last) { beginRemoveColumns({}, first, last); });
    connect(m_table, &Model::columnsRemoved, this, [this] { endRemoveColumns(); });
    connect(m_table, &Model::dataChanged, this,
            [this](const QModelIndex& from, const QModelIndex& to, const QList<int>& roles) {
                // The table tells of whole columns.
                if (rowCount() > 0)
                    Q_EMIT dataChanged(index(0, from.column()), index(rowCount() - 1, to.column()), roles);
            });
    connect(m_table, &SentenceTableModel::predictionsChanged, this, &SentenceFilterModel::refresh);
}

std::vector<int> SentenceFilterModel::passing() const {
    if (!m_table->predictions())
        return {};
    std::vector<int> rows = filteredRows(*m_table->predictions(), m_filter);
    order(rows);
    return rows;
}

void SentenceFilterModel::order(std::vector<int>& rows) const {
    struct Key {
        SentenceTableModel::SortKey value;
        int place = 0;  ///< validation first
        int row = 0;
    };
    const SentenceRows& all = m_table->predictions()->rows();
    const int validation = all.count() - all.training;
    const int section = sortSection();
    std::vector<Key> keys;
    keys.reserve(rows.size());
    for (const int row : rows)
        keys.push_back({section < 0 ? SentenceTableModel::SortKey() : m_table->sortKey(row, section),
                        row < all.training ? row + validation : row - all.training, row});
    const bool descending = m_sortOrder == Qt::DescendingOrder;
    std::sort(keys.begin(), keys.end(), [descending](const Key& a, const Key& b) {
        const bool aMissing = std::isnan(a.value.first);
        const bool bMissing = std::isnan(b.value.first);
        if (aMissing != bMissing)
            return bMissing;
        if (!aMissing) {
            const auto first = std::pair(a.value.first, a.value.second);
            const auto second = std::pair(b.value.first, b.value.second);
            if (first < second || second < first)
                return descending ? second < first : first < second;
        }
        return a.place < b.place;
    });
    std::transform(keys.begin(), keys.end(), rows.begin(), [](const Key& key) { return key.row; });
}

void SentenceFilterModel::adopt(std::vector<int> rows) {
    m_tableRows = std::move(rows);
    m_rows.assign(static_cast<std::size_t>(m_table->rowCount()), -1);
    for (std::size_t row = 0; row < m_tableRows.size(); ++row)
        m_rows[static_cast<std::size_t>(m_tableRows[row])] = static_cast<int>(row);
    m_summary = m_table->predictions() ? summaryOf(*m_table->predictions(), m_tableRows) : SentenceSummary();
}

void SentenceFilterModel::setFilter(const SentenceFilter& filter) {
    if (filter == m_filter)
        return;
    m_filter = filter;
    refresh();
}

void SentenceFilterModel::refresh() {
    std::vector<int> rows = passing();
    if (rows == m_tableRows) {
        adopt(std::move(rows));
    } else {
        beginResetModel();
        adopt(std::move(rows));
        endResetModel();
    }
    Q_EMIT summaryChanged();
}

void SentenceFilterModel::sort(int section, Qt::SortOrder order) {
    if (section < 0 || section >= columnCount() ||
        (m_table->column(section) == m_sortColumn && order == m_sortOrder))
        return;
    Q_EMIT layoutAboutToBeChanged({}, QAbstractItemModel::VerticalSortHint);
    const QModelIndexList before = persistentIndexList();
    std::vector<int> kept;
    for (const QModelIndex& persistent : before)
        kept.push_back(m_tableRows[static_cast<std::size_t>(persistent.row())]);
    m_sortColumn = m_table->column(section);
    m_sortOrder = order;
    std::vector<int> rows = std::exchange(m_tableRows, {});
    if (!rows.empty())
        this->order(rows);
    m_tableRows = std::move(rows);
    for (std::size_t row = 0; row < m_tableRows.size(); ++row)
        m_rows[static_cast<std::size_t>(m_tableRows[row])] = static_cast<int>(row);
    QModelIndexList after;
    for (qsizetype i = 0; i < before.size(); ++i)
        after.append(index(rowOf(kept[static_cast<std::size_t>(i)]), before[i].column()));
    changePersistentIndexList(before, after);
    Q_EMIT layoutChanged({}, QAbstractItemModel::VerticalSortHint);
}

int SentenceFilterModel::rowOf(int tableRow) const {
    return tableRow >= 0 && tableRow < static_cast<int>(m_rows.size())
               ? m_rows[static_cast<std::size_t>(tableRow)]
               : -1;
}

QModelIndex SentenceFilterModel::mapToSource(const QModelIndex& proxyIndex) const {
    return proxyIndex.isValid()
               ? m_table->index(m_tableRows[static_cast<std::size_t>(proxyIndex.row())], proxyIndex.column())
               : QModelIndex();
}

QModelIndex SentenceFilterModel::mapFromSource(const QModelIndex& sourceIndex) const {
    const int row = sourceIndex.isValid() ? rowOf(sourceIndex.row()) : -1;
    return row < 0 ? QModelIndex() : createIndex(row, sourceIndex.column());
}

QModelIndex SentenceFilterModel::index(int row, int column, const QModelIndex& parent) const {
    return hasIndex(row, column, parent) ? createIndex(row, column) : QModelIndex();
}

QModelIndex SentenceFilterModel::parent(const QModelIndex&) const {
    return {};
}

int SentenceFilterModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_tableRows.size());
}

int SentenceFilterModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : m_table->columnCount();
}

bool SentenceFilterModel::hasChildren(const QModelIndex& parent) const {
    // The base class asks the table, which has sentences that are not shown.
    return rowCount(parent) > 0;
}

QVariant SentenceFilterModel::headerData(int section, Qt::Orientation orientation, int role) const {
    // The base class maps through row 0, which a filter may have left empty.
    return orientation == Qt::Horizontal ? m_table->headerData(section, orientation, role) : QVariant();
}

}  // namespace saeception
