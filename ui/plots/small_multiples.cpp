// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/small_multiples.h"

#include "cycle/metric_info.h"
#include "cycle/metric_row.h"
#include "ui/format.h"
#include "ui/models/metric_words.h"
#include "ui/plots/series_mark.h"
#include "ui/theme.h"

#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>
#include <cmath>
#include <limits>

namespace saeception {
namespace {

constexpr int plotHeight = 12 * gridUnit;
constexpr int leastWidth = 15 * gridUnit;
constexpr int gap = gridUnit;
constexpr double markSize = 6;

QFont smallFont(const QFont& font) {
    QFont small(font);
    small.setPointSizeF(font.pointSizeF() * 0.85);
    return small;
}

}  // namespace

SmallMultiples::SmallMultiples(QWidget* parent) : QWidget(parent) {
    QSizePolicy policy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
    setAccessibleName(tr("Headline metrics across cycles"));
    connect(&Theme::instance(), &Theme::changed, this, qOverload<>(&QWidget::update));
}

void SmallMultiples::setRuns(const std::vector<RunContents>& runs) {
    m_plots.clear();
    m_severalRuns = runs.size() > 1;
    m_firstCycle = std::numeric_limits<int>::max();
    m_lastCycle = 0;
    for (const RunContents& run : runs)
        for (const auto& [cycle, metrics] : run.results) {
            m_firstCycle = std::min(m_firstCycle, cycle);
            m_lastCycle = std::max(m_lastCycle, cycle);
        }
    for (const MetricInfo& info : metricInfos()) {
        if (info.headline.empty())
            continue;
        Plot plot{info.key, QString::fromStdString(info.headline), info.better, {}};
        for (std::size_t run = 0; run < runs.size(); ++run) {
            Line line{static_cast<int>(run), QString::fromStdString(runs[run].title), {}};
            for (const auto& [cycle, metrics] : runs[run].results)
                if (const double value = saeception::metric(metrics, info.key); std::isfinite(value))
                    line.points.push_back(
                        {cycle, value, saeception::metric(metrics, info.key + std::string(intervalLow)),
                         saeception::metric(metrics, info.key + std::string(intervalHigh))});
            if (!line.points.empty())
                plot.lines.push_back(std::move(line));
        }
        if (!plot.lines.empty())
            m_plots.push_back(std::move(plot));
    }
    QStringList described;
    for (int plot = 0; plot < plotCount(); ++plot)
        described.append(plotText(plot));
    setAccessibleDescription(described.join(QLatin1Char('\n')));
    updateGeometry();
    update();
}

QString SmallMultiples::plotTitle(int plot) const {
    return m_plots[static_cast<std::size_t>(plot)].title;
}

QString SmallMultiples::plotText(int plot) const {
    const Plot& shown = m_plots[static_cast<std::size_t>(plot)];
    std::vector<double> values;
    for (const Line& line : shown.lines)
        for (const Point& point : line.points)
            values.push_back(point.value);
    const MetricRow texts(shown.key, values);
    QStringList lines = {shown.title};
    std::size_t next = 0;
    for (const Line& line : shown.lines)
        for (const Point& point : line.points) {
            const QString interval = QString::fromStdString(texts.intervalText(point.low, point.high));
            lines.append(tr("%1: %2").arg(m_severalRuns
                                              ? line.title + QStringLiteral(" · ") + cycleText(point.cycle)
                                              : cycleText(point.cycle),
                                          QString::fromStdString(texts.text(next++)) +
                                              (interval.isEmpty() ? interval : QLatin1Char(' ') + interval)));
        }
    return lines.join(QLatin1Char('\n'));
}

int SmallMultiples::columnsFor(int width) const {
    const int fitting = std::max(1, (width + gap) / (leastWidth + gap));
    const int count = std::max(1, plotCount());
    // Rows as full as each other.
    const int rows = (count + fitting - 1) / fitting;
    return (count + rows - 1) / rows;
}

int SmallMultiples::heightForWidth(int width) const {
    const int columns = columnsFor(width);
    const int rows = (plotCount() + columns - 1) / columns;
    return rows == 0 ? 0 : rows * (plotHeight + gap) - gap;
}

QSize SmallMultiples::sizeHint() const {
    return {leastWidth * 4, heightForWidth(std::max(width(), leastWidth))};
}

void SmallMultiples::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    updateGeometry();
}

QRect SmallMultiples::plotRect(int plot) const {
    const int columns = columnsFor(width());
    const int edge = (width() + gap) / columns;
    return {plot % columns * edge, plot / columns * (plotHeight + gap), edge - gap, plotHeight};
}

void SmallMultiples::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    for (int plot = 0; plot < plotCount(); ++plot)
        drawPlot(painter, m_plots[static_cast<std::size_t>(plot)], plotRect(plot));
}

