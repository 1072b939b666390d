// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/raw_table_view.h"

#include "ui/models/raw_cell_delegate.h"
#include "ui/theme.h"
#include "ui/widgets/grouped_header.h"
#include "ui/widgets/quiet_table.h"

#include <QKeyEvent>
#include <QLabel>
#include <QScrollBar>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

namespace saeception {
namespace {

constexpr int leastWords = 12 * gridUnit;
constexpr int mostWords = 44 * gridUnit;
constexpr int mostBar = 30 * gridUnit;

bool stretches(const RawTableModel::Column& column) {
    return column.kind == RawTableModel::Kind::Words || column.kind == RawTableModel::Kind::Bar;
}

}  // namespace

RawTableView::RawTableView(RawFilterModel* rows, QWidget* parent)
    : QTableView(parent), m_rows(rows), m_hint(new QLabel(viewport())) {
    makeQuietTable(*this, QAbstractItemView::SingleSelection);
    setCornerButtonEnabled(false);
    setMouseTracking(true);
    setContextMenuPolicy(Qt::ActionsContextMenu);
    auto* header = new GroupedHeader(this);
    setHorizontalHeader(header);
    setItemDelegate(new RawCellDelegate(this));
    setModel(rows);
    header->setSortIndicatorClearable(true);
    header->setSortIndicator(rows->sortColumn(), rows->sortOrder());
    setSortingEnabled(true);

    m_hint->setObjectName(QStringLiteral("tableHint"));
    m_hint->setAlignment(Qt::AlignCenter);
    m_hint->setForegroundRole(QPalette::PlaceholderText);
    m_hint->setWordWrap(true);
    m_hint->hide();
    auto* over = new QVBoxLayout(viewport());
    over->addWidget(m_hint);

    connect(this, &QAbstractItemView::doubleClicked, this, &RawTableView::opened);
    connect(this, &QAbstractItemView::clicked, this, [this](const QModelIndex& index) {
        if (isLink(index))
            Q_EMIT linkClicked(index);
    });
    connect(rows, &QAbstractItemModel::modelReset, this, [this] {
        fitColumns();
        showHint();
    });
    connect(rows, &QAbstractItemModel::layoutChanged, this,
            [this] { scrollTo(currentIndex(), QAbstractItemView::EnsureVisible); });
    connect(header, &QHeaderView::sortIndicatorChanged, this, &RawTableView::fitColumns);
    fitColumns();
}

bool RawTableView::isLink(const QModelIndex& index) const {
    return index.isValid() &&
           m_rows->headerData(index.column(), Qt::Horizontal, RawTableModel::KindRole).toInt() ==
               static_cast<int>(RawTableModel::Kind::Link);
}

int RawTableView::currentSourceRow() const {
    return currentIndex().isValid() ? m_rows->sourceRow(currentIndex().row()) : -1;
}

void RawTableView::setCurrentSourceRow(int row) {
    const int shown = m_rows->rowOf(row);
    if (shown < 0)
        return;
    setCurrentIndex(m_rows->index(shown, std::max(0, currentIndex().column())));
    // Until it is seen it has no height to speak of.
    m_scrollWhenShown = !isVisible();
    if (!m_scrollWhenShown)
        scrollTo(currentIndex(), QAbstractItemView::EnsureVisible);
}

void RawTableView::setHint(const QString& text) {
    m_hint->setText(text);
    showHint();
}

void RawTableView::showHint() {
    m_hint->setVisible(m_rows->rowCount() == 0 && !m_hint->text().isEmpty());
}

void RawTableView::fitColumns() {
    verticalHeader()->setDefaultSectionSize(fontMetrics().height() + gridUnit);
    const auto* table = static_cast<const RawTableModel*>(m_rows->sourceModel());
    const auto& columns = table->columns();
    const auto* header = static_cast<const GroupedHeader*>(horizontalHeader());
    std::vector<int> widths;
    int all = 0;
    int stretching = 0;
    // Arrows may come from another font, whose widths are told a little short.
    const int spare = gridUnit / 2;
    for (std::size_t c = 0; c < columns.size(); ++c) {
        const auto column = static_cast<int>(c);
        const int cell =
            fontMetrics().horizontalAdvance(columns[c].widest) + (m_extraRoom ? m_extraRoom(column) : 0);
        widths.push_back(std::max(cell + spare + 2 * gridUnit, header->titleWidth(column)));
        all += widths.back();
        stretching += stretches(columns[c]) ? 1 : 0;
    }
    // Words and bars take what is left, as far as they have use for it; words also give up some of their own.
    int slack = viewport()->width() - all;
    for (std::size_t c = 0; c < widths.size(); ++c) {
        if (!stretches(columns[c]))
            continue;
        const bool words = columns[c].kind == RawTableModel::Kind::Words;
        const int least = words ? std::min(widths[c], leastWords) : widths[c];
        const int most = std::max(widths[c], words ? mostWords : mostBar);
        const int width = std::clamp(widths[c] + slack / stretching--, least, most);
        slack -= width - widths[c];
        widths[c] = width;
    }
    // Beyond that all columns share it: figures far from their words are read in the wrong row.
    const auto count = static_cast<int>(widths.size());
    for (int c = 0; slack > 0 && c < count; ++c)
        widths[static_cast<std::size_t>(c)] += slack * (c + 1) / count - slack * c / count;
    for (std::size_t c = 0; c < widths.size(); ++c)
        horizontalHeader()->resizeSection(static_cast<int>(c), widths[c]);
}

void RawTableView::keyPressEvent(QKeyEvent* event) {
    if ((event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) && currentIndex().isValid()) {
        Q_EMIT opened(currentIndex());
        return;
    }
    QTableView::keyPressEvent(event);
}

void RawTableView::mouseMoveEvent(QMouseEvent* event) {
    QTableView::mouseMoveEvent(event);
    if (isLink(indexAt(event->position().toPoint())))
        viewport()->setCursor(Qt::PointingHandCursor);
    else
        viewport()->unsetCursor();
}

void RawTableView::showEvent(QShowEvent* event) {
    QTableView::showEvent(event);
    if (!std::exchange(m_scrollWhenShown, false))
        return;
    scrollToTop();
    scrollTo(currentIndex(), QAbstractItemView::EnsureVisible);
}

void RawTableView::resizeEvent(QResizeEvent* event) {
    QTableView::resizeEvent(event);
    fitColumns();
}

void RawTableView::changeEvent(QEvent* event) {
    QTableView::changeEvent(event);
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange)
        fitColumns();
}

void RawTableView::currentChanged(const QModelIndex& current, const QModelIndex& previous) {
    QTableView::currentChanged(current, previous);
    if (current.isValid())
        Q_EMIT currentMoved();
}

}  // namespace saeception
