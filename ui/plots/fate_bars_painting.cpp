// SPDX-License-Identifier: GPL-3.0-or-later
// How the figure of fates is drawn.
#include "ui/models/feature_words.h"
#include "ui/plots/fate_bars.h"
#include "ui/plots/fate_look.h"
#include "ui/theme.h"

#include <QLocale>
#include <QPainter>

namespace saeception {

void FateBars::paintEvent(QPaintEvent*) {
    QPainter painter(viewport());
    painter.fillRect(viewport()->rect(), Theme::instance().colours().surface);
    for (int step = 0; step < static_cast<int>(m_steps.size()); ++step)
        paintStep(painter, step);
    paintHeader(painter);
}

void FateBars::paintHeader(QPainter& painter) const {
    const ThemeColours& colours = Theme::instance().colours();
    const QFontMetrics metrics = fontMetrics();
    const Columns at = columns();
    const int line = metrics.height();
    const int top = gridUnit / 2;
    painter.fillRect(0, 0, viewport()->width(), headerHeight(), colours.surface);
    painter.fillRect(0, headerHeight() - 1, viewport()->width(), 1, colours.separator);
    painter.setFont(font());
    painter.setPen(colours.faintText);
    const QRect caption(at.bar, top, at.barEnd - at.bar, line);
    painter.drawText(caption, Qt::AlignLeft | Qt::AlignVCenter,
                     metrics.elidedText(tr("Thick: features that fire"), Qt::ElideRight, caption.width()));
    painter.drawText(
        caption.translated(0, line), Qt::AlignLeft | Qt::AlignVCenter,
        metrics.elidedText(tr("Thin: their share of all firings"), Qt::ElideRight, caption.width()));
    for (int i = 0; i < shownFateCount; ++i) {
        const QRect cell(at.count + i * at.countWidth, top, at.countWidth - gridUnit, line);
        const QString earlier = fateTitle(shownFates[i], false);
        const QString later = fateText(shownFates[i], true);
        const int width = metrics.horizontalAdvance(earlier);
        painter.fillRect(cell.right() - width - gridUnit / 2 - fateSwatch + 1,
                         cell.center().y() - fateSwatch / 2, fateSwatch, fateSwatch,
                         fateColour(shownFates[i]));
        painter.setPen(colours.text);
        painter.drawText(cell, Qt::AlignRight | Qt::AlignVCenter, earlier);
        painter.setPen(colours.faintText);
        if (later != fateText(shownFates[i], false))
            painter.drawText(cell.translated(0, line), Qt::AlignRight | Qt::AlignVCenter, later);
    }
}

void FateBars::paintStep(QPainter& painter, int number) const {
    const StepFates& step = m_steps[static_cast<std::size_t>(number)];
    const ThemeColours& colours = Theme::instance().colours();
    const QRect block = stepRect(step.cycle);
    const Columns at = columns();
    const bool chosen = step.cycle == m_cycle;
    if (chosen && m_steps.size() > 1) {
        painter.fillRect(block.adjusted(0, 1, 0, -1), mixed(colours.surface, colours.accentFill, 0.6));
        painter.fillRect(0, block.top() + 1, 3, block.height() - 2, colours.accent);
    }
    if (chosen && hasFocus()) {
        painter.setPen(colours.accent);
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(block.adjusted(0, 1, -1, -2));
    }
    QFont title = font();
    title.setWeight(chosen ? QFont::DemiBold : QFont::Normal);
    painter.setFont(title);
    painter.setPen(colours.text);
    const int top = lineTop(number, false);
    painter.drawText(QRect(gridUnit, top, at.side, lineHeight()), Qt::AlignLeft | Qt::AlignVCenter,
                     tr("Cycle %1 → %2").arg(step.cycle - 1).arg(step.cycle));
    painter.setFont(font());
    if (!step.message.isEmpty()) {
        const QRect room(at.side, top, viewport()->width() - at.side - gridUnit, 2 * lineHeight());
        painter.setPen(colours.faintText);
        painter.drawText(room, Qt::AlignLeft | Qt::AlignTop | Qt::TextWordWrap, step.message);
        return;
    }
    for (const bool later : {false, true})
        paintLine(painter, step, later, lineTop(number, later));
}

void FateBars::paintLine(QPainter& painter, const StepFates& step, bool later, int top) const {
    const ThemeColours& colours = Theme::instance().colours();
    const FateSums& sums = step.side(later);
    const Columns at = columns();
    const QLocale locale;
    painter.setPen(colours.faintText);
    painter.drawText(QRect(at.side, top, at.bar - at.side - gridUnit, lineHeight()),
                     Qt::AlignRight | Qt::AlignVCenter,
                     tr("%1 in cycle %2")
                         .arg(locale.toString(step.alive(later)))
                         .arg(later ? step.cycle : step.cycle - 1));
    const int share = fontMetrics().horizontalAdvance(firingsText(0.0088)) + gridUnit;
    for (int i = 0; i < shownFateCount; ++i) {
        const FateSum& sum = sums[static_cast<std::size_t>(shownFates[i])];
        const bool isChosen =
            step.cycle == m_cycle && m_fate == static_cast<int>(pairFateOf(shownFates[i], later));
        const bool isOther = step.cycle == m_cycle && m_fate >= 0 && !isChosen;
        const QColor colour =
            isOther ? mixed(fateColour(shownFates[i]), colours.surface, 0.6) : fateColour(shownFates[i]);
        // A thin line of the ground between neighbours: they are told apart without their colours.
        if (const QRect segment = segmentIn(step, later, shownFates[i], false); !segment.isEmpty())
            painter.fillRect(segment.width() > 3 ? segment.adjusted(0, 0, -1, 0) : segment, colour);
        if (const QRect segment = segmentIn(step, later, shownFates[i], true); !segment.isEmpty())
            painter.fillRect(segment.width() > 3 ? segment.adjusted(0, 0, -1, 0) : segment, colour);
        QRect cell(at.count + i * at.countWidth, top, at.countWidth - gridUnit, lineHeight());
        QFont strong = font();
        strong.setWeight(isChosen ? QFont::DemiBold : QFont::Normal);
        painter.setFont(strong);
        painter.setPen(sum.features == 0 ? colours.faintText : colours.text);
        painter.drawText(cell.adjusted(0, 0, -share, 0), Qt::AlignRight | Qt::AlignVCenter,
                         locale.toString(sum.features));
        painter.setFont(font());
        painter.setPen(colours.faintText);
        painter.drawText(cell, Qt::AlignRight | Qt::AlignVCenter, firingsText(sum.firings));
        if (isChosen)
            painter.fillRect(cell.left() + gridUnit, cell.bottom() - 1, cell.width() - gridUnit, 2,
                             colours.accent);
    }
}

}  // namespace saeception
