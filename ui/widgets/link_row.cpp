// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/link_row.h"

#include "ui/theme.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>

#include <utility>

namespace saeception {
namespace {

const QString between = QStringLiteral("   ");
const QString foldAddress = QStringLiteral("fold");

QString link(const QString& address, const QString& text) {
    return QStringLiteral("<a href='%1' style='color:%2; text-decoration:none'>%3</a>")
        .arg(address.toHtmlEscaped(), Theme::instance().colours().accent.name(), text.toHtmlEscaped());
}

}  // namespace

LinkRow::LinkRow(const QString& title, QWidget* parent)
    : QWidget(parent), m_title(new QLabel(title, this)), m_links(new QLabel(this)) {
    m_links->setTextFormat(Qt::RichText);
    m_links->setTextInteractionFlags(Qt::LinksAccessibleByMouse | Qt::LinksAccessibleByKeyboard);
    m_links->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    connect(m_links, &QLabel::linkActivated, this, [this](const QString& address) {
        if (address != foldAddress) {
            Q_EMIT linkActivated(address);
            return;
        }
        m_unfolded = !m_unfolded;
        fill();
    });
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(gridUnit);
    row->addWidget(m_title, 0, Qt::AlignTop);
    row->addWidget(m_links, 1);
    applyTheme();
}

void LinkRow::setItems(QList<Item> items, const QString& none) {
    m_items = std::move(items);
    m_none = none;
    QStringList tips;
    for (const Item& item : m_items)
        if (!item.tip.isEmpty())
            tips << item.tip.toHtmlEscaped();
    m_links->setToolTip(tips.isEmpty() ? QString()
                                       : QStringLiteral("<qt>") + tips.join(QStringLiteral("<br>")));
    fill();
}

QString LinkRow::text() const {
    QStringList parts;
    for (const Item& item : m_items)
        parts << (item.text + QLatin1Char(' ') + item.after).trimmed();
    return parts.isEmpty() ? m_none : parts.join(QStringLiteral(", "));
}

void LinkRow::setTitleWidth(int width) {
    m_title->setFixedWidth(width);
}

int LinkRow::titleWidth() const {
    return m_title->sizeHint().width();
}

void LinkRow::fill() {
    const ThemeColours& colours = Theme::instance().colours();
    if (m_items.isEmpty()) {
        m_links->setText(QStringLiteral("<span style='color:%1'>%2</span>")
                             .arg(colours.faintText.name(), m_none.toHtmlEscaped()));
        return;
    }
    const QFontMetrics metrics = m_links->fontMetrics();
    const QString more = QStringLiteral(" …");
    m_links->setWordWrap(m_unfolded);
    QString html;
    int used = 0;
    for (qsizetype i = 0; i < m_items.size(); ++i) {
        Item item = m_items[i];
        if (i == 0)
            item.after = metrics.elidedText(
                item.after, Qt::ElideRight,
                m_links->width() - metrics.horizontalAdvance(item.text + QLatin1Char(' ')));
        const QString plain = (i == 0 ? QString() : between) + item.text + QLatin1Char(' ') + item.after;
        const int width = metrics.horizontalAdvance(plain);
        const bool last = i + 1 == m_items.size();
        if (!m_unfolded && i > 0 &&
            used + width + (last ? 0 : metrics.horizontalAdvance(more)) > m_links->width()) {
            html += QStringLiteral("&nbsp;") + link(foldAddress, more.trimmed());
            break;
        }
        used += width;
        if (i > 0)
            html += QStringLiteral("&nbsp;&nbsp; ");
        QString text = item.text;
        text.replace(QLatin1Char(' '), QChar::Nbsp);
        html += item.address.isEmpty() ? text.toHtmlEscaped() : link(item.address, text);
        html += QStringLiteral("&nbsp;<span style='color:%1'>%2</span>")
                    .arg(colours.faintText.name(),
                         item.after.toHtmlEscaped().replace(QLatin1Char(' '), QStringLiteral("&nbsp;")));
    }
    if (m_unfolded && used > m_links->width())
        html += QStringLiteral("&nbsp;&nbsp; ") + link(foldAddress, tr("less"));
    m_links->setText(html);
}

void LinkRow::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    fill();
}

void LinkRow::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::StyleChange ||
        event->type() == QEvent::FontChange)
        applyTheme();
}

void LinkRow::applyTheme() {
    QPalette faint = m_title->palette();
    faint.setColor(QPalette::WindowText, Theme::instance().colours().faintText);
    m_title->setPalette(faint);
    fill();
}

}  // namespace saeception
