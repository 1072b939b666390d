// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/log_delegate.h"

#include "ui/models/log_model.h"
#include "ui/models/run_delegate.h"
#include "ui/theme.h"

#include <QApplication>
#include <QFontDatabase>
#include <QPainter>

namespace saeception {
namespace {

constexpr double markSize = 8;

QColor inkOf(LogLevel level, int column) {
    const ThemeColours& colours = Theme::instance().colours();
    if (column == LogModel::Time || column == LogModel::Run || level < LogLevel::Info)
        return colours.faintText;
    if (level >= LogLevel::Error)
        return colours.error;
    const bool word = column == LogModel::Level;
    if (level == LogLevel::Warning)
        return word ? colours.warning : colours.text;
    return word ? colours.faintText : colours.text;
}

// The triangle with its point, drawn: the font's own sign is of another size in every font.
void drawWarning(QPainter& painter, const QRectF& box, const QColor& colour) {
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(colour, 1.5, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    const double middle = box.center().x();
    painter.drawPolygon(QPolygonF({QPointF(middle, box.top() - 1), box.bottomRight() + QPointF(1, 0),
                                   box.bottomLeft() - QPointF(1, 0)}));
    painter.drawLine(QPointF(middle, box.top() + box.height() * 0.42),
                     QPointF(middle, box.top() + box.height() * 0.6));
    painter.restore();
}

}  // namespace

void LogDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                        const QModelIndex& index) const {
    QStyleOptionViewItem cell(option);
    initStyleOption(&cell, index);
    const QString text = cell.text;
    cell.text.clear();
    cell.state &= ~QStyle::State_HasFocus;  // whole lines are chosen, not cells
    const QStyle* style = cell.widget != nullptr ? cell.widget->style() : QApplication::style();
    style->drawControl(QStyle::CE_ItemViewItem, &cell, painter, cell.widget);
    const auto level = static_cast<LogLevel>(index.data(LogModel::LevelRole).toInt());
    const QColor ink = cell.state & QStyle::State_Selected ? cell.palette.color(QPalette::HighlightedText)
                                                           : inkOf(level, index.column());
    QRect content = cell.rect.adjusted(gridUnit, 0, -gridUnit, 0);
    if (index.column() == LogModel::Level) {
        const QRectF mark(content.left() + 1, cell.rect.center().y() - markSize / 2 + 0.5, markSize,
                          markSize);
        if (level >= LogLevel::Error)
            drawRunMark(*painter, mark, RunStatus::Failed, ink);
        else if (level == LogLevel::Warning)
            drawWarning(*painter, mark, ink);
        content.setLeft(content.left() + static_cast<int>(markSize) + gridUnit);
    }
    painter->save();
    if (index.column() == LogModel::Time) {
        QFont tabular = QFontDatabase::systemFont(QFontDatabase::FixedFont);
        tabular.setPointSizeF(cell.font.pointSizeF());
        cell.fontMetrics = QFontMetrics(tabular);
        painter->setFont(tabular);
    } else {
        painter->setFont(cell.font);
    }
    painter->setPen(ink);
    const auto alignment = static_cast<Qt::Alignment>(index.data(Qt::TextAlignmentRole).toInt());
    painter->drawText(content, static_cast<int>(alignment) | Qt::TextSingleLine,
                      cell.fontMetrics.elidedText(text, Qt::ElideRight, content.width()));
    painter->restore();
}

}  // namespace saeception
