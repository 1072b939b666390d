// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/run_delegate.h"

#include "ui/models/run_table_model.h"
#include "ui/theme.h"

#include <QApplication>
#include <QLineEdit>
#include <QPainter>

namespace saeception {
namespace {

constexpr int markSize = 8;

QColor meaning(RunStatus status) {
    const ThemeColours& colours = Theme::instance().colours();
    switch (status) {
        case RunStatus::Running:
        case RunStatus::Done:
            return colours.accent;
        case RunStatus::Failed:
            return colours.error;
        case RunStatus::Stopped:
        case RunStatus::Interrupted:
            break;
    }
    return colours.warning;
}

}  // namespace

void drawRunMark(QPainter& painter, const QRectF& box, RunStatus status, const QColor& ink) {
    const QColor colour = ink.isValid() ? ink : meaning(status);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(colour, 2, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    switch (status) {
        case RunStatus::Done:
            painter.drawPolyline(QPolygonF({QPointF(box.left(), box.center().y()),
                                            QPointF(box.left() + box.width() * 0.38, box.bottom() - 1),
                                            QPointF(box.right(), box.top() + 1)}));
            break;
        case RunStatus::Running:
            painter.setPen(Qt::NoPen);
            painter.setBrush(colour);
            painter.drawEllipse(box);
            break;
        case RunStatus::Stopped:
            painter.setPen(Qt::NoPen);
            painter.setBrush(colour);
            painter.drawRect(box.adjusted(0.5, 0.5, -0.5, -0.5));
            break;
        case RunStatus::Failed:
            painter.drawLine(box.topLeft(), box.bottomRight());
            painter.drawLine(box.topRight(), box.bottomLeft());
            break;
        case RunStatus::Interrupted:
            painter.setPen(QPen(colour, 1.75, Qt::SolidLine, Qt::FlatCap));
            painter.drawArc(box, 70 * 16, 130 * 16);
            painter.drawArc(box, 250 * 16, 130 * 16);
            break;
    }
    painter.restore();
}

void RunDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
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
    QRect content = cell.rect.adjusted(gridUnit, 0, -gridUnit, 0);
    painter->save();
    painter->setFont(cell.font);
    bool problems = false;
    if (index.column() == RunTableModel::State) {
        const QRectF mark(content.left(), cell.rect.center().y() - markSize / 2.0 + 0.5, markSize, markSize);
        drawRunMark(*painter, mark, static_cast<RunStatus>(index.data(RunTableModel::StatusRole).toInt()),
                    selected ? onSelection : QColor());
        content.setLeft(content.left() + markSize + gridUnit);
        problems = !index.data(RunTableModel::ProblemsRole).toStringList().isEmpty();
    }
    const bool faint = text == QStringLiteral("–") || index.column() == RunTableModel::Note;
    painter->setPen(selected ? onSelection : faint ? colours.faintText : colours.text);
    const auto alignment = static_cast<Qt::Alignment>(index.data(Qt::TextAlignmentRole).toInt());
    painter->drawText(content, static_cast<int>(alignment) | Qt::TextSingleLine,
                      cell.fontMetrics.elidedText(text, Qt::ElideRight, content.width()));
    if (problems) {
        content.setLeft(content.left() + cell.fontMetrics.horizontalAdvance(text) + gridUnit);
        painter->setPen(selected ? onSelection : colours.warning);
        painter->drawText(content, Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine,
                          QStringLiteral("⚠"));
    }
    painter->restore();
}

QWidget* RunDelegate::createEditor(QWidget* parent, const QStyleOptionViewItem& option,
                                   const QModelIndex& index) const {
    QWidget* editor = QStyledItemDelegate::createEditor(parent, option, index);
    // Without a frame the style leaves out the ground, and the chosen row shines through.
    if (auto* line = qobject_cast<QLineEdit*>(editor))
        line->setFrame(true);
    return editor;
}

}  // namespace saeception
