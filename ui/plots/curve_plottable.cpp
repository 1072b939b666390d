// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/curve_plottable.h"

#include "ui/plots/curve_columns.h"
#include "ui/plots/span_canvas.h"
#include "ui/theme.h"

#include <algorithm>
#include <cmath>
#include <optional>

namespace saeception {
namespace {

constexpr double lineWidth = 1.75;
constexpr double dashedWidth = 1.5;
constexpr double dotRadius = 2.5;
constexpr double markRadius = 3.5;
constexpr double dashPeriod = 9;  // pixels, of which dashOn are drawn
constexpr double dashOn = 5.5;
constexpr double farAway = 1e6;  // beyond what is seen, within what the rasteriser can take

constexpr double clipRoom = 20;

bool isFinite(double value) {
    return std::isfinite(value);
}

// Cuts the line to what lies within `area` (Liang and Barsky 1984). @returns false if nothing does
bool clipLine(const QRectF& area, QPointF& from, QPointF& to) {
    const QPointF way = to - from;
    double enter = 0;
    double leave = 1;
    const auto cut = [&](double speed, double room) {
        if (speed == 0)
            return room >= 0;
        const double t = room / speed;
        if (speed < 0)
            enter = std::max(enter, t);
        else
            leave = std::min(leave, t);
        return enter <= leave;
    };
    if (!cut(-way.x(), from.x() - area.left()) || !cut(way.x(), area.right() - from.x()) ||
        !cut(-way.y(), from.y() - area.top()) || !cut(way.y(), area.bottom() - from.y()))
        return false;
    const QPointF start = from;
    if (enter > 0)
        from = start + enter * way;
    if (leave < 1)
        to = start + leave * way;
    return true;
}

}  // namespace

// What one pass over the lines needs: from coordinates to pixels, and the picture of the dense ones.
struct CurvePlottable::Pass {
    QCPPainter* painter;
    QRect rect;
    double scale;  ///< device pixels a pixel
    QCPRange keys;
    CurveAxis axis;
    bool logarithmic;
    double bottomValue;  ///< of the value axis, or its logarithm
    double pixelsAValue;
    bool vectors;
    std::optional<SpanCanvas> canvas;
    int canvasLeft = 0;  ///< device pixels
    int canvasTop = 0;
    int columns = 0;

