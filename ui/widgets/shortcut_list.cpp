// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/shortcut_list.h"

#include "ui/theme.h"
#include "ui/widgets/action_list.h"

#include <QCoreApplication>
#include <QDialogButtonBox>
#include <QEvent>
#include <QGridLayout>
#include <QHash>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QScrollArea>
#include <QShowEvent>
#include <QVBoxLayout>

namespace saeception {
namespace {

const QSize firstSize(110 * gridUnit, 76 * gridUnit);

QString tr(const char* text) {
    return QCoreApplication::translate("ShortcutList", text);
}

// What a chart's events mean; these are no actions.
QList<ShortcutGroup> chartGroups() {
    return {{tr("Charts, with the mouse"),
             {{tr("Hover"), tr("Crosshair over all charts, and a table of their values")},
              {tr("Drag"), tr("Zoom into the box; a flat or narrow one zooms one axis")},
              {tr("Wheel"), tr("Zoom about the pointer")},
              {tr("Middle drag"), tr("Pan")},
              {tr("Double click"), tr("Show all and follow the newest point")},
              {tr("Right click"), tr("Pin, maximise, save")}}},
            {tr("Charts, with the keyboard"),
             {{tr("Left, Right"), tr("Move the crosshair")},
              {tr("Shift+Arrows"), tr("Pan")},
              {tr("+, -"), tr("Zoom in and out about the crosshair")},
              {tr("Home"), tr("Show all and follow the newest point")},
              {tr("Esc"), tr("Leave the maximised chart, or hide the crosshair")}}}};
}

QString keysOf(const QAction& action) {
    QStringList keys;
    for (const QKeySequence& shortcut : action.shortcuts())
        keys.append(shortcut.toString(QKeySequence::NativeText));
    keys.removeAll(QString());
    keys.removeDuplicates();
    return keys.join(QStringLiteral(", "));
}

}  // namespace

QList<ShortcutGroup> shortcutGroups(const QWidget& window) {
    QList<ShortcutGroup> groups;
    QHash<QString, qsizetype> places;
    for (const ListedAction& listed : listedActions(window)) {
        const QString keys = keysOf(*listed.action);
        if (keys.isEmpty())
            continue;
        if (!places.contains(listed.group)) {
            places.insert(listed.group, groups.size());
            groups.append({listed.group, {}});
        }
        groups[places.value(listed.group)].rows.append({keys, listed.text});
    }
    return groups + chartGroups();
}

ShortcutList::ShortcutList(QWidget* window)
    : QDialog(window), m_window(window), m_filter(new QLineEdit(this)), m_area(new QScrollArea(this)) {
    setObjectName(QStringLiteral("shortcutList"));
    setWindowTitle(tr("Keyboard shortcuts"));
    m_filter->setObjectName(QStringLiteral("shortcutFilter"));
    m_filter->setPlaceholderText(tr("Filter: what it does, or a key"));
    m_filter->setAccessibleName(tr("Filter the shortcuts"));
    m_filter->setClearButtonEnabled(true);
    m_area->setWidgetResizable(true);
    m_area->setFrameShape(QFrame::NoFrame);
    m_area->setFocusPolicy(Qt::StrongFocus);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    buttons->button(QDialogButtonBox::Close)->setAutoDefault(false);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(2 * gridUnit, 2 * gridUnit, 2 * gridUnit, 2 * gridUnit);
    column->setSpacing(2 * gridUnit);
    column->addWidget(m_filter);
    column->addWidget(m_area, 1);
    column->addWidget(buttons);
    connect(m_filter, &QLineEdit::textChanged, this, &ShortcutList::fill);
    resize(firstSize);
}

void ShortcutList::showEvent(QShowEvent* event) {
    QDialog::showEvent(event);
    if (event->spontaneous())
        return;
    m_groups = shortcutGroups(*m_window);
    m_filter->clear();
    fill();
    m_filter->setFocus();
}

void ShortcutList::fill() {
    const QStringList words = m_filter->text().simplified().split(QLatin1Char(' '), Qt::SkipEmptyParts);
    QList<ShortcutGroup> shown;
    qsizetype lines = 0;
    m_shown.clear();
    for (const ShortcutGroup& group : m_groups) {
        ShortcutGroup kept{group.title, {}};
        for (const ShortcutGroup::Row& row : group.rows) {
            const QString all = group.title + QLatin1Char(' ') + row.text + QLatin1Char(' ') + row.keys;
            if (!std::all_of(words.begin(), words.end(),
                             [&](const QString& word) { return all.contains(word, Qt::CaseInsensitive); }))
                continue;
            kept.rows.append(row);
            m_shown.append(row.text);
        }
        if (kept.rows.isEmpty())
            continue;
        lines += kept.rows.size() + 2;
        shown.append(kept);
    }

    auto* content = new QWidget;
    auto* columns = new QHBoxLayout(content);
    columns->setContentsMargins(0, 0, gridUnit, 0);
    columns->setSpacing(5 * gridUnit);
    QVBoxLayout* sides[2] = {new QVBoxLayout, new QVBoxLayout};
    for (QVBoxLayout* side : sides) {
        side->setSpacing(3 * gridUnit);
        columns->addLayout(side, 1);
    }
    qsizetype filled = 0;
    for (const ShortcutGroup& group : shown) {
        // Whole groups, so that both columns come out about as long.
        const qsizetype own = group.rows.size() + 2;
        sides[2 * filled + own <= lines ? 0 : 1]->addWidget(makeGroup(group, content));
        filled += own;
    }
    if (shown.isEmpty()) {
        auto* nothing = new QLabel(tr("No shortcut matches."), content);
        nothing->setObjectName(QStringLiteral("noShortcut"));
        sides[0]->addWidget(nothing);
    }
    for (QVBoxLayout* side : sides)
        side->addStretch(1);
    m_area->setWidget(content);
}

QWidget* ShortcutList::makeGroup(const ShortcutGroup& group, QWidget* parent) {
    const ThemeColours& colours = Theme::instance().colours();
    auto* panel = new QWidget(parent);
    auto* grid = new QGridLayout(panel);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setHorizontalSpacing(2 * gridUnit);
    grid->setVerticalSpacing(gridUnit / 2);
    grid->setColumnStretch(0, 1);
    auto* title = new QLabel(group.title, panel);
    QFont heavy = title->font();
    heavy.setWeight(QFont::DemiBold);
    title->setFont(heavy);
    grid->addWidget(title, 0, 0, 1, 2);
    int line = 1;
    for (const ShortcutGroup::Row& row : group.rows) {
        auto* text = new QLabel(row.text, panel);
        text->setTextFormat(Qt::PlainText);
        text->setWordWrap(true);
        auto* keys = new QLabel(row.keys, panel);
        keys->setTextFormat(Qt::PlainText);
        keys->setAlignment(Qt::AlignRight | Qt::AlignTop);
        QPalette faint = keys->palette();
        faint.setColor(QPalette::WindowText, colours.faintText);
        keys->setPalette(faint);
        text->setAccessibleName(row.text + QStringLiteral(": ") + row.keys);
        grid->addWidget(text, line, 0);
        grid->addWidget(keys, line++, 1);
    }
    return panel;
}

void ShortcutList::changeEvent(QEvent* event) {
    QDialog::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && isVisible())
        fill();
}

}  // namespace saeception
