// SPDX-License-Identifier: GPL-3.0-or-later
// Paints an entry of the command palette: matched letters stressed, its group and shortcut at the right.
#pragma once

#include <QStyledItemDelegate>

namespace saeception {

class PaletteDelegate : public QStyledItemDelegate {
    Q_OBJECT

public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;
};

}  // namespace saeception
