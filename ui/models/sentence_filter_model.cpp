// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/sentence_filter_model.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace saeception {

SentenceFilterModel::SentenceFilterModel(SentenceTableModel* table, QObject* parent)
    : RowOrderModel(table, parent), m_table(table) {
    passOnColumns();
    connect(m_table, &SentenceTableModel::predictionsChanged, this, &SentenceFilterModel::refresh);
    adopt(wantedRows());
    sumUp();
}

void SentenceFilterModel::passOnColumns() {
    using Model = QAbstractItemModel;
    connect(m_table, &Model::columnsAboutToBeInserted, this,
            [this](const QModelIndex&, int first, int last) { beginInsertColumns({}, first, last); });
    connect(m_table, &Model::columnsInserted, this, [this] { endInsertColumns(); });
    connect(m_table, &Model::columnsAboutToBeRemoved, this,
            [this](const QModelIndex&, int first, int last) { beginRemoveColumns({}, first, last); });
    connect(m_table, &Model::columnsRemoved, this, [this] { endRemoveColumns(); });
}

std::vector<int> SentenceFilterModel::wantedRows() {
    if (!m_table->predictions())
        return {};
    std::vector<int> rows = filteredRows(*m_table->predictions(), m_filter);
    order(rows);
    return rows;
}

void SentenceFilterModel::shownAnew() {
    sumUp();
    Q_EMIT summaryChanged();
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

void SentenceFilterModel::sumUp() {
    m_summary = m_table->predictions() ? summaryOf(*m_table->predictions(), sourceRows()) : SentenceSummary();
}

void SentenceFilterModel::setFilter(const SentenceFilter& filter) {
    if (filter == m_filter)
        return;
    m_filter = filter;
    refresh();
}

void SentenceFilterModel::refresh() {
    std::vector<int> rows = wantedRows();
    if (rows != sourceRows())
        replace(std::move(rows));
    shownAnew();
}

void SentenceFilterModel::sort(int section, Qt::SortOrder order) {
    if (section < 0 || section >= columnCount() ||
        (m_table->column(section) == m_sortColumn && order == m_sortOrder))
        return;
    m_sortColumn = m_table->column(section);
    m_sortOrder = order;
    reorder([this] {
        std::vector<int> rows = sourceRows();
        if (!rows.empty())
            this->order(rows);
        return rows;
    });
}

}  // namespace saeception
