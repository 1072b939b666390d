// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/job_delegate.h"

#include "ui/models/job_table_model.h"
#include "ui/models/run_delegate.h"
#include "ui/theme.h"

#include <QApplication>
#include <QPainter>

#include <algorithm>

namespace saeception {
namespace {

constexpr int markSize = 8;
constexpr int barWidth = 12 * gridUnit;
constexpr int barHeight = 5;

void drawPause(QPainter& painter, const QRectF& box, const QColor& ink) {
    painter.setPen(Qt::NoPen);
    painter.setBrush(ink);
    const double width = box.width() * 0.32;
    painter.drawRect(QRectF(box.left() + 0.5, box.top(), width, box.height()));
    painter.drawRect(QRectF(box.right() - width - 0.5, box.top(), width, box.height()));
}

void drawBar(QPainter& painter, const QRectF& groove, double fraction, const QColor& ground,
             const QColor& ink) {
    constexpr double round = barHeight / 2.0;
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(ground);
    painter.drawRoundedRect(groove, round, round);
    if (fraction <= 0)
        return;
    QRectF bar = groove;
    bar.setWidth(std::max<double>(barHeight, groove.width() * std::min(1.0, fraction)));
    painter.setBrush(ink);
    painter.drawRoundedRect(bar, round, round);
}

}  // namespace

void drawJobMark(QPainter& painter, const QRectF& box, JobState state, bool onHold, const QColor& ink) {
    const ThemeColours& colours = Theme::instance().colours();
    const QColor quiet = ink.isValid() ? ink : colours.faintText;
    switch (state) {
        case JobState::Running:
            return drawRunMark(painter, box, RunStatus::Running, ink);
        case JobState::Done:
            return drawRunMark(painter, box, RunStatus::Done, ink);
        case JobState::Stopped:
        case JobState::Stopping:
            return drawRunMark(painter, box, RunStatus::Stopped, ink);
        case JobState::Failed:
            return drawRunMark(painter, box, RunStatus::Failed, ink);
        case JobState::Kept:
            return drawRunMark(painter, box, RunStatus::Interrupted, ink);
        case JobState::Pausing:
        case JobState::Paused:
        case JobState::Resuming:
        case JobState::Waiting:
            break;
    }
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    if (state != JobState::Waiting || onHold) {
        drawPause(painter, box, onHold ? quiet : ink.isValid() ? ink : colours.warning);
    } else {
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen(quiet, 1.5));
        painter.drawEllipse(box.adjusted(0.5, 0.5, -0.5, -0.5));
    }
    painter.restore();
}

void JobDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                        const QModelIndex& index) const {
    QStyleOptionViewItem cell(option);
    initStyleOption(&cell, index);
    const QString text = cell.text;
    cell.text.clear();
    const QStyle* style = cell.widget != nullptr ? cell.widget->style() : QApplication::style();
    style->drawControl(QStyle::CE_ItemViewItem, &cell, painter, cell.widget);
    const ThemeColours& colours = Theme::instance().colours();
    const bool selected = cell.state & QStyle::State_Selected;
    const QColor onSelection = cell.palette.color(QPalette::HighlightedText);
    const auto state = static_cast<JobState>(index.data(JobTableModel::StateRole).toInt());
    const auto inked = [&](const QColor& colour) { return selected ? onSelection : colour; };
    QRect content = cell.rect.adjusted(gridUnit, 0, -gridUnit, 0);
    painter->save();
    painter->setClipRect(cell.rect);
    painter->setFont(cell.font);
    QColor ink = inked(index.data(JobTableModel::FaintRole).toBool() ? colours.faintText : colours.text);
    if (index.column() == JobTableModel::State) {
        const QRectF mark(content.left(), cell.rect.center().y() - markSize / 2.0 + 0.5, markSize, markSize);
        drawJobMark(*painter, mark, state, index.data(JobTableModel::HoldRole).toBool(),
                    selected ? onSelection : QColor());
        content.setLeft(content.left() + markSize + gridUnit);
    } else if (index.column() == JobTableModel::Progress) {
        const double fraction = index.data(JobTableModel::FractionRole).toDouble();
        if (fraction >= 0 || isActive(state)) {
            const bool moves = state == JobState::Running || state == JobState::Done;
            const QRectF groove(content.left(), cell.rect.center().y() - barHeight / 2, barWidth, barHeight);
            drawBar(*painter, groove, fraction,
                    selected ? mixed(onSelection, cell.palette.color(QPalette::Highlight), 0.7)
                             : colours.separator,
                    inked(moves ? colours.accent : colours.faintText));
            content.setLeft(content.left() + barWidth + gridUnit);
            const int width = cell.fontMetrics.horizontalAdvance(QStringLiteral("100 %"));
            painter->setPen(ink);
            if (fraction >= 0)
                painter->drawText(QRect(content.left(), content.top(), width, content.height()),
                                  Qt::AlignRight | Qt::AlignVCenter | Qt::TextSingleLine,
                                  tr("%1 %").arg(static_cast<int>(fraction * 100)));
            content.setLeft(content.left() + (fraction >= 0 ? width + 2 * gridUnit : gridUnit));
        }
        if (state == JobState::Failed)
            ink = inked(colours.error);
    }
    painter->setPen(ink);
    const auto alignment = static_cast<Qt::Alignment>(index.data(Qt::TextAlignmentRole).toInt());
    painter->drawText(content, static_cast<int>(alignment) | Qt::TextSingleLine,
                      cell.fontMetrics.elidedText(text, Qt::ElideRight, content.width()));
    painter->restore();
}

}  // namespace saeception
