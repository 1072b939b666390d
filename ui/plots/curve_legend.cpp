// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/curve_legend.h"

#include "ui/format.h"
#include "ui/theme.h"

#include <QPainter>

#include <cmath>

namespace saeception {
namespace {

constexpr int sampleWidth = 3 * gridUnit;

}  // namespace

CurveLegend::CurveLegend(const CurveStore& store, QWidget* parent) : QWidget(parent), m_store(store) {
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    const auto refresh = [this] {
        QStringList names;
        for (const Entry& entry : entries())
            names.append(entry.name);
        setAccessibleName(tr("Curves: %1").arg(names.join(QStringLiteral(", "))));
        update();
    };
    connect(&m_store, &CurveStore::linesChanged, this, refresh);
    connect(&m_store, &CurveStore::runsChanged, this, refresh);
    connect(&Theme::instance(), &Theme::changed, this, qOverload<>(&QWidget::update));
}

std::vector<CurveLegend::Entry> CurveLegend::entries() const {
    std::vector<Entry> entries;
    for (int run = 0; run < static_cast<int>(m_store.runs().size()); ++run) {
        if (!m_store.isShown(run))
            continue;
        if (m_store.comparesRuns()) {
            entries.push_back({m_store.colour(run, 0), m_store.runs()[static_cast<std::size_t>(run)].title});
            continue;
        }
        for (const int cycle : m_store.cyclesOf(run))
            if (m_store.isCycleShown(cycle))
                entries.push_back({m_store.colour(run, cycle), cycleText(cycle)});
    }
    return entries;
}

QSize CurveLegend::sizeHint() const {
    return {40 * gridUnit, fontMetrics().height() + gridUnit};
}

void CurveLegend::paintEvent(QPaintEvent*) {
    const std::vector<Entry> all = entries();
    if (all.empty())
        return;
    const ThemeColours& colours = Theme::instance().colours();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const double middle = std::floor(height() / 2.0) + 0.5;
    const auto widthOf = [&](const QString& text) {
        return sampleWidth + gridUnit + fontMetrics().horizontalAdvance(text) + 2 * gridUnit;
    };
    double x = 2 * gridUnit;
    const auto draw = [&](const QColor& colour, Qt::PenStyle style, const QString& text) {
        painter.setPen(QPen(colour, 2, style));
        painter.drawLine(QPointF(x, middle), QPointF(x + sampleWidth, middle));
        painter.setPen(colours.faintText);
        painter.drawText(QRectF(x + sampleWidth + gridUnit, 0, width(), height()),
                         Qt::AlignLeft | Qt::AlignVCenter, text);
        x += widthOf(text);
    };
    // The strokes keep their place; of the entries as many as fit.
    const double strokes = widthOf(tr("training")) + widthOf(tr("validation")) + 2 * gridUnit;
    for (std::size_t i = 0; i < all.size(); ++i) {
        const QString more = tr("and %n more", nullptr, static_cast<int>(all.size() - i));
        const double reserve = i + 1 < all.size() ? fontMetrics().horizontalAdvance(more) + 2 * gridUnit : 0;
        if (i > 0 && x + widthOf(all[i].name) + reserve + strokes > width()) {
            painter.setPen(colours.faintText);
            painter.drawText(QRectF(x, 0, width(), height()), Qt::AlignLeft | Qt::AlignVCenter, more);
            x += fontMetrics().horizontalAdvance(more) + 2 * gridUnit;
            break;
        }
        draw(all[i].colour, Qt::SolidLine, all[i].name);
    }
    x += gridUnit;
    draw(colours.faintText, Qt::SolidLine, tr("training"));
    draw(colours.faintText, Qt::DashLine, tr("validation"));
}

}  // namespace saeception
