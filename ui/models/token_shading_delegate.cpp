// SPDX-License-Identifier: GPL-3.0-or-later
// Painting and hit testing of shaded sentences.
#include "ui/models/token_shading_delegate.h"

#include "ui/format.h"
#include "ui/models/top_sentences_model.h"
#include "ui/theme.h"

#include <QAbstractItemView>
#include <QFontMetricsF>
#include <QHelpEvent>
#include <QPainter>
#include <QScrollBar>
#include <QStyle>
#include <QToolTip>

#include <algorithm>
#include <cmath>

namespace saeception {
namespace {

constexpr int rowPadding = gridUnit;
constexpr int metaGap = gridUnit / 2;
constexpr int gutterGap = 2 * gridUnit;
constexpr int cachedRows = 256;
// Longer lines are hard to read back from end to start.
constexpr int longestLineInCharacters = 120;
// A token that fires at all must be told from one that does not.
constexpr double faintestShare = 0.1;
// Steeper than linear: what is read first are the few strongest tokens.
constexpr double steepness = 1.6;

const ShadedSentence& sentenceOf(const QModelIndex& index) {
    return *index.data(TopSentencesModel::SentenceRole).value<const ShadedSentence*>();
}

QFont metaFont(const QFont& font) {
    QFont meta = font;
    if (font.pointSizeF() > 0)
        meta.setPointSizeF(0.9 * font.pointSizeF());
    return meta;
}

/// With as many decimals as suit the largest of all rows.
QString peakText(double peak, double scale) {
    return QString::number(peak, 'f', fittingDecimals(scale));
}

/// Room for the largest activation of all rows, so that the sentences line up.
double gutterWidth(const QModelIndex& index, const QFont& font) {
    QFont bold = font;
    bold.setBold(true);
    const double scale = index.data(TopSentencesModel::ScaleRole).toDouble();
    return QFontMetricsF(bold).horizontalAdvance(peakText(scale, scale));
}

}  // namespace

TokenShadingDelegate::TokenShadingDelegate(QAbstractItemView* view, Form form)
    : QStyledItemDelegate(view), m_view(view), m_form(form), m_rows(cachedRows) {}

double TokenShadingDelegate::gutterRoom(const QModelIndex& index, const QFont& font) const {
    return m_form == Form::Compact ? 0 : gutterWidth(index, font) + gutterGap;
}

QColor TokenShadingDelegate::shade(double share) {
    const ThemeColours& colours = Theme::instance().colours();
    if (!(share > 0))
        return colours.surface;
    return mixed(colours.surface, colours.shading,
                 faintestShare + (1 - faintestShare) * std::pow(std::min(share, 1.0), steepness));
}

int TokenShadingDelegate::rowWidth() const {
    const int scrollBar = m_view->style()->pixelMetric(QStyle::PM_ScrollBarExtent, nullptr, m_view);
    return std::max(8 * gridUnit, m_view->width() - 2 * m_view->frameWidth() - scrollBar);
}

const TokenShadingDelegate::Row& TokenShadingDelegate::row(const QStyleOptionViewItem& option,
                                                           const QModelIndex& index) const {
    const quint64 generation = index.data(TopSentencesModel::GenerationRole).toULongLong();
    const int width = rowWidth();
    if (const Row* cached = m_rows.object(index.row());
        cached && cached->generation == generation && cached->width == width && cached->font == option.font)
        return *cached;
    const double available = width - 2 * rowPadding - gutterRoom(index, option.font);
    const double lineWidth = std::max(
        8.0 * gridUnit,
        std::min(available, longestLineInCharacters * QFontMetricsF(option.font).averageCharWidth()));
    const ShadedSentence& sentence = sentenceOf(index);
    auto* kept = new Row{generation, width, option.font,
                         TokenLayout(sentence.tokens, option.font, lineWidth, sentence.peakToken)};
    m_rows.insert(index.row(), kept);
    return *kept;
}

QPointF TokenShadingDelegate::sentenceOrigin(const QStyleOptionViewItem& option,
                                             const QModelIndex& index) const {
    return QPointF(option.rect.topLeft()) + QPointF(rowPadding + gutterRoom(index, option.font), rowPadding);
}

QSize TokenShadingDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const {
    QStyleOptionViewItem styled = option;
    initStyleOption(&styled, index);
    const double meta = QFontMetricsF(metaFont(styled.font)).height();
    const double height = row(styled, index).sentence.height() + metaGap + meta + 2 * rowPadding;
    return {rowWidth(), static_cast<int>(std::ceil(height))};
}

void TokenShadingDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                                 const QModelIndex& index) const {
    QStyleOptionViewItem styled = option;
    initStyleOption(&styled, index);
    const ThemeColours& colours = Theme::instance().colours();
    const ShadedSentence& sentence = sentenceOf(index);
    const Row& laidOut = row(styled, index);
    const double scale = index.data(TopSentencesModel::ScaleRole).toDouble();

    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->fillRect(styled.rect, colours.surface);
    // Selection is a bar at the side: a tinted row would be read as shading.
    if (styled.state.testFlag(QStyle::State_Selected))
        painter->fillRect(QRect(styled.rect.left(), styled.rect.top(), 3, styled.rect.height()),
                          colours.accent);
    painter->fillRect(QRect(styled.rect.left(), styled.rect.bottom(), styled.rect.width(), 1),
                      colours.separator);

    const QPointF origin = sentenceOrigin(styled, index);
    painter->setPen(Qt::NoPen);
    for (const TokenLayout::Piece& box : laidOut.sentence.pieces()) {
        const auto token = static_cast<std::size_t>(box.token);
        const float activation = token < sentence.activations.size() ? sentence.activations[token] : 0.0F;
        if (box.box.isEmpty() || !(activation > 0) || !(scale > 0))
            continue;
        painter->setBrush(shade(static_cast<double>(activation) / scale));
        painter->drawRoundedRect(box.box.translated(origin).adjusted(-1, -1, 1, 1), 3, 3);
    }
    painter->setPen(colours.text);
    laidOut.sentence.draw(painter, origin);

    if (m_form == Form::Full) {
        QFont bold = styled.font;
        bold.setBold(true);
        painter->setFont(bold);
        const QRectF gutter(styled.rect.left() + rowPadding, origin.y(), gutterWidth(index, styled.font),
                            QFontMetricsF(bold).height());
        painter->drawText(gutter, Qt::AlignRight | Qt::AlignVCenter | Qt::TextDontClip,
                          peakText(static_cast<double>(sentence.peak), scale));
    }

    const QFont meta = metaFont(styled.font);
    paintMeta(painter,
              QRectF(origin.x(), origin.y() + laidOut.sentence.height() + metaGap,
                     styled.rect.right() - rowPadding - origin.x(), QFontMetricsF(meta).height()),
              index, meta);
    if (styled.state.testFlag(QStyle::State_HasFocus)) {
        painter->setPen(QPen(colours.accent, 1, Qt::DotLine));
        painter->setBrush(Qt::NoBrush);
        painter->drawRect(QRectF(styled.rect).adjusted(0.5, 0.5, -0.5, -1.5));
    }
    painter->restore();
}

