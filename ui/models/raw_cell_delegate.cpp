// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/raw_cell_delegate.h"

#include "evaluation/concepts.h"
#include "ui/models/concept_table_model.h"
#include "ui/models/raw_table_model.h"
#include "ui/theme.h"

#include <QPainter>

#include <algorithm>
#include <cmath>

namespace saeception {
namespace {

constexpr int leastBar = 6 * gridUnit;
constexpr int barHeight = 6;
const QString tick = QStringLiteral("✓");

QRect contentOf(const QRect& cell) {
    return cell.adjusted(gridUnit, 0, -gridUnit, 0);
}

RawTableModel::Kind kindOf(const QModelIndex& index) {
    return static_cast<RawTableModel::Kind>(
        index.model()->headerData(index.column(), Qt::Horizontal, RawTableModel::KindRole).toInt());
}

bool saysLittle(RawTableModel::Kind kind, const QString& text) {
    if (kind == RawTableModel::Kind::Words)
        return false;
    return text == QStringLiteral("–") || text == QStringLiteral("=") ||
           text.endsWith(QStringLiteral("≈ 0")) || text.startsWith(QLatin1Char('<'));
}

}  // namespace

void RawCellDelegate::paintGround(QPainter* painter, const QStyleOptionViewItem& option) {
    const ThemeColours& colours = Theme::instance().colours();
    if (option.state & QStyle::State_Selected)
        painter->fillRect(option.rect, colours.accentFill);
    if (option.state & QStyle::State_HasFocus) {
        painter->setPen(colours.accent);
        painter->setBrush(Qt::NoBrush);
        painter->drawRect(option.rect.adjusted(0, 0, -1, -1));
    }
}

void RawCellDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                            const QModelIndex& index) const {
    const ThemeColours& colours = Theme::instance().colours();
    const QString text = index.data().toString();
    const RawTableModel::Kind kind = kindOf(index);
    const QRect content = contentOf(option.rect);
    painter->save();
    paintGround(painter, option);
    QFont font = option.font;
    if (kind == RawTableModel::Kind::Link && !saysLittle(kind, text)) {
        font.setUnderline(option.state & QStyle::State_MouseOver);
        painter->setPen(colours.accent);
    } else {
        painter->setPen(saysLittle(kind, text) ? colours.faintText : colours.text);
    }
    painter->setFont(font);
    painter->drawText(content, index.data(Qt::TextAlignmentRole).toInt() | Qt::TextSingleLine,
                      option.fontMetrics.elidedText(text, Qt::ElideRight, content.width()));
    painter->restore();
}

int ConceptDelegate::barRoom(const QFontMetrics& metrics) {
    return leastBar + gridUnit + metrics.horizontalAdvance(tick) + gridUnit / 2;
}

void ConceptDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                            const QModelIndex& index) const {
    const double value = index.data(RawTableModel::RawRole).toDouble();
    if (kindOf(index) != RawTableModel::Kind::Bar || std::isnan(value)) {
        RawCellDelegate::paint(painter, option, index);
        return;
    }
    const ThemeColours& colours = Theme::instance().colours();
    painter->save();
    paintGround(painter, option);
    QRect content = contentOf(option.rect);
    const int beside = option.fontMetrics.horizontalAdvance(QStringLiteral("0.000") + tick) + 2 * gridUnit;
    const QRectF bar(content.left(), content.center().y() - barHeight / 2 + 1,
                     std::max(0, content.width() - beside), barHeight);
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(Qt::NoPen);
    painter->setBrush(mixed(colours.surface, colours.separator, 0.6));
    painter->drawRoundedRect(bar, 2, 2);
    painter->setBrush(mixed(colours.shading, colours.accent, 0.5));
    painter->drawRoundedRect(QRectF(bar.topLeft(), QSizeF(std::max(1.0, bar.width() * value), bar.height())),
                             2, 2);
    painter->setRenderHint(QPainter::Antialiasing, false);
    painter->fillRect(
        QRectF(std::round(bar.left() + bar.width() * recoveredConceptF1), bar.top() - 2, 1, bar.height() + 4),
        colours.faintText);
    painter->setPen(colours.text);
    painter->setFont(option.font);
    const QString text = index.data().toString();
    painter->drawText(content, Qt::AlignRight | Qt::AlignVCenter, text);
    content.setRight(content.right() - option.fontMetrics.horizontalAdvance(text) - gridUnit / 2);
    if (index.data(ConceptTableModel::RecoveredRole).toBool())
        painter->drawText(content, Qt::AlignRight | Qt::AlignVCenter, tick);
    painter->restore();
}

}  // namespace saeception
