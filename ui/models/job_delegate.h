// SPDX-License-Identifier: GPL-3.0-or-later
// Paints the queue: a mark of its own shape for each state, a bar with the percentage before the stage.
#pragma once

#include "ui/jobs/job_info.h"

#include <QStyledItemDelegate>

namespace saeception {

/// The mark of `state` inside `box`, in `ink`, or in the colour of its meaning where `ink` is invalid.
void drawJobMark(QPainter& painter, const QRectF& box, JobState state, bool onHold, const QColor& ink = {});

class JobDelegate : public QStyledItemDelegate {
    Q_OBJECT

public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;
};

}  // namespace saeception
