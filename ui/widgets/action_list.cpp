// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/action_list.h"

#include <QApplication>
#include <QMainWindow>
#include <QMenu>
#include <QMenuBar>
#include <QSet>
#include <QStackedWidget>

namespace saeception {
namespace {

// "Open &run" -> "Open run", "Save && close" -> "Save & close".
QString withoutMnemonic(const QString& text) {
    QString plain;
    for (qsizetype i = 0; i < text.size(); ++i) {
        if (text[i] == QLatin1Char('&') && ++i == text.size())
            break;
        plain += text[i];
    }
    return plain;
}

// "Theme" in "View" is "View › Theme".
QString inMenu(const QString& group, const QAction& submenu) {
    const QString title = withoutMnemonic(submenu.text()).simplified();
    return title.isEmpty() ? group : group + QStringLiteral(" › ") + title;
}

class Collector {
public:
    explicit Collector(QString windowGroup) : m_windowGroup(std::move(windowGroup)) {}

    void addMenus(const QWidget& window) {
        const auto* main = qobject_cast<const QMainWindow*>(&window);
        if (main == nullptr || main->menuWidget() == nullptr)
            return;
        if (auto* bar = qobject_cast<QMenuBar*>(main->menuWidget()))
            for (QAction* action : bar->actions())
                if (action->menu() != nullptr)
                    addMenu(*action->menu(), withoutMnemonic(action->text()), nullptr);
    }

    void addWidget(const QWidget& widget, const QString& group, QWidget* page) {
        for (QAction* action : widget.actions())
            add(action, group, page, const_cast<QWidget*>(&widget));
        if (const auto* stack = qobject_cast<const QStackedWidget*>(&widget)) {
            // Their order as children changes with the one in sight.
            for (int i = 0; i < stack->count(); ++i) {
                QWidget* inner = stack->widget(i);
                const bool isPage = page == nullptr && !inner->windowTitle().isEmpty();
                addWidget(*inner, isPage ? inner->windowTitle() : group, isPage ? inner : page);
            }
            return;
        }
        for (QObject* child : widget.children()) {
            if (auto* menu = qobject_cast<QMenu*>(child)) {
                addMenu(*menu, group, page);
                continue;
            }
            auto* inner = qobject_cast<QWidget*>(child);
            if (inner != nullptr && !inner->isWindow() && qobject_cast<QMenuBar*>(inner) == nullptr)
                addWidget(*inner, group, page);
        }
    }

    QList<ListedAction> take() { return std::move(m_list); }
    const QString& windowGroup() const { return m_windowGroup; }

private:
    void addMenu(QMenu& menu, const QString& group, QWidget* page) {
        if (m_menus.contains(&menu))
            return;
        m_menus.insert(&menu);
        for (QAction* action : menu.actions())
            if (action->menu() != nullptr)
                addMenu(*action->menu(), inMenu(group, *action), page);
            else
                add(action, group, page, &menu);
    }

    void add(QAction* action, const QString& group, QWidget* page, QWidget* owner) {
        const QString text = withoutMnemonic(action->text()).simplified();
        if (text.isEmpty() || action->isSeparator() || !action->isVisible() || action->menu() != nullptr ||
            m_actions.contains(action))
            return;
        m_actions.insert(action);
        const QPair<QString, QString> name(group, text);
        const auto known = m_places.constFind(name);
        if (known == m_places.constEnd()) {
            m_places.insert(name, m_list.size());
            m_list.append({action, text, group, page, owner, false});
            return;
        }
        ListedAction& other = m_list[*known];
        if (holdsFocus(owner) && !holdsFocus(other.owner))
            other = {action, text, group, page, owner, false};
        else if (!holdsFocus(other.owner))
            other.isAmbiguous = true;
    }

    // A menu stands for the widget that it belongs to.
    static bool holdsFocus(const QWidget* owner) {
        while (qobject_cast<const QMenu*>(owner) != nullptr)
            owner = owner->parentWidget();
        const QWidget* focus = QApplication::focusWidget();
        return owner != nullptr && focus != nullptr && (owner == focus || owner->isAncestorOf(focus));
    }

    QString m_windowGroup;
    QList<ListedAction> m_list;
    QSet<const QAction*> m_actions;
    QSet<const QMenu*> m_menus;
    QHash<QPair<QString, QString>, qsizetype> m_places;
};

}  // namespace

QList<ListedAction> listedActions(const QWidget& window) {
    Collector collector(QApplication::translate("ActionList", "Window"));
    collector.addMenus(window);
    collector.addWidget(window, collector.windowGroup(), nullptr);
    return collector.take();
}

}  // namespace saeception
