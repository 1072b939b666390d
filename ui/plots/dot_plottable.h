// SPDX-License-Identifier: GPL-3.0-or-later
// Tens of thousands of dots in a scatter plot, drawn as ready-made pictures, and the rings about some of
// them.
#pragma once

#include "ui/plots/qcustomplot_header.h"

#include <QPixmap>

#include <vector>

namespace saeception {

/// One dot. Its colour is that of class `label` (-1: none), its shape tells whether it is marked.
struct ScatterDot {
    double x = 0;
    double y = 0;
    int label = -1;
    bool marked = false;
    int id = 0;  ///< whatever the owner knows it by
};

/// A dot as it is drawn: a circle, or a diamond where it is marked. Among many it is `small`.
QPixmap dotPicture(int label, bool marked, double ratio, bool small = false);

/// Marked dots lie over the others.
class DotPlottable : public QCPAbstractPlottable {
public:
    DotPlottable(QCPAxis* keyAxis, QCPAxis* valueAxis);

    void setDots(std::vector<ScatterDot> dots);
    const std::vector<ScatterDot>& dots() const { return m_dots; }
    /// The dot nearest to `pixel`, a marked one before others as near; -1 where none is within `reach`
    /// pixels.
    int nearest(const QPointF& pixel, double reach) const;
    QPointF pixelOf(int dot) const;

    double selectTest(const QPointF&, bool, QVariant* = nullptr) const override { return -1; }
    QCPRange getKeyRange(bool& found, QCP::SignDomain domain = QCP::sdBoth) const override;
    QCPRange getValueRange(bool& found, QCP::SignDomain domain = QCP::sdBoth,
                           const QCPRange& keys = QCPRange()) const override;

protected:
    void draw(QCPPainter* painter) override;
    void drawLegendIcon(QCPPainter*, const QRectF&) const override {}

private:
    std::vector<ScatterDot> m_dots;
};

/// Rings about the dot under the mouse and the chosen one, on a layer of their own that is redrawn alone.
class DotRings : public QCPAbstractItem {
public:
    /// Makes the layer as well. `dots` must outlive this item.
    DotRings(QCustomPlot* plot, const DotPlottable* dots);

    /// Numbers of dots; -1: none. Nothing is redrawn yet.
    void setHovered(int dot) { m_hovered = dot; }
    void setChosen(int dot) { m_chosen = dot; }
    int hovered() const { return m_hovered; }
    int chosen() const { return m_chosen; }
    void redraw() { layer()->replot(); }

    double selectTest(const QPointF&, bool, QVariant* = nullptr) const override { return -1; }

protected:
    void draw(QCPPainter* painter) override;

private:
    const DotPlottable* m_dots;
    int m_hovered = -1;
    int m_chosen = -1;
};

}  // namespace saeception
