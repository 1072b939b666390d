// SPDX-License-Identifier: GPL-3.0-or-later
// The colour and the shape by which a compared run is known everywhere on a page.
#pragma once

#include <QIcon>
#include <QPointF>

class QPainter;

namespace saeception {

/// Circle, square, triangle, diamond, then the same hollow: told apart without their colours.
void drawSeriesMark(QPainter& painter, const QPointF& centre, int series, double size);

/// The same as a square picture of `edge` pixels.
QPixmap seriesMark(int series, int edge, double ratio);

}  // namespace saeception
