// SPDX-License-Identifier: GPL-3.0-or-later
// Draws all curves of one chart: point by point where they are sparse, as the exact extent of every column of
// pixels where they are not.
#pragma once

#include "ui/models/curve_smoothing.h"
#include "ui/plots/qcustomplot_header.h"

#include <vector>

namespace saeception {

struct DrawnLine {
    const CurveSeries* series = nullptr;
    SmoothedCurve* smoothed = nullptr;  ///< where not null, drawn with the values faint behind it
    double smoothing = 0;
    QColor colour;
    bool dashed = false;

    /// One value for every point of `series`, which may have grown since the last time.
    std::span<const double> shown() const {
        if (smoothed == nullptr)
            return series->values();
        smoothed->update(*series, smoothing);
        return smoothed->values();
    }
};

class CurvePlottable : public QCPAbstractPlottable {
public:
    CurvePlottable(QCPAxis* keyAxis, QCPAxis* valueAxis);

    /// What the lines point to must live until the next call; it may grow and change.
    void setLines(std::vector<DrawnLine> lines, CurveAxis axis, const QColor& background);
    const std::vector<DrawnLine>& lines() const { return m_lines; }

    double selectTest(const QPointF&, bool, QVariant* = nullptr) const override { return -1; }
    QCPRange getKeyRange(bool& found, QCP::SignDomain domain = QCP::sdBoth) const override;
    QCPRange getValueRange(bool& found, QCP::SignDomain domain = QCP::sdBoth,
                           const QCPRange& keys = QCPRange()) const override;

protected:
    void draw(QCPPainter* painter) override;
    void drawLegendIcon(QCPPainter*, const QRectF&) const override {}

private:
    struct Pass;
    void drawLine(Pass& pass, const DrawnLine& line, bool behind) const;
    void drawPoints(Pass& pass, const DrawnLine& line, std::span<const double> values, std::size_t begin,
                    std::size_t end, const QPen& pen) const;
    void drawColumns(Pass& pass, const DrawnLine& line, std::span<const double> values, bool behind,
                     const QPen& pen) const;
    void drawMarks(Pass& pass, const DrawnLine& line) const;

    std::vector<DrawnLine> m_lines;
    CurveAxis m_axis = CurveAxis::Step;
    QColor m_background;
};

}  // namespace saeception
