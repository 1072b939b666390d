// SPDX-License-Identifier: GPL-3.0-or-later
// The narrow rail on the left: one checkable button a page, and the switch between themes at its foot.
#pragma once

#include <QAbstractButton>
#include <QKeySequence>
#include <QWidget>

class QButtonGroup;
class QVBoxLayout;

namespace saeception {

/// Icon over label; the checked one wears the accent and a bar at its left edge.
class RailButton : public QAbstractButton {
    Q_OBJECT

public:
    RailButton(const QString& iconName, const QString& label, QWidget* parent = nullptr);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    void enterEvent(QEnterEvent* event) override;
    void leaveEvent(QEvent* event) override;
};

class Rail : public QWidget {
    Q_OBJECT

public:
    explicit Rail(QWidget* parent = nullptr);

    /// Adds the next page, numbered from 0. `shortcut` shows it.
    void addPage(const QString& iconName, const QString& label, const QKeySequence& shortcut);
    /// -1: none of them is in sight.
    void setCurrent(int page);
    int current() const;
    RailButton* button(int page) const;

Q_SIGNALS:
    void pageChosen(int page);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    void showThemeChoice();

    QButtonGroup* m_group;
    QVBoxLayout* m_column;
    RailButton* m_theme;
};

}  // namespace saeception
