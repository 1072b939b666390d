// SPDX-License-Identifier: GPL-3.0-or-later
// The metrics of every evaluated cycle: by family, a row a metric, a column a cycle, with its change against
// the first cycle shown.
#pragma once

#include "cycle/events.h"
#include "cycle/metric_row.h"

#include <QAbstractTableModel>

#include <string>
#include <vector>

namespace saeception {

class MetricTableModel : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Role {
        ValueRole = Qt::UserRole,  ///< double; NaN where the cycle lacks the metric
        ChangeRole,                ///< double, value shown minus the first cycle's; NaN in its own column
        ChangeTextRole,            ///< "▲ 0.012", empty where there is no change to tell; its heading
        VerdictRole,               ///< int, of the change: 1 better, -1 worse, 0 neither or not known
        HeadingRole,               ///< true for the row that names a family
    };

    using QAbstractTableModel::QAbstractTableModel;

    void clear();
    /// Adds or replaces the column of `cycle`; metrics not seen before get rows at the end in their own
    /// order, under a row that names their family. Metrics that core calls a detail are left out.
    void setCycle(int cycle, const MetricTable& metrics);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    struct Row {
        std::string key;  ///< empty: the row is the heading of `family`
        std::string family;
    };
    struct Column {
        int cycle = 0;
        std::vector<double> values;  ///< one per row; NaN in headings
    };

    void addRows(const MetricTable& metrics);
    MetricRow rowTexts(std::size_t row) const;

    std::vector<Row> m_rows;
    std::vector<Column> m_columns;  ///< ascending by cycle
};

}  // namespace saeception
