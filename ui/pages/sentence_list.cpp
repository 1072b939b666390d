// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/sentence_list.h"

#include "ui/models/sentence_delegate.h"
#include "ui/pages/sentence_header.h"
#include "ui/theme.h"
#include "ui/widgets/empty_rows.h"
#include "ui/widgets/quiet_table.h"

#include <QEvent>
#include <QScrollBar>

#include <algorithm>

namespace saeception {
namespace {

constexpr int lineHeight = 3 * gridUnit;
// A choice in more pieces than this is not worth the time that it takes to restore it.
constexpr std::size_t mostPieces = 1000;

}  // namespace

SentenceList::SentenceList(SentenceFilterModel* rows, QWidget* parent)
    : QTableView(parent),
      m_rows(rows),
      m_header(new SentenceHeader(rows, this)),
      m_nothing(new EmptyRows(this, QStringLiteral("noSentence"), tr("Show all sentences"),
                              QStringLiteral("showAllSentences"))) {
    setObjectName(QStringLiteral("sentenceTable"));
    setAccessibleName(tr("Sentences"));
    setModel(m_rows);
    setItemDelegate(new SentenceDelegate(this));
    makeQuietTable(*this, QAbstractItemView::ExtendedSelection);
    setCornerButtonEnabled(false);
    // Between the scroll bars, where the style would draw a little frame.
    auto* corner = new QWidget(this);
    corner->setBackgroundRole(QPalette::Base);
    corner->setAutoFillBackground(true);
    setCornerWidget(corner);
    setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    setContextMenuPolicy(Qt::CustomContextMenu);
    verticalHeader()->setMinimumSectionSize(lineHeight);
    verticalHeader()->setDefaultSectionSize(std::max(lineHeight, fontMetrics().height() + gridUnit));
    setHorizontalHeader(m_header);
    m_header->layOut();
    setSortingEnabled(true);
    // Who sorts wants to see what comes first.
    connect(m_header, &QHeaderView::sortIndicatorChanged, this, &QAbstractItemView::scrollToTop);

    connect(m_nothing, &EmptyRows::showAllRequested, this, &SentenceList::showAllRequested);
    applyTheme();

    connect(m_rows, &QAbstractItemModel::modelReset, this, [this] {
        m_wasReset = true;
        Q_EMIT chosenChanged();
    });
    connect(selectionModel(), &QItemSelectionModel::selectionChanged, this, &SentenceList::chosenChanged);
    connect(selectionModel(), &QItemSelectionModel::currentChanged, this, &SentenceList::chosenChanged);
}

void SentenceList::setPredictions(std::shared_ptr<const SentencePredictions> predictions) {
    keepingPlace(/*filtering=*/false, [&] { m_rows->table()->setPredictions(std::move(predictions)); });
    m_header->layOut();
}

void SentenceList::setFilter(const SentenceFilter& filter) {
    keepingPlace(/*filtering=*/true, [&] { m_rows->setFilter(filter); });
}

void SentenceList::resetOrder() {
    sortByColumn(m_rows->table()->sectionOf({Kind::Split, -1}), Qt::DescendingOrder);
    clearSelection();
    scrollToTop();
}

std::vector<int> SentenceList::chosenRows() const {
    std::vector<int> shown;
    for (const QItemSelectionRange& range : selectionModel()->selection())
        for (int row = range.top(); row <= range.bottom(); ++row)
            shown.push_back(row);
    std::sort(shown.begin(), shown.end());
    shown.erase(std::unique(shown.begin(), shown.end()), shown.end());
    std::vector<int> rows;
    for (const int row : shown)
        rows.push_back(m_rows->sourceRows()[static_cast<std::size_t>(row)]);
    return rows;
}

void SentenceList::enter() {
    setFocus(Qt::ShortcutFocusReason);
    if (!currentIndex().isValid() && m_rows->rowCount() > 0)
        setCurrentIndex(m_rows->index(0, m_rows->table()->sectionOf({Kind::Sentence, -1})));
}

void SentenceList::setEmptyText(const QString& text, bool filtered) {
    m_nothing->say(text, filtered);
}

int SentenceList::rowHeight() const {
    return verticalHeader()->defaultSectionSize();
}

std::optional<SentenceKey> SentenceList::keyAt(int row) const {
    if (row < 0 || row >= m_rows->rowCount())
        return std::nullopt;
    return m_rows->table()->predictions()->rows().key(m_rows->sourceRows()[static_cast<std::size_t>(row)]);
}

int SentenceList::rowOf(SentenceKey sentence) const {
    if (!m_rows->table()->predictions())
        return -1;
    const std::optional<int> row = m_rows->table()->predictions()->rows().rowOf(sentence);
    return row ? m_rows->rowOf(*row) : -1;
}

SentenceList::Place SentenceList::place(bool currentOnly) const {
    Place place;
    place.scrolled = verticalScrollBar()->value();
    place.current = keyAt(currentIndex().row());
    place.currentColumn = std::max(0, currentIndex().column());
    const int currentTop = currentIndex().row() * rowHeight() - place.scrolled;
    if (place.current && (currentOnly || (currentTop >= 0 && currentTop < viewport()->height()))) {
        place.anchor = place.current;
        place.anchorTop = currentTop;
    } else if (!currentOnly) {
        const int top = place.scrolled / rowHeight();
        place.anchor = keyAt(top);
        place.anchorTop = top * rowHeight() - place.scrolled;
    }
    const SentencePredictions* predictions = m_rows->table()->predictions().get();
    for (const int row : chosenRows())
        place.chosen.push_back(predictions->rows().key(row));
    return place;
}

void SentenceList::keepingPlace(bool filtering, const std::function<void()>& change) {
    const Place kept = place(filtering);
    m_wasReset = false;
    change();
    if (m_wasReset)
        restore(kept, filtering);
}

void SentenceList::restore(const Place& place, bool toTop) {
    choose(place);
    updateGeometries();  // the bar's range, before a place in it is chosen
    const int anchor = place.anchor ? rowOf(*place.anchor) : -1;
    if (anchor >= 0) {
        // One that was scrolled out of view comes back into it.
        const int lowest = std::max(0, viewport()->height() - rowHeight());
        const int top = place.anchorTop <= -rowHeight() ? 0 : std::min(place.anchorTop, lowest);
        verticalScrollBar()->setValue(anchor * rowHeight() - top);
    } else {
        verticalScrollBar()->setValue(toTop ? 0 : place.scrolled);
    }
}

void SentenceList::choose(const Place& place) {
    std::vector<int> rows;
    for (const SentenceKey sentence : place.chosen)
        if (const int row = rowOf(sentence); row >= 0)
            rows.push_back(row);
    std::sort(rows.begin(), rows.end());
    QItemSelection chosen;
    for (std::size_t i = 0; i < rows.size();) {
        const std::size_t first = i++;
        while (i < rows.size() && rows[i] == rows[i - 1] + 1)
            ++i;
        chosen.append(QItemSelectionRange(m_rows->index(rows[first], 0),
                                          m_rows->index(rows[i - 1], m_rows->columnCount() - 1)));
    }
    if (static_cast<std::size_t>(chosen.size()) > mostPieces)
        chosen.clear();
    selectionModel()->select(chosen, QItemSelectionModel::ClearAndSelect);
    if (const int row = place.current ? rowOf(*place.current) : -1; row >= 0)
        selectionModel()->setCurrentIndex(
            m_rows->index(row, std::min(place.currentColumn, m_rows->columnCount() - 1)),
            QItemSelectionModel::NoUpdate);
}

// A table's own Home and End go to the ends of a line.
QModelIndex SentenceList::moveCursor(CursorAction action, Qt::KeyboardModifiers modifiers) {
    if (m_rows->rowCount() == 0 || (action != MoveHome && action != MoveEnd))
        return QTableView::moveCursor(action, modifiers);
    const int column = currentIndex().isValid() ? currentIndex().column() : int(Kind::Sentence);
    return m_rows->index(action == MoveHome ? 0 : m_rows->rowCount() - 1, column);
}

void SentenceList::changeEvent(QEvent* event) {
    QTableView::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::StyleChange)
        applyTheme();
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange) {
        verticalHeader()->setDefaultSectionSize(std::max(lineHeight, fontMetrics().height() + gridUnit));
        m_header->layOut();
    }
}

void SentenceList::applyTheme() {
    const ThemeColours& colours = Theme::instance().colours();
    QPalette selection = palette();
    if (selection.color(QPalette::Highlight) == colours.accentFill)
        return;
    selection.setColor(QPalette::Highlight, colours.accentFill);
    selection.setColor(QPalette::HighlightedText, colours.text);
    setPalette(selection);
}

}  // namespace saeception
