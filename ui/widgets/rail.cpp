// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/rail.h"

#include "ui/icons.h"
#include "ui/theme.h"

#include <QButtonGroup>
#include <QPainter>
#include <QVBoxLayout>

#include <algorithm>

namespace saeception {
namespace {

constexpr int railWidth = 11 * gridUnit;
constexpr int buttonHeight = 8 * gridUnit;
constexpr int iconEdge = 3 * gridUnit;

ThemeChoice nextChoice(ThemeChoice choice) {
    switch (choice) {
        case ThemeChoice::System:
            return ThemeChoice::Light;
        case ThemeChoice::Light:
            return ThemeChoice::Dark;
        case ThemeChoice::Dark:
            break;
    }
    return ThemeChoice::System;
}

}  // namespace

RailButton::RailButton(const QString& iconName, const QString& label, QWidget* parent)
    : QAbstractButton(parent) {
    setIcon(themedIcon(iconName));
    setText(label);
    setAccessibleName(label);
    setFocusPolicy(Qt::TabFocus);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Maximum);  // lower in a low window
}

QSize RailButton::sizeHint() const {
    return {railWidth - 1, buttonHeight};
}

QSize RailButton::minimumSizeHint() const {
    return {railWidth - 1, iconEdge + fontMetrics().height() + gridUnit / 2};
}

void RailButton::enterEvent(QEnterEvent*) {
    update();
}

void RailButton::leaveEvent(QEvent*) {
    update();
}

void RailButton::paintEvent(QPaintEvent*) {
    const ThemeColours& colours = Theme::instance().colours();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QRect inner = rect().adjusted(gridUnit / 2, 2, -gridUnit / 2, -2);
    if (isChecked() || underMouse() || isDown()) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(isChecked() ? colours.accentFill : colours.raised);
        painter.drawRoundedRect(inner, 6, 6);
    }
    if (isChecked()) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(colours.accent);
        painter.drawRoundedRect(QRectF(inner.left(), inner.center().y() - 9, 3, 20), 1.5, 1.5);
    }
    if (hasFocus()) {
        painter.setPen(QPen(colours.accent, 1.5));
        painter.setBrush(Qt::NoBrush);
        painter.drawRoundedRect(QRectF(inner).adjusted(0.75, 0.75, -0.75, -0.75), 6, 6);
    }
    const int textHeight = fontMetrics().height();
    const int gap = std::min(gridUnit / 2, std::max(0, (height() - iconEdge - textHeight) / 3));
    const int top = (height() - iconEdge - gap - textHeight) / 2;
    const QRect iconBox((width() - iconEdge) / 2, top, iconEdge, iconEdge);
    icon().paint(&painter, iconBox, Qt::AlignCenter, underMouse() ? QIcon::Active : QIcon::Normal,
                 isChecked() ? QIcon::On : QIcon::Off);
    painter.setPen(isChecked() ? colours.text : colours.faintText);
    painter.drawText(QRect(0, iconBox.bottom() + gap, width(), textHeight), Qt::AlignCenter,
                     fontMetrics().elidedText(text(), Qt::ElideRight, inner.width()));
}

Rail::Rail(QWidget* parent)
    : QWidget(parent),
      m_group(new QButtonGroup(this)),
      m_column(new QVBoxLayout(this)),
      m_theme(new RailButton(QStringLiteral("theme-system"), tr("Theme"), this)) {
    setFixedWidth(railWidth);
    m_group->setExclusive(true);
    m_column->setContentsMargins(0, gridUnit / 2, 1, gridUnit / 2);
    m_column->setSpacing(0);
    m_column->addStretch(1);
    m_column->addWidget(m_theme);
    m_theme->setObjectName(QStringLiteral("themeSwitch"));
    connect(m_group, &QButtonGroup::idClicked, this, &Rail::pageChosen);
    connect(m_theme, &RailButton::clicked, this, [this] {
        Theme::instance().setChoice(nextChoice(Theme::instance().choice()));
        showThemeChoice();
    });
    connect(&Theme::instance(), &Theme::changed, this, &Rail::showThemeChoice);
    showThemeChoice();
}

void Rail::addPage(const QString& iconName, const QString& label, const QKeySequence& shortcut) {
    auto* button = new RailButton(iconName, label, this);
    button->setCheckable(true);
    const int page = static_cast<int>(m_group->buttons().size());
    button->setToolTip(QStringLiteral("%1 (%2)").arg(label, shortcut.toString(QKeySequence::NativeText)));
    m_group->addButton(button, page);
    m_column->insertWidget(page, button);
}

void Rail::setCurrent(int page) {
    if (QAbstractButton* button = m_group->button(page)) {
        button->setChecked(true);
    } else if (QAbstractButton* checked = m_group->checkedButton()) {
        m_group->setExclusive(false);
        checked->setChecked(false);
        m_group->setExclusive(true);
    }
}

int Rail::current() const {
    return m_group->checkedId();
}

RailButton* Rail::button(int page) const {
    return qobject_cast<RailButton*>(m_group->button(page));
}

void Rail::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setPen(Theme::instance().colours().separator);
    painter.drawLine(width() - 1, 0, width() - 1, height());
}

void Rail::showThemeChoice() {
    const ThemeChoice choice = Theme::instance().choice();
    m_theme->setIcon(themedIcon(QStringLiteral("theme-") + themeChoiceName(choice)));
    const QString name = choice == ThemeChoice::System  ? tr("as the system")
                         : choice == ThemeChoice::Light ? tr("light")
                                                        : tr("dark");
    m_theme->setToolTip(tr("Theme: %1. Click for the next.").arg(name));
    m_theme->setAccessibleName(tr("Theme: %1").arg(name));
    m_theme->update();
}

}  // namespace saeception
