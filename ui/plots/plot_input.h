// SPDX-License-Identifier: GPL-3.0-or-later
// What the mouse means over a plot: hover, drag a box to zoom, wheel to zoom, middle button to pan, double
// click to reset.
#pragma once

#include <QObject>
#include <QPointF>
#include <QRectF>

class QCustomPlot;
class QMouseEvent;
class QWheelEvent;

namespace saeception {

/// Takes the place of QCustomPlot's own handling of the mouse. All positions are pixels of the plot.
class PlotInput : public QObject {
    Q_OBJECT

public:
    explicit PlotInput(QCustomPlot* plot);

Q_SIGNALS:
    void hovered(const QPointF& position);
    void left();
    /// The left button was pressed and let go at one place.
    void clicked(const QPointF& position);
    /// While a box is being dragged; an empty one when it is gone.
    void boxChanged(const QRectF& box);
    /// Show what lies in this rectangle in the place of what is shown now; it may reach beyond it.
    void showRequested(const QRectF& pixels);
    void resetRequested();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    enum class Drag { None, Box, Pan };

    void press(const QMouseEvent& event);
    void move(const QMouseEvent& event);
    void release(const QMouseEvent& event);
    bool wheel(const QWheelEvent& event);
    QRectF area() const;
    QRectF boxTo(const QPointF& position) const;

    QCustomPlot* m_plot;
    Drag m_drag = Drag::None;
    QPointF m_from;
};

/// The pixels from which to which both axes run.
QRectF plotArea(const QCustomPlot& plot);

/// `area` shrunk (factor < 1) or grown about `centre`.
QRectF scaledAbout(const QRectF& area, const QPointF& centre, double factorX, double factorY);

}  // namespace saeception
