// SPDX-License-Identifier: GPL-3.0-or-later
// The sentence table sorted and filtered: one pass over raw values, so that tens of thousands of rows answer
// at once.
#pragma once

#include "ui/models/sentence_filter.h"
#include "ui/models/sentence_table_model.h"

#include <QAbstractProxyModel>

#include <vector>

namespace saeception {

/// Values that are not there sort last in either order; of equal ones validation comes first, each split by
/// example. A changed filter resets the model (removing thousands of scattered rows one range at a time would
/// cost seconds); a changed order keeps persistent indexes.
class SentenceFilterModel : public QAbstractProxyModel {
    Q_OBJECT

public:
    using Column = SentenceTableModel::Column;

    /// `table` must outlive this model.
    explicit SentenceFilterModel(SentenceTableModel* table, QObject* parent = nullptr);

    SentenceTableModel* table() const { return m_table; }
    void setFilter(const SentenceFilter& filter);
    const SentenceFilter& filter() const { return m_filter; }
    /// The section by which rows are sorted; -1 where its column has gone.
    int sortSection() const { return m_table->sectionOf(m_sortColumn); }
    Qt::SortOrder sortOrder() const { return m_sortOrder; }
    /// The row that shows row `tableRow` of the table, or -1.
    int rowOf(int tableRow) const;
    /// Rows of the table, as they are shown.
    const std::vector<int>& tableRows() const { return m_tableRows; }
    /// Of the rows that are shown.
    const SentenceSummary& summary() const { return m_summary; }

    void sort(int section, Qt::SortOrder order = Qt::AscendingOrder) override;
    QModelIndex mapToSource(const QModelIndex& proxyIndex) const override;
    QModelIndex mapFromSource(const QModelIndex& sourceIndex) const override;
    QModelIndex index(int row, int column, const QModelIndex& parent = {}) const override;
    QModelIndex parent(const QModelIndex& child) const override;
    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    bool hasChildren(const QModelIndex& parent = {}) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

Q_SIGNALS:
    /// Other rows are shown, or the same ones with other predictions.
    void summaryChanged();

private:
    std::vector<int> passing() const;
    void order(std::vector<int>& rows) const;
    void adopt(std::vector<int> rows);
    void passOn();
    void refresh();

    SentenceTableModel* m_table;
    SentenceFilter m_filter;
    Column m_sortColumn{SentenceTableModel::Kind::Split};
    Qt::SortOrder m_sortOrder = Qt::DescendingOrder;
    std::vector<int> m_tableRows;  ///< row -> row of the table
    std::vector<int> m_rows;       ///< row of the table -> row, -1 when filtered out
    SentenceSummary m_summary;
};

}  // namespace saeception
