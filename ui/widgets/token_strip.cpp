// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/token_strip.h"

#include "ui/theme.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QScrollBar>
#include <QTextDocument>
#include <QToolTip>

#include <algorithm>
#include <cmath>
#include <utility>

namespace saeception {
namespace {

constexpr int margin = gridUnit / 2;
constexpr int mostLines = 6;

}  // namespace

TokenStrip::TokenStrip(QWidget* parent) : QAbstractScrollArea(parent) {
    setFrameShape(QFrame::NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setFocusPolicy(Qt::StrongFocus);
    setAccessibleName(tr("Tokens"));
    viewport()->setMouseTracking(true);
    viewport()->setBackgroundRole(QPalette::Base);
    viewport()->setAutoFillBackground(true);
    connect(&Theme::instance(), &Theme::changed, viewport(), qOverload<>(&QWidget::update));
    layOut();
}

void TokenStrip::setTokens(std::vector<std::string> tokens) {
    m_tokens = std::move(tokens);
    m_shades.clear();
    m_hovered = -1;
    m_pinned = -1;
    setAccessibleDescription({});
    m_layout.reset();
    layOut();
    verticalScrollBar()->setValue(0);
}

void TokenStrip::setShades(std::vector<QColor> shades) {
    m_shades = std::move(shades);
    viewport()->update();
}

void TokenStrip::setHovered(int token) {
    if (std::exchange(m_hovered, token) != token)
        viewport()->update();
}

void TokenStrip::setPinned(int token) {
    if (std::exchange(m_pinned, token) == token)
        return;
    viewport()->update();
    // What the tooltip tells, without its markup, for those who do not see it.
    QTextDocument words;
    if (token >= 0 && m_description)
        words.setHtml(m_description(token));
    setAccessibleDescription(words.toPlainText());
}

void TokenStrip::layOut() {
    const int width = viewport()->width() - 2 * margin;
    if (m_layout && width == m_width)
        return;
    m_width = width;
    m_layout.emplace(m_tokens, font(), std::max(width, 4 * gridUnit));
    const int whole = static_cast<int>(std::ceil(m_layout->height())) + 2 * margin;
    const int line = static_cast<int>(std::ceil(1.25 * QFontMetricsF(font()).height()));
    const int height = std::min(whole, mostLines * line + 2 * margin);
    verticalScrollBar()->setRange(0, whole - height);
    verticalScrollBar()->setPageStep(height);
    verticalScrollBar()->setSingleStep(line);
    setFixedHeight(height);
    viewport()->update();
}

QPointF TokenStrip::origin() const {
    return {margin, static_cast<double>(margin - verticalScrollBar()->value())};
}

QRect TokenStrip::rectOf(int token) const {
    QRectF whole;
    for (const QRectF& rect : m_layout->rectsOf(token))
        whole |= rect.translated(origin());
    return whole.toAlignedRect();
}

void TokenStrip::paintEvent(QPaintEvent*) {
    const ThemeColours& colours = Theme::instance().colours();
    QPainter painter(viewport());
    painter.setRenderHint(QPainter::Antialiasing);
    for (const TokenLayout::Piece& piece : m_layout->pieces()) {
        if (piece.box.isEmpty())
            continue;
        const QRectF box = piece.box.translated(origin()).adjusted(-1, -1, 1, 1);
        const auto token = static_cast<std::size_t>(piece.token);
        painter.setPen(Qt::NoPen);
        if (token < m_shades.size() && m_shades[token].isValid()) {
            painter.setBrush(m_shades[token]);
            painter.drawRoundedRect(box, 3, 3);
        }
        if (piece.token == m_pinned || piece.token == m_hovered) {
            painter.setBrush(Qt::NoBrush);
            painter.setPen(QPen(colours.accent, piece.token == m_pinned ? 2 : 1));
            painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3);
        }
    }
    painter.setPen(colours.text);
    m_layout->draw(&painter, origin());
    if (hasFocus()) {
        painter.setRenderHint(QPainter::Antialiasing, false);
        painter.setPen(QPen(colours.accent, 1, Qt::DotLine));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(viewport()->rect().adjusted(0, 0, -1, -1));
    }
}

void TokenStrip::resizeEvent(QResizeEvent* event) {
    QAbstractScrollArea::resizeEvent(event);
    layOut();
}

void TokenStrip::changeEvent(QEvent* event) {
    QAbstractScrollArea::changeEvent(event);
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange) {
        m_layout.reset();
        layOut();
    }
}

void TokenStrip::hover(int token) {
    if (token == m_hovered)
        return;
    setHovered(token);
    Q_EMIT tokenHovered(token);
}

void TokenStrip::pin(int token) {
    if (token == m_pinned)
        return;
    setPinned(token);
    if (const QRect place = rectOf(token); !place.isNull() && !viewport()->rect().contains(place))
        verticalScrollBar()->setValue(verticalScrollBar()->value() + place.center().y() - height() / 2);
    Q_EMIT tokenPinned(token);
}

void TokenStrip::mouseMoveEvent(QMouseEvent* event) {
    const int token = m_layout->tokenAt(event->position() - origin());
    viewport()->setCursor(token < 0 ? Qt::ArrowCursor : Qt::PointingHandCursor);
    hover(token);
}

void TokenStrip::mousePressEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton)
        return;
    const int token = m_layout->tokenAt(event->position() - origin());
    pin(token == m_pinned ? -1 : token);
}

void TokenStrip::keyPressEvent(QKeyEvent* event) {
    const int last = tokenCount() - 1;
    switch (event->key()) {
        case Qt::Key_Left:
            pin(m_pinned < 0 ? last : std::max(0, m_pinned - 1));
            break;
        case Qt::Key_Right:
            pin(std::min(last, m_pinned + 1));
            break;
        case Qt::Key_Home:
            pin(std::min(0, last));
            break;
        case Qt::Key_End:
            pin(last);
            break;
        case Qt::Key_Escape:
            if (m_pinned >= 0) {
                pin(-1);
                break;
            }
            [[fallthrough]];
        default:
            QAbstractScrollArea::keyPressEvent(event);
    }
}

bool TokenStrip::viewportEvent(QEvent* event) {
    if (event->type() == QEvent::Leave)
        hover(-1);
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        const int token = m_layout->tokenAt(help->pos() - origin());
        const QString text = token >= 0 && m_description ? m_description(token) : QString();
        if (text.isEmpty())
            QToolTip::hideText();
        else
            QToolTip::showText(help->globalPos(), text, viewport(), rectOf(token));
        return true;
    }
    return QAbstractScrollArea::viewportEvent(event);
}

}  // namespace saeception
