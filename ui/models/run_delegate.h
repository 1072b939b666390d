// SPDX-License-Identifier: GPL-3.0-or-later
// Paints the list of runs: a mark of its own shape for each state, a sign on runs with problems.
#pragma once

#include "cycle/run_status.h"

#include <QStyledItemDelegate>

namespace saeception {

/// The mark of `status` inside `box`, in `ink`, or in the colour of its meaning where `ink` is invalid.
void drawRunMark(QPainter& painter, const QRectF& box, RunStatus status, const QColor& ink = {});

class RunDelegate : public QStyledItemDelegate {
    Q_OBJECT

public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;
    QWidget* createEditor(QWidget* parent, const QStyleOptionViewItem& option,
                          const QModelIndex& index) const override;
};

}  // namespace saeception
