// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/raw_table_model.h"

namespace saeception {
namespace {

Qt::Alignment alignmentOf(RawTableModel::Kind kind) {
    const bool text = kind == RawTableModel::Kind::Words || kind == RawTableModel::Kind::Name;
    return (text ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter;
}

}  // namespace

int RawTableModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_columns.size());
}

QVariant RawTableModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const Kind kind = m_columns[static_cast<std::size_t>(index.column())].kind;
    switch (role) {
        case Qt::DisplayRole:
            return text(index.row(), index.column());
        case Qt::ToolTipRole:
            // Words may be cut short. What a person wrote is no markup.
            return kind == Kind::Words && !text(index.row(), index.column()).isEmpty()
                       ? QVariant(QStringLiteral("<qt>") + text(index.row(), index.column()).toHtmlEscaped())
                       : QVariant();
        case RawRole:
            return value(index.row(), index.column());
        case Qt::TextAlignmentRole:
            return QVariant::fromValue(alignmentOf(kind));
        default:
            return {};
    }
}

QVariant RawTableModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || section < 0 || section >= columnCount())
        return {};
    const Column& column = m_columns[static_cast<std::size_t>(section)];
    switch (role) {
        case Qt::DisplayRole:
            return column.title;
        case Qt::ToolTipRole:
            return column.definition;
        case Qt::AccessibleTextRole:
            return column.group.isEmpty() ? column.title : column.group + QLatin1Char(' ') + column.title;
        case Qt::TextAlignmentRole:
            return QVariant::fromValue(alignmentOf(column.kind));
        case Qt::InitialSortOrderRole:
            return column.firstOrder;
        case GroupRole:
            return column.group;
        case KindRole:
            return static_cast<int>(column.kind);
        default:
            return {};
    }
}

bool RawTableModel::tells(const QString& words, int feature, const QString& term) {
    return (feature >= 0 && QString::number(feature).startsWith(term)) ||
           words.contains(term, Qt::CaseInsensitive);
}

}  // namespace saeception
