// SPDX-License-Identifier: GPL-3.0-or-later
// What a page shows while it has nothing: why, what to do about it, and the buttons that do it.
#pragma once

#include <QWidget>

class QHBoxLayout;
class QLabel;
class QPushButton;

namespace saeception {

class EmptyState : public QWidget {
    Q_OBJECT

public:
    EmptyState(const QString& title, const QString& text, QWidget* parent = nullptr);

    void setTitle(const QString& title);
    void setText(const QString& text);
    QString title() const;
    QString text() const;
    /// Adds a button to the row under the text. `icon` may be empty; `name` is its object name.
    QPushButton* addButton(const QString& icon, const QString& text, const QString& name);

private:
    void applyTheme();

    QLabel* m_title;
    QLabel* m_text;
    QHBoxLayout* m_buttons;
};

}  // namespace saeception
