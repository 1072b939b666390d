// SPDX-License-Identifier: GPL-3.0-or-later
// Cycles of one run or of several side by side: a row a metric, family by family, a column a cycle, each with
// its interval and its change against one of the columns.
#pragma once

#include "cycle/metric_row.h"
#include "cycle/run_library.h"

#include <QAbstractTableModel>

#include <filesystem>
#include <string>
#include <vector>

namespace saeception {

/// The vertical header names the metrics, so that they stay in sight when the columns are scrolled.
class ComparisonModel : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Role {
        ValueRole = Qt::UserRole,  ///< double; NaN where the cycle lacks the metric
        IntervalRole,              ///< "[0.79, 0.84]", empty where none is known
        ChangeTextRole,            ///< "▲ 0.012", "="; empty in the reference's own column
        VerdictRole,               ///< int, of the change: 1 better, -1 worse, 0 neither
        LowRole,                   ///< double, the interval's lower end; NaN where none is known
        HighRole,
        HeadingRole,    ///< of a row (both headers' roles): it names a family
        KeyRole,        ///< of a row, in the vertical header: the metric's key
        RunRole,        ///< of a column, in the horizontal header: the number of its run, from 0
        TitleRole,      ///< of a column: the run's title
        CycleRole,      ///< of a column: the cycle
        ReferenceRole,  ///< of a column: the others are compared with it
    };

    using QAbstractTableModel::QAbstractTableModel;

    /// Shows these runs, a column for each evaluated cycle. Rows and columns that stay are kept.
    void setRuns(const std::vector<RunContents>& runs);
    /// Whether metrics are shown that core calls a detail.
    void setDetails(bool details);
    void setReference(int column);
    int reference() const { return m_reference; }
    int runCount() const { return m_runCount; }
    bool hasIntervals() const { return m_hasIntervals; }
    /// "demo · Cycle 1", or "Cycle 1" where there is one run only.
    QString columnText(int column) const;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    struct Row {
        std::string key;  ///< empty: the row is the heading of `family`
        std::string family;
        bool operator==(const Row&) const = default;
    };
    struct Column {
        std::filesystem::path root;
        int run = 0;
        QString title;
        int cycle = 0;
        MetricTable metrics;
        bool isSame(const Column& other) const { return root == other.root && cycle == other.cycle; }
    };

    std::vector<Row> wantedRows() const;
    void changeColumns(std::vector<Column> columns);
    void changeRows(const std::vector<Row>& rows);
    MetricRow textsOf(const Row& row) const;
    void rebuildTexts();
    void tellAllChanged();
    QString tooltip(int row, int column) const;

    std::vector<Row> m_rows;
    std::vector<Column> m_columns;
    std::vector<MetricRow> m_texts;  ///< one a row
    int m_reference = 0;
    int m_runCount = 0;
    bool m_details = false;
    bool m_hasIntervals = false;
};

}  // namespace saeception
