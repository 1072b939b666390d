// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/curve_legend.h"

#include "ui/format.h"
#include "ui/theme.h"

#include <QPainter>

#include <algorithm>
#include <cmath>

namespace saeception {
namespace {

constexpr int sampleWidth = 3 * gridUnit;

}  // namespace

CurveLegend::CurveLegend(QWidget* parent) : QWidget(parent) {
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    connect(&Theme::instance(), &Theme::changed, this, qOverload<>(&QWidget::update));
}

void CurveLegend::clear() {
    m_cycles.clear();
    update();
}

void CurveLegend::addCycle(int cycle) {
    const auto place = std::lower_bound(m_cycles.begin(), m_cycles.end(), cycle);
    if (place != m_cycles.end() && *place == cycle)
        return;
    m_cycles.insert(place, cycle);
    update();
}

QSize CurveLegend::sizeHint() const {
    return {40 * gridUnit, fontMetrics().height() + gridUnit};
}

void CurveLegend::paintEvent(QPaintEvent*) {
    const ThemeColours& colours = Theme::instance().colours();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const double middle = std::floor(height() / 2.0) + 0.5;
    double x = gridUnit;
    const auto entry = [&](const QColor& colour, Qt::PenStyle style, const QString& text) {
        painter.setPen(QPen(colour, 2, style));
        painter.drawLine(QPointF(x, middle), QPointF(x + sampleWidth, middle));
        x += sampleWidth + gridUnit;
        painter.setPen(colours.faintText);
        const int width = fontMetrics().horizontalAdvance(text);
        painter.drawText(QRectF(x, 0, width + 1, height()), Qt::AlignLeft | Qt::AlignVCenter, text);
        x += width + 2 * gridUnit;
    };
    for (const int cycle : m_cycles)
        entry(Theme::instance().series(cycle), Qt::SolidLine, cycleText(cycle));
    if (m_cycles.empty())
        return;
    x += gridUnit;
    entry(colours.faintText, Qt::SolidLine, tr("training"));
    entry(colours.faintText, Qt::DashLine, tr("validation"));
}

}  // namespace saeception
