// SPDX-License-Identifier: GPL-3.0-or-later
// One line of plain text that gives way: cut at its end where there is no room, whole in its tooltip then.
#pragma once

#include <QFrame>
#include <QString>

namespace saeception {

class ElidedLabel : public QFrame {
    Q_OBJECT

public:
    explicit ElidedLabel(QWidget* parent = nullptr);

    void setText(const QString& text);
    const QString& text() const { return m_text; }
    /// Drawn as what is said on the side, in the theme's faint colour.
    void setFaint(bool faint);
    /// Left and centred unless told otherwise.
    void setAlignment(Qt::Alignment alignment);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void showTip();

    QString m_text;
    bool m_faint = false;
    Qt::Alignment m_alignment = Qt::AlignLeft | Qt::AlignVCenter;
};

}  // namespace saeception