    double x(const CurveSeries& series, std::size_t i) const {
        const double pixel = rect.left() + (series.x(axis, i) - keys.lower) / keys.size() * rect.width();
        return std::clamp(pixel, -farAway, farAway);
    }
    double y(double value) const {
        if (logarithmic)
            value = value > 0 ? std::log(value) : -farAway;
        return std::clamp(rect.bottom() + 1 - (value - bottomValue) * pixelsAValue, -farAway, farAway);
    }
    void flush() {
        if (!canvas)
            return;
        QImage image = canvas->image();
        image.setDevicePixelRatio(scale);
        // Antialiased painting is shifted by half a pixel, which would smear whole ones.
        painter->setAntialiasing(false);
        painter->drawImage(QPointF(canvasLeft / scale, canvasTop / scale), image);
        painter->setAntialiasing(true);
        canvas.reset();
    }
};

CurvePlottable::CurvePlottable(QCPAxis* keyAxis, QCPAxis* valueAxis)
    : QCPAbstractPlottable(keyAxis, valueAxis) {
    setSelectable(QCP::stNone);
}

void CurvePlottable::setLines(std::vector<DrawnLine> lines, CurveAxis axis, const QColor& background) {
    m_lines = std::move(lines);
    m_axis = axis;
    m_background = background;
}

QCPRange CurvePlottable::getKeyRange(bool& found, QCP::SignDomain) const {
    CurveExtent extent;
    for (const DrawnLine& line : m_lines)
        if (line.series->size() > 0) {
            extent.include(line.series->x(m_axis, 0));
            extent.include(line.series->x(m_axis, line.series->size() - 1));
        }
    found = !extent.isEmpty();
    return found ? QCPRange(extent.low, extent.high) : QCPRange();
}

QCPRange CurvePlottable::getValueRange(bool& found, QCP::SignDomain, const QCPRange&) const {
    CurveExtent extent;
    for (const DrawnLine& line : m_lines)
        extent.include(line.series->extent());
    found = !extent.isEmpty();
    return found ? QCPRange(extent.low, extent.high) : QCPRange();
}

void CurvePlottable::draw(QCPPainter* painter) {
    if (!mKeyAxis || !mValueAxis || m_lines.empty())
        return;
    Pass pass;
    pass.painter = painter;
    // QCustomPlot's axes end a pixel above their rectangle.
    pass.rect = clipRect().translated(0, -1);
    pass.scale = painter->deviceTransform().m11();
    pass.keys = mKeyAxis->range();
    pass.axis = m_axis;
    pass.logarithmic = mValueAxis->scaleType() == QCPAxis::stLogarithmic;
    const QCPRange values = mValueAxis->range();
    const double low = pass.logarithmic ? std::log(values.lower) : values.lower;
    const double high = pass.logarithmic ? std::log(values.upper) : values.upper;
    pass.bottomValue = low;
    pass.pixelsAValue = pass.rect.height() / (high - low);
    pass.vectors = painter->modes().testFlag(QCPPainter::pmVectorized);
    if (pass.vectors)
        pass.scale = 2;  // columns a pixel of a drawing that may be enlarged
    pass.canvasLeft = static_cast<int>(std::floor(pass.rect.left() * pass.scale));
    pass.canvasTop = static_cast<int>(std::floor(pass.rect.top() * pass.scale));
    pass.columns = static_cast<int>(std::ceil((pass.rect.right() + 1) * pass.scale)) - pass.canvasLeft;
    if (pass.rect.height() <= 0 || pass.columns <= 0 || !(high > low) || !(pass.keys.size() > 0))
        return;
    painter->setAntialiasing(true);
    // What is few and dashed lies on top of what is dense, and both on top of what stands faint behind.
    for (const bool dashed : {false, true})
        for (const bool behind : {true, false}) {
            for (const DrawnLine& line : m_lines)
                if (line.series->size() > 0 && line.dashed == dashed && (!behind || line.smoothed != nullptr))
                    drawLine(pass, line, behind);
            pass.flush();
        }
    for (const DrawnLine& line : m_lines)
        if (!line.series->notFinite().empty())
            drawMarks(pass, line);
}

void CurvePlottable::drawLine(Pass& pass, const DrawnLine& line, bool behind) const {
    const std::span<const double> values = behind ? line.series->values() : line.shown();
    const QColor colour = behind ? mixed(line.colour, m_background, 0.72) : line.colour;
    QPen pen(colour, behind ? 1 : line.dashed ? dashedWidth : lineWidth);
    pen.setJoinStyle(Qt::RoundJoin);
    const std::size_t begin = line.series->lowerBound(m_axis, pass.keys.lower);
    const std::size_t end = line.series->lowerBound(m_axis, pass.keys.upper, begin);
    // Up to a point every two pixels a stroke is finer; beyond, it takes long and looks the same.
    if (2 * (end - begin) > static_cast<std::size_t>(pass.columns)) {
        drawColumns(pass, line, values, behind, pen);
        return;
    }
    // The line enters from and leaves to the points just outside.
    drawPoints(pass, line, values, begin > 0 ? begin - 1 : 0, std::min(end + 1, values.size()), pen);
}

void CurvePlottable::drawPoints(Pass& pass, const DrawnLine& line, std::span<const double> values,
                                std::size_t begin, std::size_t end, const QPen& pen) const {
    QPen stroke = pen;
    if (line.dashed)
        stroke.setDashPattern({dashOn / pen.widthF(), (dashPeriod - dashOn) / pen.widthF()});
    // The rasteriser takes seconds over lines that reach far out of the picture, as they do when zoomed in.
    const QRectF seen = QRectF(pass.rect).adjusted(-clipRoom, -clipRoom, clipRoom, clipRoom);
    // Few points are each worth seeing where a line only joins them.
    const bool dots = line.dashed && (end - begin) * 8 <= static_cast<std::size_t>(pass.columns);
    std::vector<QPointF> dotted;
    QPolygonF stretch;
    pass.painter->setPen(stroke);
    pass.painter->setBrush(Qt::NoBrush);
    const auto finish = [&] {
        if (stretch.size() > 1)
            pass.painter->drawPolyline(stretch);
        stretch.clear();
    };
    for (std::size_t i = begin; i < end; ++i) {
        if (!isFinite(values[i])) {
            finish();
            continue;
        }
        const QPointF point(pass.x(*line.series, i), pass.y(values[i]));
        const bool fromBefore = i > begin && isFinite(values[i - 1]);
        const bool alone =
            !(i > 0 && isFinite(values[i - 1])) && !(i + 1 < values.size() && isFinite(values[i + 1]));
        if ((alone || dots) && seen.contains(point))
            dotted.push_back(point);
        if (!fromBefore)
            continue;
        QPointF from(pass.x(*line.series, i - 1), pass.y(values[i - 1]));
        QPointF to = point;
        if (!clipLine(seen, from, to)) {
            finish();
            continue;
        }
        if (stretch.isEmpty() || stretch.back() != from) {
            finish();
            stretch.append(from);
        }
        stretch.append(to);
    }
    finish();
    pass.painter->setPen(Qt::NoPen);
    pass.painter->setBrush(pen.color());
    for (const QPointF& centre : dotted)
        pass.painter->drawEllipse(centre, dotRadius, dotRadius);
}

void CurvePlottable::drawColumns(Pass& pass, const DrawnLine& line, std::span<const double> values,
                                 bool behind, const QPen& pen) const {
    const CurveSeries& series = *line.series;
    const auto width = static_cast<std::size_t>(pass.columns);
    const double columnKeys = pass.keys.size() / (pass.rect.width() * pass.scale);
    const double lower = pass.keys.lower + (pass.canvasLeft - pass.rect.left() * pass.scale) * columnKeys;
    std::vector<std::size_t> starts;
    columnStarts(series, m_axis, lower, lower + columnKeys * pass.columns, pass.columns, starts);

    std::vector<CurveExtent> spans(width);  // device pixels from the canvas' top, or pixels of a drawing
    // A pixel's coordinate means its centre, here as in lines.
    const auto yOf = [&](double value) {
        return (pass.y(value) + (pass.vectors ? 0 : 0.5)) * pass.scale - pass.canvasTop;
    };
    const auto xOf = [&](std::size_t i) {
        return std::clamp((series.x(m_axis, i) - lower) / columnKeys, -farAway, farAway);
    };
    // The line between neighbours in different columns passes the columns' edges between them.
    const auto join = [&](std::size_t from, std::size_t to) {
        if (!isFinite(values[from]) || !isFinite(values[to]))
            return false;
        const double x0 = xOf(from);
        const double y0 = yOf(values[from]);
        const double slope = (yOf(values[to]) - y0) / std::max(xOf(to) - x0, 1e-9);
        const int last = std::min(static_cast<int>(std::floor(xOf(to))), pass.columns);
        for (int column = std::max(static_cast<int>(std::floor(x0)), -1); column < last; ++column) {
            const double y = y0 + slope * (column + 1 - x0);
            if (column >= 0)
                spans[static_cast<std::size_t>(column)].include(y);
            if (column + 1 < pass.columns)
                spans[static_cast<std::size_t>(column) + 1].include(y);
        }
        return true;
    };
    std::vector<QPointF> lone;
    for (std::size_t column = 0; column < width; ++column) {
        const std::size_t begin = starts[column];
        const std::size_t end = starts[column + 1];
        if (begin == end)
            continue;
        const CurveExtent extent = behind || line.smoothed == nullptr ? series.extent(begin, end)
                                                                      : line.smoothed->extent(begin, end);
        if (!extent.isEmpty()) {
            spans[column].include(yOf(extent.low));
            spans[column].include(yOf(extent.high));
        }
        const bool joined = begin > 0 && join(begin - 1, begin);
        const bool goesOn = end < values.size() && isFinite(values[end - 1]) && isFinite(values[end]);
        if (column + 1 == width && end < values.size())
            join(end - 1, end);
        if (!extent.isEmpty() && !joined && !goesOn && end - begin == 1)
            lone.emplace_back(pass.x(series, begin), pass.y(values[begin]));
    }
    const double half = pen.widthF() * pass.scale / 2;
    const auto dashGap = [&](std::size_t column) {
        return line.dashed && std::fmod(static_cast<double>(column) / pass.scale, dashPeriod) >= dashOn;
    };
    if (pass.vectors) {
        // One outline for every unbroken stretch: along the tops and back along the bottoms.
        pass.painter->setPen(Qt::NoPen);
        pass.painter->setBrush(pen.color());
        for (std::size_t column = 0; column < width; ++column) {
            QPolygonF tops;
            QPolygonF bottoms;
            for (; column < width && !spans[column].isEmpty() && !dashGap(column); ++column)
                for (const double edge : {0.0, 1.0}) {
                    const double x = (static_cast<double>(column) + edge + pass.canvasLeft) / pass.scale;
                    tops.append(QPointF(x, (spans[column].low - half + pass.canvasTop) / pass.scale));
                    bottoms.prepend(QPointF(x, (spans[column].high + half + pass.canvasTop) / pass.scale));
                }
            if (!tops.isEmpty())
                pass.painter->drawPolygon(tops + bottoms);
        }
    } else {
        if (!pass.canvas)
            pass.canvas.emplace(
                pass.columns,
                static_cast<int>(std::ceil((pass.rect.bottom() + 1) * pass.scale)) - pass.canvasTop);
        const QRgb colour = pen.color().rgb();
        for (std::size_t column = 0; column < width; ++column)
            if (!spans[column].isEmpty() && !dashGap(column))
                pass.canvas->span(static_cast<int>(column), spans[column].low - half,
                                  spans[column].high + half, colour);
    }
    pass.painter->setPen(Qt::NoPen);
    pass.painter->setBrush(pen.color());
    for (const QPointF& centre : lone)
        pass.painter->drawEllipse(centre, dotRadius, dotRadius);
}

void CurvePlottable::drawMarks(Pass& pass, const DrawnLine& line) const {
    const CurveSeries& series = *line.series;
    const std::span<const std::uint32_t> marks = series.notFinite();
    const double apart = 2 * markRadius / pass.rect.width() * pass.keys.size();
    const auto markFrom = [&](std::size_t point) {
        return std::lower_bound(marks.begin(), marks.end(), static_cast<std::uint32_t>(point));
    };
    pass.painter->setPen(QPen(line.colour, 1.5));
    auto mark = markFrom(series.lowerBound(m_axis, pass.keys.lower));
    while (mark != marks.end() && series.x(m_axis, *mark) <= pass.keys.upper) {
        const double value = series.value(*mark);
        const double x = pass.x(series, *mark);
        const double r = markRadius;
        if (std::isnan(value)) {
            const double y = pass.rect.bottom() - r;
            pass.painter->drawLine(QPointF(x - r, y - r), QPointF(x + r, y + r));
            pass.painter->drawLine(QPointF(x - r, y + r), QPointF(x + r, y - r));
        } else {
            // An arrow head out of the picture.
            const double tip = value > 0 ? pass.rect.top() + 1 : pass.rect.bottom();
            const double foot = tip + (value > 0 ? 2 * r : -2 * r);
            pass.painter->setBrush(line.colour);
            pass.painter->drawPolygon(
                QPolygonF({QPointF(x, tip), QPointF(x - r, foot), QPointF(x + r, foot)}));
        }
        // Marks closer than their own width would only paint over each other.
        mark =
            std::max(mark + 1, markFrom(series.lowerBound(m_axis, series.x(m_axis, *mark) + apart, *mark)));
    }
}

}  // namespace saeception
