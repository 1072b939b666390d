// SPDX-License-Identifier: GPL-3.0-or-later
// Paints a metric's value with its change against the first cycle beside it, both in columns of their own
// width.
#pragma once

#include <QStyledItemDelegate>

namespace saeception {

class MetricDelegate : public QStyledItemDelegate {
    Q_OBJECT

public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;
};

}  // namespace saeception
