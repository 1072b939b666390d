// SPDX-License-Identifier: GPL-3.0-or-later
// A sentence laid out over lines, and where each of its tokens lies.
#pragma once

#include <QFont>
#include <QRectF>
#include <QTextLayout>

#include <string>
#include <vector>

class QPainter;

namespace saeception {

class TokenLayout {
public:
    /// A token's piece on one line; `area` includes the space before it, `box` only what is shaded.
    struct Piece {
        int token = 0;
        QRectF area;
        QRectF box;  ///< empty for the spaces before a token that begins on the next line
    };

    /// `bold`: a token, or -1. Lines are at most `width` long, in pixels.
    TokenLayout(const std::vector<std::string>& tokens, const QFont& font, double width, int bold = -1);

    double height() const { return m_height; }
    /// Relative to the top left, as all positions here.
    const std::vector<Piece>& pieces() const { return m_pieces; }
    /// The token at `position`, or -1.
    int tokenAt(QPointF position) const;
    /// Where `token` is drawn: one rectangle a line it touches.
    std::vector<QRectF> rectsOf(int token) const;
    /// The text alone, in the painter's pen.
    void draw(QPainter* painter, QPointF origin) const { m_text.draw(painter, origin); }

private:
    QTextLayout m_text;
    std::vector<Piece> m_pieces;
    double m_height = 0;
};

}  // namespace saeception
