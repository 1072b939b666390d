// SPDX-License-Identifier: GPL-3.0-or-later
// One sentence, token by token: shaded, told under the mouse, and any token pinned by a click.
#pragma once

#include "ui/models/token_layout.h"

#include <QAbstractScrollArea>
#include <QColor>

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace saeception {

/// As high as its lines, up to a few; more are scrolled to. Left and right move the pin, Escape takes it
/// away.
class TokenStrip : public QAbstractScrollArea {
    Q_OBJECT

public:
    explicit TokenStrip(QWidget* parent = nullptr);

    void setTokens(std::vector<std::string> tokens);
    /// The ground of each token; invalid, or none: the page's own.
    void setShades(std::vector<QColor> shades);
    /// What the tooltip of a token says.
    void setDescription(std::function<QString(int token)> description) {
        m_description = std::move(description);
    }
    /// Marks a token from outside; -1: none. Tells nobody.
    void setHovered(int token);
    void setPinned(int token);
    int hovered() const { return m_hovered; }
    int pinned() const { return m_pinned; }
    int tokenCount() const { return static_cast<int>(m_tokens.size()); }
    /// Where `token` is drawn, in the viewport; null where there is none.
    QRect rectOf(int token) const;

Q_SIGNALS:
    /// The mouse is over another token; -1: over none.
    void tokenHovered(int token);
    /// A token was pinned, or with -1 none is any more.
    void tokenPinned(int token);

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    bool viewportEvent(QEvent* event) override;

private:
    void layOut();
    QPointF origin() const;
    void hover(int token);
    void pin(int token);

    std::vector<std::string> m_tokens;
    std::vector<QColor> m_shades;
    std::function<QString(int)> m_description;
    std::optional<TokenLayout> m_layout;
    int m_width = -1;  ///< for which it was laid out
    int m_hovered = -1;
    int m_pinned = -1;
};

}  // namespace saeception
