// SPDX-License-Identifier: GPL-3.0-or-later
// A chart as a file: PNG, SVG, PDF, or all its points as CSV.
#pragma once

#include "ui/models/curve_series.h"

#include <QByteArray>
#include <QColor>
#include <QSize>
#include <QString>

#include <string>
#include <vector>

class QCustomPlot;

namespace saeception {

/// A curve as it is written out: a copy, so that a worker may read it.
struct ExportedCurve {
    std::string run;
    int cycle = 0;
    std::string tag;
    CurveSeries series;
    std::vector<double> smoothed;  ///< empty, or one for each point
};

/// Lines of "run,cycle,tag,step,time,seconds,value,smoothed": `time` in seconds since the Unix epoch,
/// `seconds` since the curve's first point; numbers as short as they can be and still read back the same;
/// "NaN", "Infinity"; the last column empty where nothing is smoothed, the cycle empty for the run as a
/// whole.
std::string curvesAsCsv(const std::vector<ExportedCurve>& curves);

struct LegendEntry {
    QColor colour;
    bool dashed = false;
    QString name;
};

/// A title and a legend above the plot for as long as this lives: a picture on its own has to say what it
/// shows.
class PlotCaption {
public:
    PlotCaption(QCustomPlot& plot, const QString& title, std::vector<LegendEntry> entries);
    ~PlotCaption();
    PlotCaption(const PlotCaption&) = delete;
    PlotCaption& operator=(const PlotCaption&) = delete;

private:
    QCustomPlot& m_plot;
};

/// The plot on a page of `size` (pixels; 96 to the inch).
QByteArray plotAsSvg(QCustomPlot& plot, const QSize& size, const QString& title);
QByteArray plotAsPdf(QCustomPlot& plot, const QSize& size, const QString& title);

}  // namespace saeception
