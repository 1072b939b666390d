// SPDX-License-Identifier: GPL-3.0-or-later
// A table of raw numbers and words whose text is formatted when it is drawn; RawFilterModel sorts and filters
// it.
#pragma once

#include <QAbstractTableModel>
#include <QString>

#include <vector>

namespace saeception {

class RawTableModel : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Role {
        RawRole = Qt::UserRole,  ///< double, the value behind the text; NaN where there is none
        GroupRole,               ///< of a column, in the header: what stands over it and its neighbours alike
        KindRole,                ///< of a column, in the header: int, Kind
    };
    enum class Kind {
        Number,  ///< right-aligned
        Words,   ///< as wide as there is room, sorted as text
        Name,    ///< short words, sorted by their value
        Link,    ///< a number that leads to the feature of that number
        Bar,     ///< a number with a bar beside it, which takes what room is left
    };
    struct Column {
        QString title;
        QString group;       ///< empty: none
        QString definition;  ///< what it says, for a tooltip
        Kind kind = Kind::Number;
        Qt::SortOrder firstOrder = Qt::DescendingOrder;  ///< at the first click
        QString widest = {};  ///< the longest text of a cell; of Words: what they must have room for
    };

    using QAbstractTableModel::QAbstractTableModel;

    virtual double value(int row, int column) const = 0;
    virtual QString text(int row, int column) const = 0;
    /// Whether `term`, one word of a filter, occurs in the row.
    virtual bool holds(int row, const QString& term) const = 0;
    /// The group by which rows are filtered; -1: none.
    virtual int groupOf(int) const { return -1; }

    const std::vector<Column>& columns() const { return m_columns; }
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

protected:
    /// To be called between beginResetModel() and endResetModel().
    void setColumns(std::vector<Column> columns) { m_columns = std::move(columns); }
    /// Whether `term` occurs in `words`, or is a number with which that of `feature` begins.
    static bool tells(const QString& words, int feature, const QString& term);

private:
    std::vector<Column> m_columns;
};

}  // namespace saeception
