// SPDX-License-Identifier: GPL-3.0-or-later
// The sentence table sorted and filtered: one pass over raw values, so that tens of thousands of rows answer
// at once.
#pragma once

#include "ui/models/row_order_model.h"
#include "ui/models/sentence_filter.h"
#include "ui/models/sentence_table_model.h"

#include <vector>

namespace saeception {

/// Values that are not there sort last in either order; of equal ones validation comes first, each split by
/// example.
class SentenceFilterModel : public RowOrderModel {
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
    /// Of the rows that are shown.
    const SentenceSummary& summary() const { return m_summary; }

    void sort(int section, Qt::SortOrder order = Qt::AscendingOrder) override;

Q_SIGNALS:
    /// Other rows are shown, or the same ones with other predictions.
    void summaryChanged();

protected:
    std::vector<int> wantedRows() override;
    void shownAnew() override;

private:
    void order(std::vector<int>& rows) const;
    void passOnColumns();
    void refresh();
    void sumUp();

    SentenceTableModel* m_table;
    SentenceFilter m_filter;
    Column m_sortColumn{SentenceTableModel::Kind::Split};
    Qt::SortOrder m_sortOrder = Qt::DescendingOrder;
    SentenceSummary m_summary;
};

}  // namespace saeception
