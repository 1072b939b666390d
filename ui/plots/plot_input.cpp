// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/plot_input.h"

#include "ui/plots/qcustomplot_header.h"

#include <QMouseEvent>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>

namespace saeception {
namespace {

constexpr double leastBox = 6;     // pixels; less is a click whose hand trembled
constexpr double flatBox = 12;     // a box flatter than this zooms along its length only
constexpr double wheelStep = 0.8;  // what one notch leaves of the range

}  // namespace

QRectF plotArea(const QCustomPlot& plot) {
    // QCustomPlot puts the lower end of the value axis on the last row of pixels and the upper end above the
    // first.
    const QRect rect = plot.axisRect()->rect();
    return QRectF(rect.left(), rect.bottom() - rect.height(), rect.width(), rect.height());
}

QRectF scaledAbout(const QRectF& area, const QPointF& centre, double factorX, double factorY) {
    return QRectF(QPointF(centre.x() + (area.left() - centre.x()) * factorX,
                          centre.y() + (area.top() - centre.y()) * factorY),
                  QPointF(centre.x() + (area.right() - centre.x()) * factorX,
                          centre.y() + (area.bottom() - centre.y()) * factorY));
}

PlotInput::PlotInput(QCustomPlot* plot) : QObject(plot), m_plot(plot) {
    plot->setInteractions(QCP::Interactions());
    plot->setMouseTracking(true);
    plot->installEventFilter(this);
}

bool PlotInput::eventFilter(QObject* watched, QEvent* event) {
    switch (event->type()) {
        case QEvent::MouseButtonPress:
            press(*static_cast<QMouseEvent*>(event));
            // The chart takes the focus, and a context menu is still asked for.
            return false;
        case QEvent::MouseMove:
            move(*static_cast<QMouseEvent*>(event));
            return true;
        case QEvent::MouseButtonRelease:
            release(*static_cast<QMouseEvent*>(event));
            return true;
        case QEvent::MouseButtonDblClick:
            if (static_cast<QMouseEvent*>(event)->button() == Qt::LeftButton)
                Q_EMIT resetRequested();
            return true;
        case QEvent::Wheel:
            return wheel(*static_cast<QWheelEvent*>(event));
        case QEvent::Leave:
            Q_EMIT left();
            return false;
        default:
            return QObject::eventFilter(watched, event);
    }
}

QRectF PlotInput::area() const {
    return plotArea(*m_plot);
}

QRectF PlotInput::boxTo(const QPointF& position) const {
    const QRectF within = area();
    const auto inside = [&](const QPointF& p) {
        return QPointF(std::clamp(p.x(), within.left(), within.right()),
                       std::clamp(p.y(), within.top(), within.bottom()));
    };
    QRectF box = QRectF(inside(m_from), inside(position)).normalized();
    if (box.height() < flatBox && box.width() > 2 * box.height())
        box = QRectF(box.left(), within.top(), box.width(), within.height());
    else if (box.width() < flatBox && box.height() > 2 * box.width())
        box = QRectF(within.left(), box.top(), within.width(), box.height());
    return box;
}

void PlotInput::press(const QMouseEvent& event) {
    if (m_drag != Drag::None || !area().contains(event.position()))
        return;
    if (event.button() == Qt::LeftButton)
        m_drag = Drag::Box;
    else if (event.button() == Qt::MiddleButton)
        m_drag = Drag::Pan;
    m_from = event.position();
}

void PlotInput::move(const QMouseEvent& event) {
    if (m_drag == Drag::Box) {
        const QPointF way = event.position() - m_from;
        Q_EMIT boxChanged(
            std::max(std::abs(way.x()), std::abs(way.y())) < leastBox ? QRectF() : boxTo(event.position()));
    } else if (m_drag == Drag::Pan) {
        const QPointF way = event.position() - m_from;
        m_from = event.position();
        Q_EMIT showRequested(area().translated(-way));
    } else if (area().contains(event.position())) {
        Q_EMIT hovered(event.position());
    } else {
        Q_EMIT left();
    }
}

void PlotInput::release(const QMouseEvent& event) {
    if (m_drag == Drag::Box && event.button() == Qt::LeftButton) {
        m_drag = Drag::None;
        Q_EMIT boxChanged({});
        const QPointF way = event.position() - m_from;
        if (std::max(std::abs(way.x()), std::abs(way.y())) >= leastBox)
            Q_EMIT showRequested(boxTo(event.position()));
        else
            Q_EMIT clicked(event.position());
    } else if (m_drag == Drag::Pan && event.button() == Qt::MiddleButton) {
        m_drag = Drag::None;
    }
}

bool PlotInput::wheel(const QWheelEvent& event) {
    // With Shift, and beyond the plot and its axes, the page scrolls.
    if (event.modifiers().testFlag(Qt::ShiftModifier))
        return false;
    const double notches = event.angleDelta().y() / 120.0;
    const QRectF within = area();
    const QPointF at = event.position();
    const bool overX = at.x() >= within.left() && at.x() <= within.right();
    const bool overY = at.y() >= within.top() && at.y() <= within.bottom();
    if (notches == 0 || (!overX && !overY))
        return false;
    const double factor = std::pow(wheelStep, notches);
    // Over an axis its own range alone.
    Q_EMIT showRequested(scaledAbout(within, at, overX ? factor : 1, overY ? factor : 1));
    if (overX && overY)
        Q_EMIT hovered(at);
    return true;
}

}  // namespace saeception
