// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/palette_delegate.h"

#include "ui/models/palette_model.h"
#include "ui/theme.h"

#include <QAbstractItemView>
#include <QPainter>
#include <QTextLayout>

#include <algorithm>

namespace saeception {
namespace {

constexpr int lineHeight = 4 * gridUnit;
constexpr int markWidth = 2 * gridUnit;  // of the tick of an option that is on

struct Inks {
    QColor text;
    QColor faint;
    QColor stress;
};

Inks inksOf(const QStyleOptionViewItem& option) {
    const ThemeColours& colours = Theme::instance().colours();
    if (!(option.state & QStyle::State_Enabled))
        return {colours.faintText, colours.faintText, colours.faintText};
    return {colours.text, colours.faintText, colours.accent};
}

void drawText(QPainter& painter, const QRect& box, const QString& text, const QList<int>& positions,
              const QFont& font, const Inks& inks) {
    const QString shown = QFontMetrics(font).elidedText(text, Qt::ElideRight, box.width());
    QList<QTextLayout::FormatRange> stresses;
    for (const int place : positions) {
        if (place >= shown.size())
            break;
        QTextLayout::FormatRange range;
        range.start = place;
        range.length = 1;
        range.format.setFontWeight(QFont::Bold);
        range.format.setForeground(inks.stress);
        stresses.append(range);
    }
    QTextLayout layout(shown, font);
    layout.setFormats(stresses);
    layout.beginLayout();
    QTextLine line = layout.createLine();
    line.setLineWidth(box.width() + lineHeight);  // bold letters need a little more than was measured
    layout.endLayout();
    painter.setPen(inks.text);
    layout.draw(&painter, QPointF(box.left(), box.top() + (box.height() - line.height()) / 2));
}

}  // namespace

void PaletteDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                            const QModelIndex& index) const {
    const ThemeColours& colours = Theme::instance().colours();
    const Inks inks = inksOf(option);
    painter->save();
    // Not State_Selected: a view never selects what cannot be done now, though it can be read about.
    const auto* view = qobject_cast<const QAbstractItemView*>(option.widget);
    if (view != nullptr && view->currentIndex() == index)
        painter->fillRect(option.rect, colours.accentFill);
    else if (option.state & QStyle::State_MouseOver && option.state & QStyle::State_Enabled)
        painter->fillRect(option.rect, colours.raised);
    QRect content = option.rect.adjusted(gridUnit, 0, -2 * gridUnit, 0);
    painter->setFont(option.font);

    if (index.data(PaletteModel::CheckedRole).toBool()) {
        painter->setPen(inks.stress);
        painter->drawText(QRect(content.left(), content.top(), markWidth, content.height()), Qt::AlignCenter,
                          QStringLiteral("✓"));
    }
    content.setLeft(content.left() + markWidth);
    painter->setPen(inks.faint);
    const QString shortcut = index.data(PaletteModel::ShortcutRole).toString();
    if (!shortcut.isEmpty()) {
        painter->drawText(content, Qt::AlignRight | Qt::AlignVCenter | Qt::TextSingleLine, shortcut);
        content.setRight(content.right() - option.fontMetrics.horizontalAdvance(shortcut) - 2 * gridUnit);
    }
    const QString reason = index.data(PaletteModel::ReasonRole).toString();
    const bool explains = !(option.state & QStyle::State_Enabled) && !reason.isEmpty();
    const QString side = explains ? reason : index.data(PaletteModel::GroupRole).toString();
    const QString text = index.data().toString();
    const int textWidth = option.fontMetrics.horizontalAdvance(text) + 2 * gridUnit;
    const int sideWidth = std::min(option.fontMetrics.horizontalAdvance(side) + 1,
                                   std::max(content.width() / 4, content.width() - textWidth));
    painter->drawText(QRect(content.right() - sideWidth, content.top(), sideWidth, content.height()),
                      Qt::AlignRight | Qt::AlignVCenter | Qt::TextSingleLine,
                      option.fontMetrics.elidedText(side, Qt::ElideRight, sideWidth));
    content.setRight(content.right() - sideWidth - gridUnit);
    drawText(*painter, content, text, index.data(PaletteModel::PositionsRole).value<QList<int>>(),
             option.font, inks);
    painter->restore();
}

QSize PaletteDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex&) const {
    return {0, std::max(lineHeight, option.fontMetrics.height() + gridUnit)};
}

}  // namespace saeception
