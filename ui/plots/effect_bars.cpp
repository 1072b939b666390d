// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/effect_bars.h"

#include "ui/format.h"
#include "ui/theme.h"

#include <QPainter>

#include <algorithm>
#include <cmath>
#include <utility>

namespace saeception {

EffectBars::EffectBars(QWidget* parent) : QWidget(parent) {
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setMaximumWidth(56 * gridUnit);
    setAccessibleName(tr("Effect on the logits of the classes"));
    connect(&Theme::instance(), &Theme::changed, this, qOverload<>(&QWidget::update));
}

int EffectBars::rowHeight() const {
    return fontMetrics().height() + gridUnit / 2;
}

QSize EffectBars::sizeHint() const {
    return {24 * gridUnit, rowHeight() * static_cast<int>(std::max<std::size_t>(1, m_effects.size()))};
}

void EffectBars::setEffects(std::vector<double> effects, QStringList names) {
    m_effects = std::move(effects);
    m_names = std::move(names);
    QStringList words;
    for (std::size_t c = 0; c < m_effects.size(); ++c)
        words << m_names.value(static_cast<qsizetype>(c)) + QLatin1Char(' ') + signedFigure(m_effects[c], 3);
    setAccessibleDescription(words.join(QStringLiteral(", ")));
    updateGeometry();
    update();
}

void EffectBars::paintEvent(QPaintEvent*) {
    const ThemeColours& colours = Theme::instance().colours();
    double largest = 0;
    int widestName = 0;
    for (std::size_t c = 0; c < m_effects.size(); ++c) {
        if (std::isfinite(m_effects[c]))
            largest = std::max(largest, std::abs(m_effects[c]));
        widestName =
            std::max(widestName, fontMetrics().horizontalAdvance(m_names.value(static_cast<qsizetype>(c))));
    }
    const int decimals = fittingDecimals(largest);
    const int figure = fontMetrics().horizontalAdvance(signedFigure(largest, decimals)) + gridUnit;
    const int nameWidth = std::min(widestName + 1, width() * 2 / 5) + gridUnit;
    const QRectF area(nameWidth, 0, std::max(2, width() - nameWidth - figure), height());
    QPainter painter(this);
    painter.setPen(QPen(colours.separator, 1));
    painter.drawLine(QPointF(std::round(area.center().x()) + 0.5, 2),
                     QPointF(std::round(area.center().x()) + 0.5, height() - 2));
    for (std::size_t c = 0; c < m_effects.size(); ++c) {
        const QRectF row(0, static_cast<double>(c) * rowHeight(), width(), rowHeight());
        painter.setPen(colours.faintText);
        painter.drawText(QRectF(0, row.top(), nameWidth - gridUnit, row.height()),
                         Qt::AlignLeft | Qt::AlignVCenter,
                         fontMetrics().elidedText(m_names.value(static_cast<qsizetype>(c)), Qt::ElideRight,
                                                  nameWidth - gridUnit));
        const double value = m_effects[c];
        painter.setPen(colours.text);
        painter.drawText(QRectF(area.right(), row.top(), figure, row.height()),
                         Qt::AlignRight | Qt::AlignVCenter, signedFigure(value, decimals));
        if (!std::isfinite(value) || !(largest > 0))
            continue;
        const double length = value / largest * area.width() / 2;
        const QRectF bar(std::min(area.center().x(), area.center().x() + length), row.top() + gridUnit / 2,
                         std::abs(length), row.height() - gridUnit);
        painter.fillRect(bar, Theme::instance().classColour(static_cast<int>(c)));
    }
}

}  // namespace saeception
