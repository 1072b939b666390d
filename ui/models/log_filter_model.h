// SPDX-License-Identifier: GPL-3.0-or-later
// The log lines of a least level, of one run, that hold a text or match a regular expression.
#pragma once

#include "ui/models/log_model.h"

#include <QAbstractProxyModel>
#include <QRegularExpression>

#include <vector>

namespace saeception {

/// What a line must satisfy to be shown; every condition holds at once.
struct LogFilter {
    LogLevel least = LogLevel::Trace;
    QString text;               ///< somewhere in the line, in upper or lower case; empty: any
    bool isExpression = false;  ///< `text` is a regular expression
    QString run;                ///< absolute folder; empty: any

    bool operator==(const LogFilter&) const = default;
};

/// Why `filter` cannot be applied, in one line; empty when it can.
QString logFilterProblem(const LogFilter& filter);

/// A changed filter resets the model (removing thousands of scattered rows one range at a time would cost
/// seconds); lines that come and go insert and remove rows.
class LogFilterModel : public QAbstractProxyModel {
    Q_OBJECT

public:
    /// `log` must outlive this model.
    explicit LogFilterModel(LogModel* log, QObject* parent = nullptr);

    /// A filter with a problem shows nothing.
    void setFilter(const LogFilter& filter);
    const LogFilter& filter() const { return m_filter; }
    int sourceRow(int row) const { return m_rows[static_cast<std::size_t>(row)]; }

    QModelIndex mapToSource(const QModelIndex& proxyIndex) const override;
    QModelIndex mapFromSource(const QModelIndex& sourceIndex) const override;
    QModelIndex index(int row, int column, const QModelIndex& parent = {}) const override;
    QModelIndex parent(const QModelIndex& child) const override;
    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    bool hasChildren(const QModelIndex& parent = {}) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    bool accepts(int sourceRow) const;
    void sourceInserted(int first, int last);
    void sourceAboutToBeRemoved(int first, int last);
    void sourceRemoved(int first, int last);
    std::vector<int>::iterator from(int sourceRow);

    LogModel* m_log;
    LogFilter m_filter;
    bool m_valid = true;
    QRegularExpression m_expression;
    std::vector<int> m_rows;  ///< rows of the log that are shown, ascending
    bool m_removing = false;
};

}  // namespace saeception
