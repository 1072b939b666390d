// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/sentence_header.h"

#include "ui/models/sentence_delegate.h"
#include "ui/studio_style.h"
#include "ui/theme.h"

#include <QContextMenuEvent>
#include <QMenu>
#include <QScopedValueRollback>
#include <QSettings>
#include <QSignalBlocker>

#include <algorithm>

namespace saeception {
namespace {

const QString shownKey = QStringLiteral("sentences/shown");
const QString widthKey = QStringLiteral("sentences/width");
constexpr int leastSentence = 30 * gridUnit;
constexpr int widestClass = 20 * gridUnit;

QString nameOf(SentenceTableModel::Kind kind) {
    using Kind = SentenceTableModel::Kind;
    switch (kind) {
        case Kind::Split:
            return QStringLiteral("split");
        case Kind::Example:
            return QStringLiteral("example");
        case Kind::Gold:
            return QStringLiteral("gold");
        case Kind::Prediction:
            return QStringLiteral("prediction");
        case Kind::Loss:
            return QStringLiteral("loss");
        case Kind::Flips:
            return QStringLiteral("flips");
        case Kind::Tokens:
            return QStringLiteral("tokens");
        case Kind::Sentence:
            break;
    }
    return QStringLiteral("sentence");
}

}  // namespace

SentenceHeader::SentenceHeader(SentenceFilterModel* rows, QWidget* parent)
    : QHeaderView(Qt::Horizontal, parent), m_rows(rows) {
    setProperty(paddedHeader, true);
    setSectionsClickable(true);
    setHighlightSections(false);
    setTextElideMode(Qt::ElideRight);
    setMinimumSectionSize(5 * gridUnit);
    connect(this, &QHeaderView::sectionResized, this,
            [this](int section, int, int width) { widthChosen(section, width); });
}

QString SentenceHeader::settingOf(const Column& column) const {
    const QString name = nameOf(column.kind);
    // Of losses the newest cycle's has a setting of its own, whichever cycle that is.
    return column.cycle < 0 || (column.kind == Kind::Loss && m_rows->table()->isNewest(column))
               ? name
               : name + QLatin1Char('_') + QString::number(column.cycle);
}

bool SentenceHeader::isShown(int section) const {
    const Column& column = m_rows->table()->column(section);
    const auto& predictions = m_rows->table()->predictions();
    bool byDefault = column.kind != Kind::Tokens;
    if (column.kind == Kind::Loss)
        // Rows must not stand in an order that nothing on screen explains.
        byDefault = m_rows->table()->isNewest(column) || section == m_rows->sortSection();
    else if (column.kind == Kind::Flips)
        byDefault = predictions && predictions->cycles().size() > 1;
    return column.kind == Kind::Sentence ||
           QSettings().value(shownKey + QLatin1Char('/') + settingOf(column), byDefault).toBool();
}

void SentenceHeader::fillMenu(QMenu* menu) {
    for (int section = 0; section < count(); ++section) {
        const Column column = m_rows->table()->column(section);
        if (column.kind == Kind::Sentence)
            continue;
        QString title = m_rows->headerData(section, Qt::Horizontal).toString();
        if (column.kind == Kind::Prediction)
            title = tr("Prediction, cycle %1").arg(column.cycle);
        else if (column.kind == Kind::Loss)
            title = tr("Loss, cycle %1").arg(column.cycle);
        QAction* action = menu->addAction(title);
        action->setObjectName(QStringLiteral("column_") + settingOf(column));
        action->setCheckable(true);
        action->setChecked(!isSectionHidden(section));
        connect(action, &QAction::toggled, this, [this, column](bool on) {
            QSettings().setValue(shownKey + QLatin1Char('/') + settingOf(column), on);
            layOut();
        });
    }
    menu->addSeparator();
    QAction* restore = menu->addAction(tr("Columns as at the start"));
    restore->setObjectName(QStringLiteral("columnsAsAtTheStart"));
    connect(restore, &QAction::triggered, this, [this] {
        QSettings().remove(shownKey);
        QSettings().remove(widthKey);
        layOut();
    });
}

void SentenceHeader::contextMenuEvent(QContextMenuEvent* event) {
    auto* menu = new QMenu(this);
    menu->setObjectName(QStringLiteral("columnMenu"));
    menu->setAttribute(Qt::WA_DeleteOnClose);
    fillMenu(menu);
    menu->popup(event->globalPos());
}

int SentenceHeader::firstWidth(Kind kind) const {
    const SentenceTableModel* table = m_rows->table();
    const QFontMetrics cells = parentWidget() != nullptr ? parentWidget()->fontMetrics() : fontMetrics();
    const int cell = SentenceDelegate::cellWidth(kind, table->widestTexts(kind), cells);
    // With the sorting mark beside it. The style's own hint is for bold titles and wider marks.
    const int around =
        4 * style()->pixelMetric(QStyle::PM_HeaderMargin, nullptr, this) + sizeHint().height() / 2 + 2;
    int title = 0;
    for (int section = 0; section < count(); ++section)
        if (table->column(section).kind == kind)
            title = std::max(title, around + fontMetrics().horizontalAdvance(
                                                 m_rows->headerData(section, Qt::Horizontal).toString()));
    // A class may have a long name; what is cut off stands in the tooltip.
    return std::max(title,
                    kind == Kind::Gold || kind == Kind::Prediction ? std::min(cell, widestClass) : cell);
}

void SentenceHeader::layOut() {
    {
        // After a reset its number may be that of another column.
        const QSignalBlocker quiet(this);
        setSortIndicator(m_rows->sortSection(), m_rows->sortOrder());
    }
    giveWidths();
}

void SentenceHeader::giveWidths() {
    {
        const QScopedValueRollback laying(m_layingOut, true);
        for (int section = 0; section < count(); ++section) {
            const Kind kind = m_rows->table()->column(section).kind;
            setSectionHidden(section, !isShown(section));
            setSectionResizeMode(section, kind == Kind::Sentence ? Fixed : Interactive);
            if (kind == Kind::Sentence || isSectionHidden(section))
                continue;
            const int width = QSettings().value(widthKey + QLatin1Char('/') + nameOf(kind)).toInt();
            resizeSection(section, width > 0 ? width : firstWidth(kind));
        }
    }
    fitSentences();
}

void SentenceHeader::widthChosen(int section, int width) {
    if (m_layingOut || width == 0)
        return;
    QSettings().setValue(widthKey + QLatin1Char('/') + nameOf(m_rows->table()->column(section).kind), width);
    giveWidths();
}

void SentenceHeader::fitSentences() {
    const int sentences = m_rows->table()->sectionOf({Kind::Sentence, -1});
    if (sentences >= count())
        return;
    const QScopedValueRollback laying(m_layingOut, true);
    const int others = length() - sectionSize(sentences);
    resizeSection(sentences, std::max(leastSentence, viewport()->width() - others));
}

void SentenceHeader::resizeEvent(QResizeEvent* event) {
    QHeaderView::resizeEvent(event);
    fitSentences();
}

}  // namespace saeception
