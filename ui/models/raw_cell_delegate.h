// SPDX-License-Identifier: GPL-3.0-or-later
// Cells of a raw table: padded, what says little faint, links in the accent.
#pragma once

#include <QStyledItemDelegate>

namespace saeception {

class RawCellDelegate : public QStyledItemDelegate {
    Q_OBJECT

public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;

protected:
    /// The ground of a cell: selection, and where the keyboard is.
    static void paintGround(QPainter* painter, const QStyleOptionViewItem& option);
};

/// Beside each F1 a bar from 0 to 1 with a mark at the least that counts as recovered, and ✓ from there on.
class ConceptDelegate : public RawCellDelegate {
    Q_OBJECT

public:
    using RawCellDelegate::RawCellDelegate;

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;
    /// What an F1 cell needs beside its number, in pixels.
    static int barRoom(const QFontMetrics& metrics);
};

}  // namespace saeception
