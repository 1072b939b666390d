// SPDX-License-Identifier: GPL-3.0-or-later
// What lies over a chart's curves and moves with the mouse, on a layer of its own that is redrawn alone: the
// crosshair, the points it meets, and the box being dragged.
#pragma once

#include "ui/plots/qcustomplot_header.h"

#include <vector>

namespace saeception {

class PlotOverlay : public QCPAbstractItem {
public:
    struct Dot {
        QPointF pixel;
        QColor colour;
    };

    /// Makes the layer as well.
    explicit PlotOverlay(QCustomPlot* plot);

    /// A vertical line at pixel column `x`, and dots.
    void setCrosshair(double x, std::vector<Dot> dots);
    void clearCrosshair();
    bool hasCrosshair() const { return m_crosshair; }
    /// An empty rectangle removes it.
    void setBox(const QRectF& box);
    const QRectF& box() const { return m_box; }
    /// Redraws this layer alone.
    void redraw();

    double selectTest(const QPointF&, bool, QVariant* = nullptr) const override { return -1; }

protected:
    void draw(QCPPainter* painter) override;

private:
    bool m_crosshair = false;
    double m_x = 0;
    std::vector<Dot> m_dots;
    QRectF m_box;
};

}  // namespace saeception
