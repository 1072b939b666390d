// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/log_view.h"

#include "ui/models/log_delegate.h"
#include "ui/models/log_filter_model.h"
#include "ui/studio_style.h"
#include "ui/theme.h"

#include <QEvent>
#include <QFontDatabase>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLabel>
#include <QPushButton>
#include <QScopedValueRollback>
#include <QScrollBar>
#include <QSettings>
#include <QVBoxLayout>

#include <algorithm>

namespace saeception {
namespace {

const QString headerKey = QStringLiteral("log/header");
constexpr int lineHeight = 3 * gridUnit;

}  // namespace

LogView::LogView(LogFilterModel* lines, QWidget* parent)
    : QTableView(parent),
      m_lines(lines),
      m_nothing(new QWidget(viewport())),
      m_nothingText(new QLabel(m_nothing)),
      m_showAll(new QPushButton(tr("Show all lines"), m_nothing)) {
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
    setSelectionBehavior(QAbstractItemView::SelectRows);
    setSelectionMode(QAbstractItemView::ExtendedSelection);
    setEditTriggers(QAbstractItemView::NoEditTriggers);
    setTabKeyNavigation(false);
    setShowGrid(false);
    setWordWrap(false);
    setFrameShape(QFrame::NoFrame);
    setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    setContextMenuPolicy(Qt::CustomContextMenu);
    verticalHeader()->hide();
    verticalHeader()->setMinimumSectionSize(lineHeight);
    verticalHeader()->setDefaultSectionSize(std::max(lineHeight, fontMetrics().height() + gridUnit / 2));
    verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
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

    m_nothing->setObjectName(QStringLiteral("noLogLine"));
    m_nothingText->setAlignment(Qt::AlignCenter);
    m_nothingText->setForegroundRole(QPalette::WindowText);  // a table's viewport would pass on Text
    m_showAll->setObjectName(QStringLiteral("showAllLines"));
    m_showAll->setMinimumWidth(16 * gridUnit);
    connect(m_showAll, &QPushButton::clicked, this, &LogView::showAllRequested);
    auto* column = new QVBoxLayout(m_nothing);
    column->setSpacing(2 * gridUnit);
    column->addStretch(2);
    column->addWidget(m_nothingText);
    column->addWidget(m_showAll, 0, Qt::AlignHCenter);
    column->addStretch(3);
    (new QVBoxLayout(viewport()))->addWidget(m_nothing);
    m_nothing->hide();
    applyTheme();

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
    m_nothingText->setText(text);
    m_showAll->setVisible(filtered);
    m_nothing->setVisible(!text.isEmpty());
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

void LogView::changeEvent(QEvent* event) {
    QTableView::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::StyleChange)
        applyTheme();
}

void LogView::applyTheme() {
    QPalette faint = m_nothingText->palette();
    faint.setColor(QPalette::WindowText, Theme::instance().colours().faintText);
    m_nothingText->setPalette(faint);
}

}  // namespace saeception