void TokenShadingDelegate::paintMeta(QPainter* painter, const QRectF& area, const QModelIndex& index,
                                     const QFont& font) const {
    const ThemeColours& colours = Theme::instance().colours();
    const ShadedSentence& sentence = sentenceOf(index);
    const QString label = index.data(TopSentencesModel::LabelRole).toString();
    const QString prediction = index.data(TopSentencesModel::PredictionRole).toString();
    const bool wrong = index.data(TopSentencesModel::WrongRole).toBool();
    const QString source =
        sentence.split == SplitKind::Train ? tr("training sentence %1") : tr("validation sentence %1");

    QFont strong = font;
    strong.setWeight(QFont::DemiBold);
    double x = area.left();
    const auto piece = [&](const QString& text, const QFont& pieceFont, const QColor& colour) {
        const double room = area.right() - x;
        if (room <= 0)
            return;
        const QFontMetricsF metrics(pieceFont);
        const QString shown = metrics.elidedText(text, Qt::ElideRight, room);
        painter->setFont(pieceFont);
        painter->setPen(colour);
        painter->drawText(QRectF(x, area.top(), room, area.height()), Qt::AlignLeft | Qt::AlignVCenter,
                          shown);
        x += metrics.horizontalAdvance(shown);
    };
    const bool compact = m_form == Form::Compact;
    const QString dot = QStringLiteral("  ·  ");
    if (compact) {
        piece(
            peakText(static_cast<double>(sentence.peak), index.data(TopSentencesModel::ScaleRole).toDouble()),
            strong, colours.text);
        piece(dot, font, colours.faintText);
    }
    piece(label, font, compact ? colours.faintText : colours.text);
    if (wrong) {
        piece(dot, font, colours.faintText);
        piece(tr("✗ wrongly predicted %1").arg(prediction), strong, colours.error);
    } else if (!compact) {
        piece(dot + tr("predicted %1").arg(prediction), font, colours.faintText);
    }
    if (!compact)
        piece(dot + source.arg(sentence.example), font, colours.faintText);
}

