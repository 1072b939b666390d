// SPDX-License-Identifier: GPL-3.0-or-later
// The command palette: everything the window can do, found by a few typed letters.
#pragma once

#include "ui/models/palette_model.h"

#include <QPointer>
#include <QWidget>

#include <vector>

class QFrame;
class QLabel;
class QLineEdit;
class QListView;

namespace saeception {

/// Lies over its window while it is open. Offers the window's actions (listedActions()) and what providers
/// give; remembers what was used.
class CommandPalette : public QWidget {
    Q_OBJECT

public:
    using Provider = std::function<QList<PaletteEntry>()>;

    explicit CommandPalette(QWidget* window);

    /// Asked each time the palette opens; its entries come after the window's actions.
    void addProvider(Provider provider);
    /// Opens, or closes if it is open.
    void toggle();
    void open();
    void dismiss();
    PaletteModel* model() const { return m_model; }

Q_SIGNALS:
    /// The chosen action belongs to `page`, a widget of one of the window's stacks, which is not the one in
    /// sight. Sent before the action is triggered.
    void pageRequested(QWidget* page);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    QList<PaletteEntry> entries();
    void place();
    void search(const QString& pattern);
    void moveBy(int rows);
    void setCurrent(int row);
    void runRow(int row);
    bool keyPressed(int key, Qt::KeyboardModifiers modifiers);
    void applyTheme();

    QWidget* m_window;
    PaletteModel* m_model;
    QFrame* m_panel;
    QLineEdit* m_line;
    QListView* m_list;
    QLabel* m_nothing;
    std::vector<Provider> m_providers;
    QPointer<QWidget> m_before;  ///< had the keyboard when the palette opened
};

}  // namespace saeception
