// SPDX-License-Identifier: GPL-3.0-or-later
// Paints log lines: warnings and errors by mark, word and colour; times in tabular figures.
#pragma once

#include <QStyledItemDelegate>

namespace saeception {

class LogDelegate : public QStyledItemDelegate {
    Q_OBJECT

public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;
};

}  // namespace saeception
