// SPDX-License-Identifier: GPL-3.0-or-later
// One tiny line plot for each headline metric, across the cycles of the compared runs.
#pragma once

#include "cycle/run_library.h"

#include <QWidget>

#include <string>
#include <vector>

namespace saeception {

/// Each plot has its own scale, written at its left; a run keeps its mark and colour in all of them. The
/// tooltip has the numbers.
class SmallMultiples : public QWidget {
    Q_OBJECT

public:
    explicit SmallMultiples(QWidget* parent = nullptr);

    void setRuns(const std::vector<RunContents>& runs);
    int plotCount() const { return static_cast<int>(m_plots.size()); }
    QString plotTitle(int plot) const;
    /// What its tooltip says, as plain text: a line for each run and cycle.
    QString plotText(int plot) const;
    QRect plotRect(int plot) const;

    QSize sizeHint() const override;
    bool hasHeightForWidth() const override { return true; }
    int heightForWidth(int width) const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    bool event(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    struct Point {
        int cycle = 0;
        double value = 0;
        double low = 0;  ///< NaN without an interval
        double high = 0;
    };
    struct Line {
        int run = 0;
        QString title;
        std::vector<Point> points;
    };
    struct Plot {
        std::string key;
        QString title;
        int better = 0;
        std::vector<Line> lines;
    };

    int columnsFor(int width) const;
    void drawPlot(QPainter& painter, const Plot& plot, const QRect& rect) const;

    std::vector<Plot> m_plots;
    int m_firstCycle = 0;
    int m_lastCycle = 0;
    bool m_severalRuns = false;
};

}  // namespace saeception
