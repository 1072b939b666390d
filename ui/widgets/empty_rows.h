// SPDX-License-Identifier: GPL-3.0-or-later
// In the place of a list's rows: why there are none, and a button that brings them back.
#pragma once

#include <QWidget>

class QAbstractItemView;
class QLabel;
class QPushButton;

namespace saeception {

class EmptyRows : public QWidget {
    Q_OBJECT

public:
    /// Lies over the rows of `view`, hidden. `name`: its object name; the text's has "Text" behind it.
    EmptyRows(QAbstractItemView* view, const QString& name, const QString& button, const QString& buttonName);

    /// An empty text: there are rows. `canShowAll`: a filter hides them, and the button takes it away.
    void say(const QString& text, bool canShowAll);

Q_SIGNALS:
    void showAllRequested();

protected:
    void changeEvent(QEvent* event) override;

private:
    void applyTheme();

    QLabel* m_text;
    QPushButton* m_showAll;
};

}  // namespace saeception
