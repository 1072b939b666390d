// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/notice_banner.h"

#include "ui/icons.h"
#include "ui/theme.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QToolButton>

namespace saeception {
namespace {

constexpr qsizetype shownLines = 2;

}  // namespace

NoticeBanner::NoticeBanner(QWidget* parent)
    : QFrame(parent),
      m_text(new QLabel(this)),
      m_more(new QToolButton(this)),
      m_close(new QToolButton(this)) {
    setObjectName(QStringLiteral("noticeBanner"));
    setFrameShape(QFrame::StyledPanel);
    setAutoFillBackground(true);
    m_text->setObjectName(QStringLiteral("noticeText"));
    m_text->setTextFormat(Qt::PlainText);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_text->setWordWrap(true);
    m_more->setObjectName(QStringLiteral("moreNotices"));
    m_more->setAutoRaise(true);
    m_more->setFocusPolicy(Qt::TabFocus);
    connect(m_more, &QToolButton::clicked, this, [this] {
        m_all = !m_all;
        fill();
    });
    m_close->setFocusPolicy(Qt::TabFocus);
    m_close->setObjectName(QStringLiteral("dismissNotice"));
    m_close->setIcon(themedIcon(QStringLiteral("close")));
    m_close->setAutoRaise(true);
    m_close->setToolTip(tr("Dismiss"));
    m_close->setAccessibleName(tr("Dismiss this message"));
    connect(m_close, &QToolButton::clicked, this, [this] { showLines({}, {}); });
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(gridUnit, gridUnit / 2, gridUnit / 2, gridUnit / 2);
    row->addWidget(m_text, 1);
    row->addWidget(m_more, 0, Qt::AlignTop);
    row->addWidget(m_close, 0, Qt::AlignTop);
    applyTheme();
    hide();
}

void NoticeBanner::showLines(const QString& lead, const QStringList& lines) {
    if (lines != m_lines)
        m_all = false;
    m_lead = lead;
    m_lines = lines;
    fill();
    setVisible(!lines.isEmpty());
}

QPushButton* NoticeBanner::addButton(const QString& text, const QString& name) {
    auto* button = new QPushButton(text, this);
    button->setObjectName(name);
    auto* row = qobject_cast<QHBoxLayout*>(layout());
    row->insertWidget(row->indexOf(m_more), button, 0, Qt::AlignTop);
    return button;
}

void NoticeBanner::fill() {
    QStringList shown = m_all ? m_lines : m_lines.mid(0, shownLines);
    for (QString& line : shown)
        line.prepend(QStringLiteral("⚠ "));
    if (!m_lead.isEmpty())
        shown.prepend(m_lead);
    m_text->setText(shown.join(QLatin1Char('\n')));
    m_text->setAccessibleName(tr("Problem: %1").arg(m_lines.join(QLatin1Char(' '))));
    m_more->setVisible(m_lines.size() > shownLines);
    m_more->setText(m_all ? tr("Fewer") : tr("%1 more").arg(m_lines.size() - shownLines));
}

QString NoticeBanner::text() const {
    return m_text->text();
}

void NoticeBanner::changeEvent(QEvent* event) {
    QFrame::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::StyleChange)
        applyTheme();
}

void NoticeBanner::applyTheme() {
    QPalette alert = m_text->palette();
    alert.setColor(QPalette::WindowText, Theme::instance().colours().warning);
    m_text->setPalette(alert);
}

}  // namespace saeception
