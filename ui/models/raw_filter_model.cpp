// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/raw_filter_model.h"

#include <algorithm>
#include <cmath>

namespace saeception {

RawFilterModel::RawFilterModel(RawTableModel* table, QObject* parent)
    : RowOrderModel(table, parent), m_table(table) {
    adopt(wantedRows());
}

void RawFilterModel::setFilter(const RawFilter& filter) {
    if (filter == m_filter)
        return;
    m_filter = filter;
    replace(wantedRows());
}

void RawFilterModel::sort(int column, Qt::SortOrder order) {
    if (column == m_sortColumn && order == m_sortOrder)
        return;
    m_sortColumn = column;
    m_sortOrder = order;
    reorder([this] { return wantedRows(); });
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

std::vector<int> RawFilterModel::wantedRows() {
    std::vector<int> rows = accepted();
    // Another run may have fewer columns: then the one sorted by is gone.
    if (m_sortColumn >= 0 && m_sortColumn < m_table->columnCount()) {
        if (m_table->columns()[static_cast<std::size_t>(m_sortColumn)].kind == RawTableModel::Kind::Words)
            sortByText(rows);
        else
            sortByValue(rows);
    }
    return rows;
}

}  // namespace saeception
