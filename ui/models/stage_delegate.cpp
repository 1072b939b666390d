// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/stage_delegate.h"

#include "ui/models/stage_list_model.h"
#include "ui/models/stage_mark.h"
#include "ui/theme.h"

#include <QPainter>

namespace saeception {
namespace {

constexpr int markSize = 8;

}  // namespace

void StageDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                          const QModelIndex& index) const {
    const ThemeColours& colours = Theme::instance().colours();
    const auto state = static_cast<StageState>(index.data(StageListModel::StateRole).toInt());
    const bool firstOfCycle = index.data(StageListModel::FirstOfCycleRole).toBool();
    // A cycle's number stands once, at its first stage.
    const bool repeated = index.column() == StageListModel::CycleColumn && !firstOfCycle;
    const QString text = repeated ? QString() : index.data().toString();
    const QRect cell = option.rect;
    painter->save();
    painter->setFont(option.font);
    if (firstOfCycle) {
        painter->setPen(colours.separator);
        painter->drawLine(cell.topLeft(), cell.topRight());
    }
    QRect content = cell.adjusted(gridUnit, 0, -gridUnit, 0);
    const bool active = state == StageState::Running;
    const bool quiet = state == StageState::Waiting || state == StageState::NotRun;
    QColor ink = quiet ? colours.faintText : colours.text;
    if (index.column() == StageListModel::ProgressColumn) {
        const double fraction = index.data(StageListModel::FractionRole).toDouble();
        if (active && fraction >= 0) {
            const int numberWidth = option.fontMetrics.horizontalAdvance(QStringLiteral("100 %")) + gridUnit;
            const QRectF groove(content.left(), cell.center().y() - 2, content.width() - numberWidth, 5);
            painter->setRenderHint(QPainter::Antialiasing);
            painter->setPen(Qt::NoPen);
            painter->setBrush(colours.separator);
            painter->drawRoundedRect(groove, 2.5, 2.5);
            QRectF bar = groove;
            bar.setWidth(std::max(5.0, groove.width() * fraction));
            painter->setBrush(colours.accent);
            painter->drawRoundedRect(bar, 2.5, 2.5);
            painter->setPen(ink);
            painter->drawText(content, Qt::AlignRight | Qt::AlignVCenter, text);
            painter->restore();
            return;
        }
        const QRectF mark(content.left(), cell.center().y() - markSize / 2.0 + 0.5, markSize, markSize);
        drawStageMark(*painter, mark, state, colours);
        content.setLeft(content.left() + markSize + gridUnit);
        if (state == StageState::Failed)
            ink = colours.error;
    }
    painter->setPen(ink);
    const auto alignment = static_cast<Qt::Alignment>(index.data(Qt::TextAlignmentRole).toInt());
    painter->drawText(content, static_cast<int>(alignment) | Qt::TextSingleLine,
                      option.fontMetrics.elidedText(text, Qt::ElideRight, content.width()));
    painter->restore();
}

QSize StageDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const {
    const QSize text = option.fontMetrics.size(Qt::TextSingleLine, index.data().toString());
    return {text.width() + 2 * gridUnit, std::max(3 * gridUnit, text.height() + gridUnit)};
}

}  // namespace saeception
