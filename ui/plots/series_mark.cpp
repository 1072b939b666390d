// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/series_mark.h"

#include "ui/theme.h"

#include <QPainter>
#include <QPixmap>

namespace saeception {

void drawSeriesMark(QPainter& painter, const QPointF& centre, int series, double size) {
    constexpr int shapes = 4;
    const Theme& theme = Theme::instance();
    const QColor colour = theme.series(series);
    const bool hollow = (series / shapes) % 2 == 1;
    const double r = size / 2;
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(colour, 1.5, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter.setBrush(hollow ? theme.colours().surface : colour);
    switch (series % shapes) {
        case 0:
            painter.drawEllipse(centre, r, r);
            break;
        case 1:
            painter.drawRect(QRectF(centre.x() - 0.9 * r, centre.y() - 0.9 * r, 1.8 * r, 1.8 * r));
            break;
        case 2:
            painter.drawPolygon(QPolygonF({centre + QPointF(0, -1.1 * r), centre + QPointF(1.1 * r, 0.9 * r),
                                           centre + QPointF(-1.1 * r, 0.9 * r)}));
            break;
        default:
            painter.drawPolygon(QPolygonF({centre + QPointF(0, -1.2 * r), centre + QPointF(1.2 * r, 0),
                                           centre + QPointF(0, 1.2 * r), centre + QPointF(-1.2 * r, 0)}));
            break;
    }
    painter.restore();
}

QPixmap seriesMark(int series, int edge, double ratio) {
    QPixmap pixmap(QSize(edge, edge) * ratio);
    pixmap.setDevicePixelRatio(ratio);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    drawSeriesMark(painter, QPointF(edge / 2.0, edge / 2.0), series, edge / 2.0);
    return pixmap;
}

}  // namespace saeception
