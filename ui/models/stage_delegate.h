// SPDX-License-Identifier: GPL-3.0-or-later
// Paints the stage list: a thin bar for a running stage, a mark and a word for the others, a line above each
// cycle.
#pragma once

#include <QStyledItemDelegate>

namespace saeception {

class StageDelegate : public QStyledItemDelegate {
    Q_OBJECT

public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;
};

}  // namespace saeception
