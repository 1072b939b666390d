// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/empty_rows.h"

#include "ui/theme.h"

#include <QAbstractItemView>
#include <QEvent>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace saeception {

EmptyRows::EmptyRows(QAbstractItemView* view, const QString& name, const QString& button,
                     const QString& buttonName)
    : QWidget(view->viewport()), m_text(new QLabel(this)), m_showAll(new QPushButton(button, this)) {
    setObjectName(name);
    m_text->setObjectName(name + QStringLiteral("Text"));
    m_text->setAlignment(Qt::AlignCenter);
    m_text->setForegroundRole(QPalette::WindowText);  // a table's viewport would pass on Text
    m_showAll->setObjectName(buttonName);
    m_showAll->setMinimumWidth(20 * gridUnit);
    connect(m_showAll, &QPushButton::clicked, this, &EmptyRows::showAllRequested);
    auto* column = new QVBoxLayout(this);
    column->setSpacing(2 * gridUnit);
    column->addStretch(2);
    column->addWidget(m_text);
    column->addWidget(m_showAll, 0, Qt::AlignHCenter);
    column->addStretch(3);
    (new QVBoxLayout(view->viewport()))->addWidget(this);
    hide();
    applyTheme();
}

void EmptyRows::say(const QString& text, bool canShowAll) {
    m_text->setText(text);
    m_showAll->setVisible(canShowAll);
    setVisible(!text.isEmpty());
}

void EmptyRows::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::StyleChange)
        applyTheme();
}

void EmptyRows::applyTheme() {
    QPalette faint = m_text->palette();
    faint.setColor(QPalette::WindowText, Theme::instance().colours().faintText);
    m_text->setPalette(faint);
}

}  // namespace saeception
