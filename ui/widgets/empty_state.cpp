// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/empty_state.h"

#include "ui/icons.h"
#include "ui/theme.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace saeception {
namespace {

constexpr double titleScale = 1.4;
constexpr int textWidth = 64 * gridUnit;

}  // namespace

EmptyState::EmptyState(const QString& title, const QString& text, QWidget* parent)
    : QWidget(parent),
      m_title(new QLabel(title, this)),
      m_text(new QLabel(text, this)),
      m_buttons(new QHBoxLayout) {
    QFont large = m_title->font();
    large.setPointSizeF(large.pointSizeF() * titleScale);
    m_title->setFont(large);
    m_title->setAlignment(Qt::AlignCenter);
    m_text->setObjectName(QStringLiteral("emptyText"));
    m_text->setAlignment(Qt::AlignCenter);
    m_text->setWordWrap(true);
    m_text->setTextFormat(Qt::PlainText);
    m_text->setFixedWidth(textWidth);
    m_buttons->setSpacing(gridUnit);
    m_buttons->addStretch();
    m_buttons->addStretch();
    auto* column = new QVBoxLayout(this);
    column->setSpacing(2 * gridUnit);
    column->addStretch(2);
    column->addWidget(m_title);
    // Not by alignment, for which the layout would take the height of lines as wide as the page.
    auto* middle = new QHBoxLayout;
    middle->addStretch();
    middle->addWidget(m_text);
    middle->addStretch();
    column->addLayout(middle);
    column->addLayout(m_buttons);
    column->addStretch(3);
    connect(&Theme::instance(), &Theme::changed, this, &EmptyState::applyTheme);
    applyTheme();
}

void EmptyState::setTitle(const QString& title) {
    m_title->setText(title);
}

void EmptyState::setText(const QString& text) {
    m_text->setText(text);
}

QString EmptyState::title() const {
    return m_title->text();
}

QString EmptyState::text() const {
    return m_text->text();
}

QPushButton* EmptyState::addButton(const QString& icon, const QString& text, const QString& name) {
    auto* button = new QPushButton(text, this);
    if (!icon.isEmpty())
        button->setIcon(themedIcon(icon));
    button->setObjectName(name);
    m_buttons->insertWidget(m_buttons->count() - 1, button);
    return button;
}

void EmptyState::applyTheme() {
    QPalette faint = palette();
    faint.setColor(QPalette::WindowText, Theme::instance().colours().faintText);
    m_text->setPalette(faint);
}

}  // namespace saeception
