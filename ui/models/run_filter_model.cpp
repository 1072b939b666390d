// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/run_filter_model.h"

#include "ui/models/run_table_model.h"

#include <algorithm>

namespace saeception {
namespace {

int compare(const QVariant& a, const QVariant& b) {
    const QPartialOrdering order = QVariant::compare(a, b);
    return order == QPartialOrdering::Less ? -1 : order == QPartialOrdering::Greater ? 1 : 0;
}

}  // namespace

RunFilterModel::RunFilterModel(QObject* parent) : QSortFilterProxyModel(parent) {
    setSortRole(RunTableModel::SortRole);
    setDynamicSortFilter(true);
}

void RunFilterModel::setWords(const QString& words) {
    m_words = words.toLower().split(QLatin1Char(' '), Qt::SkipEmptyParts);
    invalidateFilter();
}

bool RunFilterModel::filterAcceptsRow(int row, const QModelIndex& parent) const {
    const QString text = sourceModel()->index(row, 0, parent).data(RunTableModel::FilterRole).toString();
    return std::all_of(m_words.begin(), m_words.end(),
                       [&](const QString& word) { return text.contains(word); });
}

bool RunFilterModel::lessThan(const QModelIndex& left, const QModelIndex& right) const {
    const bool descending = sortOrder() == Qt::DescendingOrder;
    const QVariant a = left.data(RunTableModel::SortRole);
    const QVariant b = right.data(RunTableModel::SortRole);
    if (a.isValid() != b.isValid())
        return a.isValid() != descending;
    if (const int order = a.isValid() ? compare(a, b) : 0; order != 0)
        return order < 0;
    const int newer = compare(left.siblingAtColumn(RunTableModel::Started).data(RunTableModel::SortRole),
                              right.siblingAtColumn(RunTableModel::Started).data(RunTableModel::SortRole));
    return descending ? newer < 0 : newer > 0;
}

}  // namespace saeception
