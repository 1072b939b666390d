// SPDX-License-Identifier: GPL-3.0-or-later
// A scatter plot of one quantity before and after a step, a dot a feature, with the diagonal on which nothing
// moved.
#pragma once

#include "ui/plots/dot_plottable.h"

#include <QWidget>

#include <functional>
#include <vector>

class QLabel;

namespace saeception {

class PlotInput;
class PlotOverlay;

/// A box that is dragged, or the wheel, zooms; a double click shows all again.
class SelectivityPlot : public QWidget {
    Q_OBJECT

public:
    enum class Scale {
        Linear,      ///< from 0, at most to 1
        Logarithmic  ///< what is below `leastShown` lies at the edge
    };
    static constexpr double leastShown = 1e-6;

    explicit SelectivityPlot(Scale scale, QWidget* parent = nullptr);

    /// Over the plot: the quantity, and what is to be said of it.
    void setHeading(const QString& title, const QString& text);
    void setAxisNames(const QString& before, const QString& after);
    /// What the tooltip says of a dot, by its id.
    void setDescriber(std::function<QString(int id)> describe) { m_describe = std::move(describe); }
    void setDots(std::vector<ScatterDot> dots);
    int dotCount() const { return static_cast<int>(m_dots->dots().size()); }
    /// The dot of that id has a ring; -1: none.
    void setChosen(int id);
    /// Where a dot is drawn, in pixels of the plot (plotWidget()); null where it is not.
    QPoint positionOf(int id) const;
    QWidget* plotWidget() const { return m_plot; }
    QString text() const;

Q_SIGNALS:
    void dotClicked(int id);

protected:
    void changeEvent(QEvent* event) override;

private:
    void fitRange();
    void hover(const QPointF& position);
    void zoom(const QRectF& pixels);
    void applyTheme();
    int dotOf(int id) const;

    Scale m_scale;
    QLabel* m_title;
    QLabel* m_text;
    QCustomPlot* m_plot;
    DotPlottable* m_dots;
    DotRings* m_rings;
    QCPItemStraightLine* m_diagonal;
    PlotOverlay* m_overlay;
    PlotInput* m_input;
    QCPRange m_full;
    int m_chosen = -1;
    std::function<QString(int)> m_describe;
};

}  // namespace saeception
