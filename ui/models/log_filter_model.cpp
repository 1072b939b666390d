// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/log_filter_model.h"

#include <algorithm>

namespace saeception {
namespace {

// A nested repetition must not hold the window up: PCRE2 gives up on a line after this many steps.
const QString stepLimit = QStringLiteral("(*LIMIT_MATCH=5000)(*LIMIT_DEPTH=1000)");

}  // namespace

QString logFilterProblem(const LogFilter& filter) {
    if (!filter.isExpression)
        return {};
    const QRegularExpression expression(filter.text);
    return expression.isValid() ? QString()
                                : LogFilterModel::tr("Not a regular expression: %1, at character %2")
                                      .arg(expression.errorString())
                                      .arg(expression.patternErrorOffset() + 1);
}

LogFilterModel::LogFilterModel(LogModel* log, QObject* parent) : QAbstractProxyModel(parent), m_log(log) {
    QAbstractProxyModel::setSourceModel(log);
    connect(log, &QAbstractItemModel::rowsInserted, this,
            [this](const QModelIndex&, int first, int last) { sourceInserted(first, last); });
    connect(log, &QAbstractItemModel::rowsAboutToBeRemoved, this,
            [this](const QModelIndex&, int first, int last) { sourceAboutToBeRemoved(first, last); });
    connect(log, &QAbstractItemModel::rowsRemoved, this,
            [this](const QModelIndex&, int first, int last) { sourceRemoved(first, last); });
    sourceInserted(0, log->rowCount() - 1);
}

void LogFilterModel::setFilter(const LogFilter& filter) {
    if (filter == m_filter)
        return;
    beginResetModel();
    m_filter = filter;
    m_valid = logFilterProblem(filter).isEmpty();
    m_expression =
        filter.isExpression && m_valid
            ? QRegularExpression(stepLimit + filter.text, QRegularExpression::CaseInsensitiveOption)
            : QRegularExpression();
    m_rows.clear();
    for (int row = 0; row < m_log->rowCount(); ++row)
        if (accepts(row))
            m_rows.push_back(row);
    endResetModel();
}

bool LogFilterModel::accepts(int sourceRow) const {
    const LogRow& line = m_log->row(sourceRow);
    if (!m_valid || line.level < m_filter.least || (!m_filter.run.isEmpty() && line.run != m_filter.run))
        return false;
    if (m_filter.text.isEmpty())
        return true;
    return m_filter.isExpression ? m_expression.match(line.text).hasMatch()
                                 : line.text.contains(m_filter.text, Qt::CaseInsensitive);
}

std::vector<int>::iterator LogFilterModel::from(int sourceRow) {
    return std::lower_bound(m_rows.begin(), m_rows.end(), sourceRow);
}

void LogFilterModel::sourceInserted(int first, int last) {
    const auto place = from(first);
    for (auto row = place; row != m_rows.end(); ++row)
        *row += last - first + 1;
    std::vector<int> added;
    for (int row = first; row <= last; ++row)
        if (accepts(row))
            added.push_back(row);
    if (added.empty())
        return;
    const int at = static_cast<int>(place - m_rows.begin());
    beginInsertRows({}, at, at + static_cast<int>(added.size()) - 1);
    m_rows.insert(place, added.begin(), added.end());
    endInsertRows();
}

void LogFilterModel::sourceAboutToBeRemoved(int first, int last) {
    const auto begin = from(first);
    const auto end = from(last + 1);
    m_removing = begin != end;
    if (m_removing)
        beginRemoveRows({}, static_cast<int>(begin - m_rows.begin()),
                        static_cast<int>(end - m_rows.begin()) - 1);
}

void LogFilterModel::sourceRemoved(int first, int last) {
    const auto place = m_rows.erase(from(first), from(last + 1));
    for (auto row = place; row != m_rows.end(); ++row)
        *row -= last - first + 1;
    if (std::exchange(m_removing, false))
        endRemoveRows();
}

QModelIndex LogFilterModel::mapToSource(const QModelIndex& proxyIndex) const {
    return proxyIndex.isValid() ? m_log->index(sourceRow(proxyIndex.row()), proxyIndex.column())
                                : QModelIndex();
}

QModelIndex LogFilterModel::mapFromSource(const QModelIndex& sourceIndex) const {
    if (!sourceIndex.isValid())
        return {};
    const auto place = std::lower_bound(m_rows.begin(), m_rows.end(), sourceIndex.row());
    return place == m_rows.end() || *place != sourceIndex.row()
               ? QModelIndex()
               : createIndex(static_cast<int>(place - m_rows.begin()), sourceIndex.column());
}

QModelIndex LogFilterModel::index(int row, int column, const QModelIndex& parent) const {
    return hasIndex(row, column, parent) ? createIndex(row, column) : QModelIndex();
}

QModelIndex LogFilterModel::parent(const QModelIndex&) const {
    return {};
}

int LogFilterModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int LogFilterModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : m_log->columnCount();
}

bool LogFilterModel::hasChildren(const QModelIndex& parent) const {
    // The base class asks the log, which has lines that are not shown.
    return rowCount(parent) > 0;
}

QVariant LogFilterModel::headerData(int section, Qt::Orientation orientation, int role) const {
    // The base class maps through row 0, which a filter may have left empty.
    return orientation == Qt::Horizontal ? m_log->headerData(section, orientation, role) : QVariant();
}

}  // namespace saeception