void SmallMultiples::drawPlot(QPainter& painter, const Plot& plot, const QRect& rect) const {
    const ThemeColours& colours = Theme::instance().colours();
    painter.save();
    painter.fillRect(rect, colours.surface);
    const QRect inside = rect.adjusted(gridUnit, gridUnit / 2, -gridUnit, -gridUnit / 2);
    painter.setFont(font());
    painter.setPen(colours.text);
    const int line = painter.fontMetrics().height();
    painter.drawText(QRect(inside.left(), inside.top(), inside.width(), line),
                     Qt::AlignLeft | Qt::AlignVCenter,
                     painter.fontMetrics().elidedText(plot.title, Qt::ElideRight, inside.width()));
    double least = std::numeric_limits<double>::infinity();
    double most = -least;
    for (const Line& run : plot.lines)
        for (const Point& point : run.points) {
            least = std::min({least, point.value, std::isfinite(point.low) ? point.low : point.value});
            most = std::max({most, point.value, std::isfinite(point.high) ? point.high : point.value});
        }
    // Where all values read the same the line lies in the middle, at one number.
    const MetricRow texts(plot.key, {least, most});
    const QString upper = QString::fromStdString(texts.text(1));
    const QString lower = QString::fromStdString(texts.text(0));
    const bool flat = upper == lower;
    painter.setFont(smallFont(font()));
    const QFontMetrics small = painter.fontMetrics();
    const int axis = std::max(small.horizontalAdvance(upper), small.horizontalAdvance(lower)) + gridUnit;
    const QRectF area =
        QRectF(inside).adjusted(axis, line + gridUnit, -markSize / 2, -small.height() - gridUnit / 2.0);
    const auto x = [&](int cycle) {
        return m_lastCycle == m_firstCycle
                   ? area.center().x()
                   : area.left() + area.width() * (cycle - m_firstCycle) / (m_lastCycle - m_firstCycle);
    };
    const auto y = [&](double value) {
        return flat ? area.center().y() : area.bottom() - area.height() * (value - least) / (most - least);
    };
    painter.setPen(colours.faintText);
    const auto yLabel = [&](double at, const QString& text) {
        painter.drawText(QRectF(inside.left(), at - small.height() / 2.0, axis - gridUnit, small.height()),
                         Qt::AlignRight | Qt::AlignVCenter, text);
    };
    if (flat) {
        yLabel(area.center().y(), upper);
    } else {
        yLabel(area.top(), upper);
        yLabel(area.bottom(), lower);
    }
    const QRectF below(area.left() - gridUnit, inside.bottom() - small.height() + 1,
                       area.width() + 2 * gridUnit, small.height());
    const QString firstText = QString::number(m_firstCycle);
    if (m_lastCycle == m_firstCycle) {
        painter.drawText(below, Qt::AlignCenter, cycleText(m_firstCycle));
    } else {
        painter.drawText(below.adjusted(gridUnit - small.horizontalAdvance(firstText) / 2.0, 0, 0, 0),
                         Qt::AlignLeft, firstText);
        painter.drawText(
            below.adjusted(0, 0, -gridUnit + small.horizontalAdvance(QString::number(m_lastCycle)) / 2.0, 0),
            Qt::AlignRight, QString::number(m_lastCycle));
        painter.drawText(below, Qt::AlignHCenter, tr("cycle"));
    }
    painter.setPen(colours.grid);
    painter.drawLine(QPointF(area.left(), area.bottom() + 0.5), QPointF(area.right(), area.bottom() + 0.5));
    painter.setRenderHint(QPainter::Antialiasing);
    for (const Line& run : plot.lines) {
        const QColor colour = Theme::instance().series(run.run);
        QPolygonF path;
        for (const Point& point : run.points) {
            if (!flat && std::isfinite(point.low) && std::isfinite(point.high)) {
                painter.setPen(QPen(mixed(colour, colours.surface, 0.5), 1));
                painter.drawLine(QPointF(x(point.cycle), y(point.low)),
                                 QPointF(x(point.cycle), y(point.high)));
            }
            path << QPointF(x(point.cycle), y(point.value));
        }
        painter.setPen(QPen(colour, 1.5, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
        painter.drawPolyline(path);
        for (const QPointF& at : path)
            drawSeriesMark(painter, at, run.run, markSize);
    }
    painter.restore();
}

bool SmallMultiples::event(QEvent* event) {
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        for (int plot = 0; plot < plotCount(); ++plot)
            if (plotRect(plot).contains(help->pos())) {
                QToolTip::showText(
                    help->globalPos(),
                    metricTooltip(m_plots[static_cast<std::size_t>(plot)].key) + QStringLiteral("<p>") +
                        plotText(plot).toHtmlEscaped().replace(QLatin1Char('\n'), QStringLiteral("<br>")) +
                        QStringLiteral("</p>"),
                    this);
                return true;
            }
        QToolTip::hideText();
        return true;
    }
    return QWidget::event(event);
}

}  // namespace saeception
