// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/hover_table.h"

#include "ui/format.h"
#include "ui/theme.h"

#include <QDateTime>
#include <QLocale>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace saeception {
namespace {

constexpr int sampleWidth = 2 * gridUnit;
constexpr int padding = gridUnit;
constexpr int columnGap = 2 * gridUnit;
constexpr int fromPointer = 2 * gridUnit;

// Enough digits to tell neighbours apart, which is what one hovers for.
QString preciseText(double value) {
    if (std::isnan(value))
        return QStringLiteral("NaN");
    if (std::isinf(value))
        return value > 0 ? QStringLiteral("∞") : QStringLiteral("−∞");
    return QLocale(QLocale::English)
        .toString(value, 'g', 5)
        .remove(QLatin1Char(','))
        .replace(QLatin1Char('-'), QStringLiteral("−"));
}

}  // namespace

HoverTable::HoverTable(QWidget* parent) : QWidget(parent) {
    setAttribute(Qt::WA_TransparentForMouseEvents);
    setFocusPolicy(Qt::NoFocus);
    setAccessibleName(tr("Values at the crosshair"));
    hide();
}

void HoverTable::showRows(const std::vector<HoverRow>& rows, CurveAxis axis, const QPoint& position) {
    if (rows.empty()) {
        hide();
        return;
    }
    const bool smoothed =
        std::any_of(rows.begin(), rows.end(), [](const HoverRow& row) { return !std::isnan(row.smoothed); });
    m_rows = rows;
    if (m_rows.size() > maximumRows) {
        // Those closest to the pointer, in their order.
        std::vector<double> distances;
        for (const HoverRow& row : m_rows)
            distances.push_back(row.distance);
        std::nth_element(distances.begin(), distances.begin() + maximumRows - 1, distances.end());
        const double farthest = distances[maximumRows - 1];
        std::erase_if(m_rows, [&](const HoverRow& row) { return !(row.distance <= farthest); });
        m_rows.resize(std::min<std::size_t>(m_rows.size(), maximumRows));
    }
    m_more = static_cast<int>(rows.size() - m_rows.size());
    m_cells.clear();
    QStringList headings{tr("Run"), tr("Value"), tr("Step"), tr("Time")};
    if (smoothed)
        headings.insert(2, tr("Smoothed"));
    m_cells.push_back(headings);
    for (const HoverRow& row : m_rows) {
        const QString time = axis == CurveAxis::Wall
                                 ? QDateTime::fromMSecsSinceEpoch(std::llround(row.wallTime * 1000))
                                       .toString(QStringLiteral("HH:mm:ss"))
                                 : durationText(row.seconds);
        QStringList cells{row.name, preciseText(row.value),
                          QLocale(QLocale::English).toString(static_cast<qint64>(row.step)), time};
        if (smoothed)
            cells.insert(2, std::isnan(row.smoothed) ? QStringLiteral("–") : preciseText(row.smoothed));
        m_cells.push_back(cells);
    }
    setAccessibleDescription(text());
    resize(sizeHint());
    // To the right of the pointer and below it, or on the other side where there is no room.
    const QSize room = parentWidget()->size();
    QPoint corner = position + QPoint(fromPointer, fromPointer);
    if (corner.x() + width() > room.width())
        corner.setX(position.x() - fromPointer - width());
    if (corner.y() + height() > room.height())
        corner.setY(position.y() - fromPointer - height());
    move(std::clamp(corner.x(), 0, std::max(0, room.width() - width())),
         std::clamp(corner.y(), 0, std::max(0, room.height() - height())));
    show();
    raise();
    update();
}

QString HoverTable::text() const {
    QStringList lines;
    for (const QStringList& cells : m_cells)
        lines.append(cells.join(QLatin1Char('\t')));
    return lines.join(QLatin1Char('\n'));
}

int HoverTable::columnWidth(int column) const {
    QFont bold = font();
    bold.setWeight(QFont::DemiBold);
    const QFontMetrics metrics(bold);
    int width = 0;
    for (const QStringList& cells : m_cells)
        width = std::max(width, metrics.horizontalAdvance(cells[column]));
    return column == 0 ? std::min(width, 36 * gridUnit) : width;
}

QSize HoverTable::sizeHint() const {
    if (m_cells.empty())
        return {};
    const int columns = static_cast<int>(m_cells.front().size());
    int width = 2 * padding + sampleWidth + gridUnit + (columns - 1) * columnGap;
    for (int column = 0; column < columns; ++column)
        width += columnWidth(column);
    const int line = fontMetrics().height() + gridUnit / 2;
    return {width, 2 * padding + line * (static_cast<int>(m_cells.size()) + (m_more > 0 ? 1 : 0))};
}

void HoverTable::paintEvent(QPaintEvent*) {
    if (m_cells.empty())
        return;
    const ThemeColours& colours = Theme::instance().colours();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(colours.separator, 1));
    painter.setBrush(colours.surface);
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 3, 3);
    const int line = fontMetrics().height() + gridUnit / 2;
    const int columns = static_cast<int>(m_cells.front().size());
    QFont bold = font();
    bold.setWeight(QFont::DemiBold);
    for (std::size_t row = 0; row < m_cells.size(); ++row) {
        const int top = padding + static_cast<int>(row) * line;
        const bool heading = row == 0;
        if (!heading) {
            const HoverRow& shown = m_rows[row - 1];
            const double middle = top + line / 2.0;
            painter.setPen(QPen(shown.colour, 2, shown.dashed ? Qt::DashLine : Qt::SolidLine, Qt::FlatCap));
            painter.drawLine(QPointF(padding, middle), QPointF(padding + sampleWidth, middle));
            painter.setFont(shown.nearest ? bold : font());
        }
        painter.setPen(heading ? colours.faintText : colours.text);
        int left = padding + sampleWidth + gridUnit;
        for (int column = 0; column < columns; ++column) {
            const int width = columnWidth(column);
            const QString cell =
                painter.fontMetrics().elidedText(m_cells[row][column], Qt::ElideMiddle, width);
            painter.drawText(QRect(left, top, width, line),
                             (column == 0 ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter, cell);
            left += width + columnGap;
        }
    }
    if (m_more > 0) {
        painter.setFont(font());
        painter.setPen(colours.faintText);
        painter.drawText(QRect(padding + sampleWidth + gridUnit, padding + std::ssize(m_cells) * line,
                               width() - 2 * padding, line),
                         Qt::AlignLeft | Qt::AlignVCenter, tr("and %n more", nullptr, m_more));
    }
}

}  // namespace saeception
