// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/quartile_lines.h"

#include "ui/format.h"
#include "ui/models/change_text.h"
#include "ui/theme.h"

#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>
#include <cmath>
#include <limits>

namespace saeception {
namespace {

constexpr int leastHeight = 12 * gridUnit;
constexpr double markSize = 5;
constexpr int sampleWidth = 2 * gridUnit + 4;

QFont smallFont(const QFont& font) {
    QFont small(font);
    small.setPointSizeF(font.pointSizeF() * 0.85);
    return small;
}

QColor colourOf(std::size_t line) {
    return line == 0 ? Theme::instance().colours().faintText : Theme::instance().colours().accent;
}

void drawMark(QPainter& painter, const QPointF& at, std::size_t line) {
    painter.setPen(Qt::NoPen);
    painter.setBrush(colourOf(line));
    if (line == 0)
        painter.drawRect(QRectF(at.x() - markSize / 2, at.y() - markSize / 2, markSize, markSize));
    else
        painter.drawEllipse(at, 0.6 * markSize, 0.6 * markSize);
}

}  // namespace

QuartileLines::QuartileLines(const QString& title, Scale scale, QWidget* parent)
    : QWidget(parent), m_title(title), m_scale(scale) {
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
    setAccessibleName(title);
    connect(&Theme::instance(), &Theme::changed, this, qOverload<>(&QWidget::update));
}

void QuartileLines::setLines(std::vector<Line> lines) {
    m_lines = std::move(lines);
    for (Line& line : m_lines)
        std::erase_if(line.cycles, [](const auto& cycle) { return cycle.second.count == 0; });
    setAccessibleDescription(text());
    update();
}

QString QuartileLines::text() const {
    QStringList lines;
    for (const Line& line : m_lines)
        for (const auto& [cycle, spread] : line.cycles)
            lines << tr("%1, %2: median %3, quartiles %4 and %5 of %6 features")
                         .arg(line.name, cycleText(cycle), plainFigure(spread.median),
                              plainFigure(spread.low), plainFigure(spread.high))
                         .arg(spread.count);
    return lines.join(QLatin1Char('\n'));
}

QSize QuartileLines::sizeHint() const {
    return {36 * gridUnit, 20 * gridUnit};
}

QSize QuartileLines::minimumSizeHint() const {
    return {24 * gridUnit, leastHeight};
}

void QuartileLines::paintEvent(QPaintEvent*) {
    const ThemeColours& colours = Theme::instance().colours();
    QPainter painter(this);
    painter.fillRect(rect(), colours.surface);
    const QRect inside = rect().adjusted(gridUnit, gridUnit / 2, -gridUnit, -gridUnit / 2);
    painter.setFont(font());
    painter.setPen(colours.text);
    const int line = painter.fontMetrics().height();
    painter.drawText(QRect(inside.left(), inside.top(), inside.width(), line),
                     Qt::AlignLeft | Qt::AlignVCenter,
                     painter.fontMetrics().elidedText(m_title, Qt::ElideRight, inside.width()));

    // On a logarithmic scale what is next to nothing lies at the foot.
    const auto scaled = [this](double value) {
        return m_scale == Scale::Linear ? value : std::log10(std::max(value, 1e-9));
    };
    double least = std::numeric_limits<double>::infinity();
    double most = -least;
    int firstCycle = std::numeric_limits<int>::max();
    int lastCycle = 0;
    for (const Line& of : m_lines)
        for (const auto& [cycle, spread] : of.cycles) {
            least = std::min(least, spread.low);
            most = std::max(most, spread.high);
            firstCycle = std::min(firstCycle, cycle);
            lastCycle = std::max(lastCycle, cycle);
        }
    if (!(least <= most))
        return;
    painter.setFont(smallFont(font()));
    const QFontMetrics small = painter.fontMetrics();
    const QString upper = plainFigure(most);
    const QString lower = plainFigure(least);
    const int axis = std::max(small.horizontalAdvance(upper), small.horizontalAdvance(lower)) + gridUnit;
    const QRectF area =
        QRectF(inside).adjusted(axis, line + gridUnit, -gridUnit, -2 * small.height() - gridUnit);
    const double range = scaled(most) - scaled(least);
    const auto y = [&](double value) {
        return range > 0 ? area.bottom() - area.height() * (scaled(value) - scaled(least)) / range
                         : area.center().y();
    };
    const auto x = [&](int cycle) {
        return lastCycle == firstCycle
                   ? area.center().x()
                   : area.left() + area.width() * (cycle - firstCycle) / (lastCycle - firstCycle);
    };
    painter.setPen(colours.faintText);
    const auto label = [&](double value, const QString& text) {
        painter.drawText(
            QRectF(inside.left(), y(value) - small.height() / 2.0, axis - gridUnit, small.height()),
            Qt::AlignRight | Qt::AlignVCenter, text);
    };
    label(most, upper);
    if (range > 0)
        label(least, lower);
    // Where there is room they are named whole; of many every second, third, ... stands for the others.
    const double apart = lastCycle > firstCycle ? area.width() / (lastCycle - firstCycle) : area.width();
    const bool whole = apart > small.horizontalAdvance(cycleText(lastCycle)) + gridUnit;
    const int every = std::max(1, static_cast<int>(std::ceil(3 * gridUnit / std::max(1.0, apart))));
    for (int cycle = firstCycle; cycle <= lastCycle; cycle += every) {
        const QString name = whole ? cycleText(cycle) : QString::number(cycle);
        const double width = small.horizontalAdvance(name) + 1;
        const double from = std::min(x(cycle) - width / 2, inside.right() - width);
        painter.drawText(QRectF(from, area.bottom() + gridUnit / 2.0, width, small.height()), Qt::AlignLeft,
                         name);
    }
    painter.setPen(colours.grid);
    painter.drawLine(QPointF(area.left(), area.bottom() + 0.5), QPointF(area.right(), area.bottom() + 0.5));

    painter.setRenderHint(QPainter::Antialiasing);
    for (std::size_t i = 0; i < m_lines.size(); ++i) {
        QPolygonF band;
        QPolygonF median;
        for (const auto& [cycle, spread] : m_lines[i].cycles) {
            band << QPointF(x(cycle), y(spread.high));
            median << QPointF(x(cycle), y(spread.median));
        }
        for (auto at = m_lines[i].cycles.rbegin(); at != m_lines[i].cycles.rend(); ++at)
            band << QPointF(x(at->first), y(at->second.low));
        QColor fill = colourOf(i);
        fill.setAlpha(i == 0 ? 40 : 56);
        painter.setPen(Qt::NoPen);
        painter.setBrush(fill);
        painter.drawPolygon(band);
        painter.setPen(
            QPen(colourOf(i), 1.5, i == 0 ? Qt::DashLine : Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
        painter.drawPolyline(median);
        for (const QPointF& at : median)
            drawMark(painter, at, i);
    }

    double left = inside.left();
    for (std::size_t i = 0; i < m_lines.size(); ++i) {
        const double middle = inside.bottom() - small.height() / 2.0;
        painter.setPen(QPen(colourOf(i), 1.5, i == 0 ? Qt::DashLine : Qt::SolidLine));
        painter.drawLine(QPointF(left, middle), QPointF(left + sampleWidth, middle));
        drawMark(painter, QPointF(left + sampleWidth / 2.0, middle), i);
        left += sampleWidth + gridUnit / 2.0;
        painter.setPen(colours.faintText);
        const QString name = small.elidedText(m_lines[i].name, Qt::ElideRight,
                                              static_cast<int>(std::max(0.0, inside.right() - left)));
        painter.drawText(QRectF(left, middle - small.height() / 2.0, inside.right() - left, small.height()),
                         Qt::AlignLeft | Qt::AlignVCenter, name);
        left += small.horizontalAdvance(name) + 2 * gridUnit;
    }
}

bool QuartileLines::event(QEvent* event) {
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        QToolTip::showText(help->globalPos(), text(), this);
        return true;
    }
    return QWidget::event(event);
}

}  // namespace saeception
