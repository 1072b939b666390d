// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/stage_mark.h"

#include <QPainter>

namespace saeception {

void drawStageMark(QPainter& painter, const QRectF& box, StageState state, const ThemeColours& colours) {
    painter.setRenderHint(QPainter::Antialiasing);
    QPen pen(colours.faintText, 1.5, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin);
    painter.setBrush(Qt::NoBrush);
    switch (state) {
        case StageState::Done:
            pen.setColor(colours.accent);
            pen.setWidthF(2);
            painter.setPen(pen);
            painter.drawPolyline(QPolygonF({QPointF(box.left(), box.center().y()),
                                            QPointF(box.left() + box.width() * 0.38, box.bottom() - 1),
                                            QPointF(box.right(), box.top() + 1)}));
            break;
        case StageState::Stopped:
            painter.setPen(Qt::NoPen);
            painter.setBrush(colours.warning);
            painter.drawRect(box.adjusted(0.5, 0.5, -0.5, -0.5));
            break;
        case StageState::Failed:
            pen.setColor(colours.error);
            pen.setWidthF(2);
            painter.setPen(pen);
            painter.drawLine(box.topLeft(), box.bottomRight());
            painter.drawLine(box.topRight(), box.bottomLeft());
            break;
        case StageState::Running:
            painter.setPen(Qt::NoPen);
            painter.setBrush(colours.accent);
            painter.drawEllipse(box);
            break;
        case StageState::Paused: {
            painter.setPen(Qt::NoPen);
            painter.setBrush(colours.accent);
            const double bar = box.width() * 0.3;
            painter.drawRect(QRectF(box.left() + 0.5, box.top(), bar, box.height()));
            painter.drawRect(QRectF(box.right() - bar - 0.5, box.top(), bar, box.height()));
            break;
        }
        case StageState::Waiting:
            painter.setPen(pen);
            painter.drawEllipse(box);
            break;
        case StageState::NotRun:
            painter.setPen(pen);
            painter.drawLine(QPointF(box.left(), box.center().y()), QPointF(box.right(), box.center().y()));
            break;
        case StageState::Missing:
            pen.setStyle(Qt::CustomDashLine);
            pen.setDashPattern({1.2, 1.6});
            painter.setPen(pen);
            painter.drawRect(box.adjusted(0.5, 0.5, -0.5, -0.5));
            break;
    }
}

void drawStaleMark(QPainter& painter, const QRectF& box, const ThemeColours& colours) {
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(colours.warning, 1.5, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter.setBrush(Qt::NoBrush);
    const QRectF dial = box.adjusted(-0.5, -0.5, 0.5, 0.5);
    painter.drawEllipse(dial);
    painter.drawPolyline(QPolygonF({QPointF(dial.center().x(), dial.top() + 2), dial.center(),
                                    QPointF(dial.right() - 2.5, dial.center().y())}));
}

}  // namespace saeception
