// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/sentence_delegate.h"

#include "ui/theme.h"

#include <QApplication>
#include <QPainter>

#include <algorithm>

namespace saeception {
namespace {

using Kind = SentenceTableModel::Kind;

constexpr int dotSize = 6;  // of a class's colour
const QString wrongMark = QStringLiteral("✗");

int markWidth(const QFontMetrics& metrics) {
    return std::max(metrics.horizontalAdvance(wrongMark), dotSize) + gridUnit / 2;
}

bool hasMark(Kind kind) {
    return kind == Kind::Gold || kind == Kind::Prediction;
}

int confidenceWidth(const QFontMetrics& metrics) {
    return metrics.horizontalAdvance(QStringLiteral("0.00"));
}

// What is there to be found again rather than to be read, and figures that say next to nothing.
bool isFaint(Kind kind, const QString& text) {
    switch (kind) {
        case Kind::Split:
        case Kind::Example:
        case Kind::Tokens:
            return true;
        case Kind::Loss:
            return text.startsWith(QLatin1Char('<')) || text == QStringLiteral("–");
        case Kind::Flips:
            return text == QStringLiteral("0") || text == QStringLiteral("–");
        case Kind::Prediction:
            return text == QStringLiteral("–");
        case Kind::Sentence:
        case Kind::Gold:
            break;
    }
    return false;
}

}  // namespace

int SentenceDelegate::cellWidth(Kind kind, const QStringList& texts, const QFontMetrics& metrics) {
    int width = 0;
    for (const QString& text : texts)
        width = std::max(width, metrics.horizontalAdvance(text));
    // Advances are rounded to whole pixels, which must not cost the last letter.
    width += 2 * gridUnit + 2 + (hasMark(kind) ? markWidth(metrics) : 0);
    return kind == Kind::Prediction ? width + gridUnit + confidenceWidth(metrics) : width;
}

void SentenceDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                             const QModelIndex& index) const {
    QStyleOptionViewItem cell(option);
    initStyleOption(&cell, index);
    const QString text = cell.text;
    cell.text.clear();
    // A box around one cell of a chosen row would be louder than what stands in it; a line below it is
    // enough.
    const bool focused = cell.state.testFlag(QStyle::State_HasFocus);
    cell.state.setFlag(QStyle::State_HasFocus, false);
    const QStyle* style = cell.widget != nullptr ? cell.widget->style() : QApplication::style();
    style->drawControl(QStyle::CE_ItemViewItem, &cell, painter, cell.widget);

    const ThemeColours& colours = Theme::instance().colours();
    const auto kind = static_cast<Kind>(index.data(SentenceTableModel::KindRole).toInt());
    const int label = index.data(SentenceTableModel::ClassRole).toInt();
    const bool wrong = index.data(SentenceTableModel::WrongRole).toBool();
    if (focused)
        painter->fillRect(QRect(cell.rect.left(), cell.rect.bottom(), cell.rect.width(), 1), colours.accent);
    QRect content = cell.rect.adjusted(gridUnit, 0, -gridUnit, 0);
    painter->save();
    painter->setFont(cell.font);
    const auto write = [&](const QRect& where, Qt::Alignment alignment, const QString& words,
                           const QColor& colour) {
        painter->setPen(colour);
        painter->drawText(where, static_cast<int>(alignment | Qt::AlignVCenter) | Qt::TextSingleLine, words);
    };
    if (kind == Kind::Prediction && label >= 0) {
        write(content, Qt::AlignRight, index.data(SentenceTableModel::ConfidenceRole).toString(),
              wrong ? colours.error : colours.faintText);
        content.setRight(content.right() - confidenceWidth(cell.fontMetrics) - gridUnit);
    }
    if (kind == Kind::Gold && label >= 0) {
        painter->setRenderHint(QPainter::Antialiasing);
        painter->setPen(Qt::NoPen);
        painter->setBrush(Theme::instance().classColour(label));
        painter->drawEllipse(
            QRectF(content.left(), cell.rect.center().y() - dotSize / 2.0 + 0.5, dotSize, dotSize));
    }
    if (wrong)
        write(content, Qt::AlignLeft, wrongMark, colours.error);
    if (hasMark(kind))
        content.setLeft(content.left() + markWidth(cell.fontMetrics));
    const auto alignment = static_cast<Qt::Alignment>(index.data(Qt::TextAlignmentRole).toInt());
    write(content, alignment & Qt::AlignHorizontal_Mask,
          cell.fontMetrics.elidedText(text, Qt::ElideRight, content.width()),
          wrong                 ? colours.error
          : isFaint(kind, text) ? colours.faintText
                                : colours.text);
    painter->restore();
}

QSize SentenceDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const {
    const auto kind = static_cast<Kind>(index.data(SentenceTableModel::KindRole).toInt());
    return {cellWidth(kind, {index.data().toString()}, option.fontMetrics),
            std::max(3 * gridUnit, option.fontMetrics.height() + gridUnit)};
}

}  // namespace saeception
