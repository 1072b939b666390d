// SPDX-License-Identifier: GPL-3.0-or-later
// The SAE-ception loop in one small picture: its four steps in a row and the way back.
#pragma once

#include <QWidget>

namespace saeception {

class LoopDrawing : public QWidget {
    Q_OBJECT

public:
    explicit LoopDrawing(QWidget* parent = nullptr);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
};

}  // namespace saeception
