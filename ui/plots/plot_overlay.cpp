// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/plot_overlay.h"

#include "ui/theme.h"

namespace saeception {

PlotOverlay::PlotOverlay(QCustomPlot* plot) : QCPAbstractItem(plot) {
    const QString name = QStringLiteral("hover");
    plot->addLayer(name, nullptr, QCustomPlot::limAbove);
    plot->layer(name)->setMode(QCPLayer::lmBuffered);
    setLayer(name);
    setSelectable(false);
    setClipToAxisRect(true);
    setClipAxisRect(plot->axisRect());
}

void PlotOverlay::setCrosshair(double x, std::vector<Dot> dots) {
    m_crosshair = true;
    m_x = x;
    m_dots = std::move(dots);
}

void PlotOverlay::clearCrosshair() {
    m_crosshair = false;
    m_dots.clear();
}

void PlotOverlay::setBox(const QRectF& box) {
    m_box = box;
}

void PlotOverlay::redraw() {
    layer()->replot();
}

void PlotOverlay::draw(QCPPainter* painter) {
    const ThemeColours& colours = Theme::instance().colours();
    const QRect area = clipRect();
    if (m_crosshair) {
        painter->setAntialiasing(false);
        painter->setPen(QPen(mixed(colours.faintText, colours.surface, 0.3), 1));
        painter->drawLine(QPointF(m_x, area.top()), QPointF(m_x, area.bottom()));
        painter->setAntialiasing(true);
        painter->setBrush(colours.surface);
        for (const Dot& dot : m_dots) {
            painter->setPen(QPen(dot.colour, 2));
            painter->drawEllipse(dot.pixel, 3.5, 3.5);
        }
    }
    if (!m_box.isEmpty()) {
        painter->setAntialiasing(false);
        QColor fill = colours.accent;
        fill.setAlpha(36);
        painter->setPen(QPen(colours.accent, 1));
        painter->setBrush(fill);
        painter->drawRect(m_box.adjusted(0, 0, -1, -1));
    }
}

}  // namespace saeception
