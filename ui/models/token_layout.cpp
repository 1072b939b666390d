// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/token_layout.h"

#include "ui/models/top_sentences_model.h"

#include <QFontMetricsF>

#include <algorithm>
#include <cmath>

namespace saeception {

TokenLayout::TokenLayout(const std::vector<std::string>& tokens, const QFont& font, double width, int bold) {
    // Characters of token t: [starts[t], starts[t + 1]).
    QString text;
    std::vector<int> starts;
    for (const std::string& token : tokens) {
        starts.push_back(static_cast<int>(text.size()));
        QString shown = visibleToken(token);
        if (text.isEmpty())
            while (shown.startsWith(QLatin1Char(' ')))
                shown.remove(0, 1);
        text += shown;
    }
    starts.push_back(static_cast<int>(text.size()));

    m_text.setText(text);
    m_text.setFont(font);
    QTextOption wrapping;
    wrapping.setWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    m_text.setTextOption(wrapping);
    m_text.setCacheEnabled(true);
    const auto count = static_cast<int>(tokens.size());
    if (bold >= 0 && bold < count) {
        const auto at = static_cast<std::size_t>(bold);
        QTextLayout::FormatRange heavy;
        heavy.start = starts[at];
        heavy.length = starts[at + 1] - starts[at];
        heavy.format.setFontWeight(QFont::Bold);
        m_text.setFormats({heavy});
    }
    const QFontMetricsF metrics(font);
    const double leading = std::ceil(0.25 * metrics.height());
    m_text.beginLayout();
    double y = 0;
    for (QTextLine line = m_text.createLine(); line.isValid(); line = m_text.createLine()) {
        line.setLineWidth(width);
        line.setPosition({0, y});
        y += line.height() + leading;
    }
    m_text.endLayout();
    m_height = std::max(metrics.height(), y - leading);

    for (int token = 0; token < count; ++token) {
        const int start = starts[static_cast<std::size_t>(token)];
        const int end = starts[static_cast<std::size_t>(token) + 1];
        int ink = start;
        while (ink < end && text[ink] == QLatin1Char(' '))
            ++ink;
        if (ink == end)
            ink = start;  // nothing but spaces: then those are what is shaded
        for (int i = 0; i < m_text.lineCount(); ++i) {
            const QTextLine line = m_text.lineAt(i);
            const int from = std::max(start, line.textStart());
            const int to = std::min(end, line.textStart() + line.textLength());
            if (from >= to)
                continue;
            const auto span = [&line](int first, int last) {
                const double a = line.cursorToX(first);
                const double b = line.cursorToX(last);
                return QRectF(std::min(a, b), line.y(), std::abs(b - a), line.height());
            };
            m_pieces.push_back({token, span(from, to), ink < to ? span(std::max(ink, from), to) : QRectF()});
        }
    }
}

int TokenLayout::tokenAt(QPointF position) const {
    for (const Piece& piece : m_pieces)
        if (piece.area.contains(position))
            return piece.token;
    return -1;
}

std::vector<QRectF> TokenLayout::rectsOf(int token) const {
    std::vector<QRectF> rects;
    for (const Piece& piece : m_pieces)
        if (piece.token == token && !piece.box.isEmpty())
            rects.push_back(piece.box);
    return rects;
}

}  // namespace saeception
