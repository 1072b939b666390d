// SPDX-License-Identifier: GPL-3.0-or-later
// Cells and list entries that stand off their edges as far as our headers do.
#pragma once

#include "ui/theme.h"

#include <QPainter>
#include <QStyledItemDelegate>

namespace saeception {

class PaddedDelegate : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override {
        QStyleOptionViewItem cell(option);
        cell.rect.adjust(gridUnit - 2, 0, -gridUnit / 2, 0);
        if (option.state & QStyle::State_Selected)
            painter->fillRect(option.rect, option.palette.brush(QPalette::Highlight));
        QStyledItemDelegate::paint(painter, cell, index);
    }
};

}  // namespace saeception
