// SPDX-License-Identifier: GPL-3.0-or-later
// The list of every keyboard shortcut of a window and of what the mouse does in charts.
#pragma once

#include <QDialog>
#include <QList>
#include <QString>

class QLabel;
class QLineEdit;
class QScrollArea;

namespace saeception {

struct ShortcutGroup {
    struct Row {
        QString keys;  ///< as shown: "Ctrl+K", "Drag"
        QString text;
    };
    QString title;  ///< a menu or a page
    QList<Row> rows;
};

/// The shortcuts of the window's actions (listedActions()) by menu and page, then what charts know besides.
QList<ShortcutGroup> shortcutGroups(const QWidget& window);

/// Not modal. Reads the window's actions each time it is shown.
class ShortcutList : public QDialog {
    Q_OBJECT

public:
    explicit ShortcutList(QWidget* window);

    /// Texts of the rows in sight, in order.
    QStringList shownTexts() const { return m_shown; }

protected:
    void showEvent(QShowEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void fill();
    QWidget* makeGroup(const ShortcutGroup& group, QWidget* parent);

    QWidget* m_window;
    QList<ShortcutGroup> m_groups;
    QStringList m_shown;
    QLineEdit* m_filter;
    QScrollArea* m_area;
};

}  // namespace saeception
