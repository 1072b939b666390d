// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/log_view.h"

#include "ui/models/log_delegate.h"
#include "ui/models/log_filter_model.h"
#include "ui/studio_style.h"
#include "ui/theme.h"
#include "ui/widgets/empty_rows.h"
#include "ui/widgets/quiet_table.h"

#include <QEvent>
#include <QFontDatabase>
#include <QHeaderView>
#include <QKeyEvent>
#include <QScopedValueRollback>
#include <QScrollBar>
#include <QSettings>

#include <algorithm>

namespace saeception {
namespace {

const QString headerKey = QStringLiteral("log/header");
constexpr int lineHeight = 3 * gridUnit;

}  // namespace

LogView::LogView(LogFilterModel* lines, QWidget* parent)
    : QTableView(parent),
      m_lines(lines),
      m_nothing(new EmptyRows(this, QStringLiteral("noLogLine"), tr("Show all lines"),
                              QStringLiteral("showAllLines"))) {
    setObjectName(QStringLiteral("logView"));
    setAccessibleName(tr("Log lines"));
    // Heard before the view itself does: it would choose the line after a chosen one that goes, and scroll
    // there.
    connect(m_lines, &QAbstractItemModel::rowsAboutToBeRemoved, this,
            [this](const QModelIndex&, int first, int last) {
                const int row = currentIndex().row();
                if (row >= first && row <= last)
                    selectionModel()->setCurrentIndex({}, QItemSelectionModel::NoUpdate);
            });
    setModel(m_lines);
    setItemDelegate(new LogDelegate(this));
    makeQuietTable(*this, QAbstractItemView::ExtendedSelection);
    setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    setContextMenuPolicy(Qt::CustomContextMenu);
    verticalHeader()->setMinimumSectionSize(lineHeight);
    verticalHeader()->setDefaultSectionSize(std::max(lineHeight, fontMetrics().height() + gridUnit / 2));
    QHeaderView* header = horizontalHeader();
    header->setProperty(paddedHeader, true);
    header->setHighlightSections(false);
    header->setStretchLastSection(true);
    header->setMinimumSectionSize(5 * gridUnit);
    QFont tabular = QFontDatabase::systemFont(QFontDatabase::FixedFont);
    tabular.setPointSizeF(font().pointSizeF());
    header->resizeSection(
        LogModel::Time,
        QFontMetrics(tabular).horizontalAdvance(QStringLiteral("2026-11-22 16:23:02")) + 2 * gridUnit + 2);
    header->resizeSection(LogModel::Level,
                          fontMetrics().horizontalAdvance(logLevelText(LogLevel::Warning)) + 5 * gridUnit);
    header->resizeSection(
        LogModel::Run, fontMetrics().horizontalAdvance(QStringLiteral("2026-11-22 16-23-02")) + 3 * gridUnit);
    header->restoreState(QSettings().value(headerKey).toByteArray());
    connect(header, &QHeaderView::sectionResized, this,
            [header] { QSettings().setValue(headerKey, header->saveState()); });

    connect(m_nothing, &EmptyRows::showAllRequested, this, &LogView::showAllRequested);

    connect(verticalScrollBar(), &QScrollBar::rangeChanged, this, [this] {
        if (m_following)
            stick();
    });
    connect(verticalScrollBar(), &QScrollBar::valueChanged, this, [this](int value) {
        if (m_ownScrolls == 0)
            setFollowing(value == verticalScrollBar()->maximum());
    });
    connect(m_lines, &QAbstractItemModel::rowsRemoved, this,
            [this](const QModelIndex&, int first, int last) { holdPlace(first, last); });
    connect(selectionModel(), &QItemSelectionModel::selectionChanged, this, [this] {
        const QModelIndexList chosen = selectionModel()->selectedRows();
        const bool newest = std::all_of(chosen.begin(), chosen.end(), [this](const QModelIndex& index) {
            return index.row() == m_lines->rowCount() - 1;
        });
        if (!newest)
            setFollowing(false);
        Q_EMIT chosenChanged();
    });
    connect(m_lines, &QAbstractItemModel::modelReset, this, &LogView::chosenChanged);
}

void LogView::setFollowing(bool following) {
    if (following)
        stick();
    if (following == m_following)
        return;
    m_following = following;
    Q_EMIT followingChanged(following);
}

void LogView::stick() {
    const QScopedValueRollback own(m_ownScrolls, m_ownScrolls + 1);
    verticalScrollBar()->setValue(verticalScrollBar()->maximum());
}

// The lines that are read stay where they are while older ones go.
void LogView::holdPlace(int first, int last) {
    const int height = verticalHeader()->defaultSectionSize();
    const int top = verticalScrollBar()->value() / height;
    if (m_following || first > top)
        return;
    const QScopedValueRollback own(m_ownScrolls, m_ownScrolls + 1);
    verticalScrollBar()->setValue(verticalScrollBar()->value() - std::min(last - first + 1, top) * height);
}

void LogView::setFilter(const LogFilter& filter) {
    const bool following = m_following;
    const std::vector<int> chosen = chosenRows();
    {
        const QScopedValueRollback own(m_ownScrolls, m_ownScrolls + 1);
        m_lines->setFilter(filter);
        updateGeometries();  // the bar's range, before a place in it is chosen
    }
    if (following || chosen.empty()) {
        stick();
        return;
    }
    const QModelIndex again =
        m_lines->mapFromSource(m_lines->sourceModel()->index(chosen.front(), LogModel::Time));
    if (again.isValid())
        chooseRow(again.row());
}

std::vector<int> LogView::chosenRows() const {
    QModelIndexList chosen = selectionModel()->selectedRows();
    std::sort(chosen.begin(), chosen.end());
    std::vector<int> rows;
    for (const QModelIndex& index : chosen)
        rows.push_back(m_lines->sourceRow(index.row()));
    return rows;
}

void LogView::chooseRow(int row) {
    const QModelIndex index = m_lines->index(row, LogModel::Time);
    setFollowing(false);
    const QScopedValueRollback own(m_ownScrolls, m_ownScrolls + 1);
    setCurrentIndex(index);
    scrollTo(index, QAbstractItemView::PositionAtCenter);
}

bool LogView::chooseProblem(bool forward, LogLevel least) {
    const int count = m_lines->rowCount();
    const QModelIndexList chosen = selectionModel()->selectedRows();
    int row = chosen.isEmpty() ? (forward ? -1 : count) : chosen.front().row();
    for (row += forward ? 1 : -1; row >= 0 && row < count; row += forward ? 1 : -1)
        if (m_lines->index(row, 0).data(LogModel::LevelRole).toInt() >= static_cast<int>(least)) {
            chooseRow(row);
            return true;
        }
    return false;
}

void LogView::chooseLastError() {
    clearSelection();
    if (!chooseProblem(false, LogLevel::Error))
        setFollowing(true);
}

void LogView::setEmptyText(const QString& text, bool filtered) {
    m_nothing->say(text, filtered);
}

// A table's own Home and End go to the ends of a line.
void LogView::keyPressEvent(QKeyEvent* event) {
    if (event->key() == Qt::Key_End)
        setFollowing(true);
    else if (event->key() == Qt::Key_Home)
        verticalScrollBar()->setValue(0);
    else
        QTableView::keyPressEvent(event);
}

}  // namespace saeception