int TokenShadingDelegate::tokenAt(const QStyleOptionViewItem& option, const QModelIndex& index,
                                  QPointF position) const {
    QStyleOptionViewItem styled = option;
    initStyleOption(&styled, index);
    return row(styled, index).sentence.tokenAt(position - sentenceOrigin(styled, index));
}

std::vector<QRectF> TokenShadingDelegate::tokenRects(const QStyleOptionViewItem& option,
                                                     const QModelIndex& index, int token) const {
    QStyleOptionViewItem styled = option;
    initStyleOption(&styled, index);
    std::vector<QRectF> rects = row(styled, index).sentence.rectsOf(token);
    for (QRectF& rect : rects)
        rect.translate(sentenceOrigin(styled, index));
    return rects;
}

QString TokenShadingDelegate::tokenDescription(const QModelIndex& index, int token) {
    const ShadedSentence& sentence = sentenceOf(index);
    const auto at = static_cast<std::size_t>(token);
    if (at >= sentence.tokens.size() || at >= sentence.activations.size())
        return {};
    const QString shown = visibleToken(sentence.tokens[at]).trimmed();
    const QString name = shown.isEmpty() ? tr("space") : QStringLiteral("“%1”").arg(shown);
    const float activation = sentence.activations[at];
    if (std::isnan(activation))
        return tr("%1 · not part of the SAE's data").arg(name);
    if (sentence.nearMiss && token == sentence.peakToken)
        return tr("%1 · lacked %2 to fire").arg(name, formatFigure(static_cast<double>(sentence.peak), 4));
    const QString value =
        activation == 0 ? QStringLiteral("0") : QString::number(static_cast<double>(activation), 'f', 2);
    return tr("%1 · activation %2").arg(name, value);
}

bool TokenShadingDelegate::helpEvent(QHelpEvent* event, QAbstractItemView* view,
                                     const QStyleOptionViewItem& option, const QModelIndex& index) {
    if (event->type() != QEvent::ToolTip || !index.isValid())
        return QStyledItemDelegate::helpEvent(event, view, option, index);
    const int token = tokenAt(option, index, event->pos());
    if (token < 0) {
        QToolTip::hideText();
        return true;
    }
    // The tip goes away once the mouse leaves the token.
    QRectF around(event->pos(), QSizeF(1, 1));
    for (const QRectF& rect : tokenRects(option, index, token))
        if (rect.adjusted(-4, -2, 4, 2).contains(event->pos()))
            around = rect;
    // A plain text in angle brackets ("<br>") must not be taken for markup.
    QToolTip::showText(event->globalPos(),
                       tokenDescription(index, token).toHtmlEscaped().prepend(QStringLiteral("<qt>")),
                       view->viewport(), around.toAlignedRect());
    return true;
}

}  // namespace saeception
