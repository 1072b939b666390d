// SPDX-License-Identifier: GPL-3.0-or-later
// Every action that a window can be asked for by name: those of its menus and of the widgets in it.
#pragma once

#include <QAction>
#include <QList>
#include <QPointer>
#include <QString>
#include <QWidget>

namespace saeception {

struct ListedAction {
    QPointer<QAction> action;
    QString text;            ///< without its mnemonic
    QString group;           ///< the titles of its menus ("View › Theme"), or of its page (its windowTitle)
    QPointer<QWidget> page;  ///< that page; null for the window's own
    QPointer<QWidget> owner;   ///< the widget or menu that offers it
    bool isAmbiguous = false;  ///< other widgets of the group offer another action of this text
};

/// Menus first, then pages (each widget of a stack) in their order; separators, invisible actions and those
/// without a text are left out, none comes twice. Of several with one text and group the one whose widget
/// holds the keyboard is listed, or the first as ambiguous. Dialogs of the window are not looked into.
QList<ListedAction> listedActions(const QWidget& window);

}  // namespace saeception
