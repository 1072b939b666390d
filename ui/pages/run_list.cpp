// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/run_list.h"

#include "ui/models/run_delegate.h"
#include "ui/models/run_filter_model.h"
#include "ui/models/run_table_model.h"
#include "ui/studio_style.h"
#include "ui/theme.h"
#include "ui/widgets/quiet_table.h"

#include <QEvent>
#include <QHeaderView>
#include <QLabel>
#include <QSettings>
#include <QVBoxLayout>

#include <algorithm>

namespace saeception {
namespace {

const QString headerKey = QStringLiteral("runs/header");
constexpr int lineHeight = 3 * gridUnit;

}  // namespace

RunList::RunList(RunFilterModel* runs, QWidget* parent)
    : QTableView(parent), m_runs(runs), m_nothing(new QLabel(tr("No run matches the filter."), viewport())) {
    setObjectName(QStringLiteral("runTable"));
    setAccessibleName(tr("Runs"));
    setModel(m_runs);
    setItemDelegate(new RunDelegate(this));
    makeQuietTable(*this, QAbstractItemView::ExtendedSelection);
    setContextMenuPolicy(Qt::CustomContextMenu);
    verticalHeader()->setMinimumSectionSize(lineHeight);
    verticalHeader()->setDefaultSectionSize(std::max(lineHeight, fontMetrics().height() + gridUnit));
    QHeaderView* header = horizontalHeader();
    header->setProperty(paddedHeader, true);
    header->setHighlightSections(false);
    header->setStretchLastSection(true);
    header->setSectionsMovable(true);
    header->setTextElideMode(Qt::ElideRight);
    header->setMinimumSectionSize(5 * gridUnit);
    const auto width = [this](const QString& widest) {
        return fontMetrics().horizontalAdvance(widest) + 3 * gridUnit;
    };
    const int widths[RunTableModel::ColumnCount] = {width(tr("Interrupted")) + 4 * gridUnit,
                                                    22 * gridUnit,
                                                    width(QStringLiteral("experiment")),
                                                    width(QStringLiteral("gpt2_small")),
                                                    width(QStringLiteral("ag_news")),
                                                    width(QStringLiteral("2026-11-22 13:19")),
                                                    width(tr("%1 of %2").arg(10).arg(11)),
                                                    width(tr("Best accuracy")),
                                                    width(QStringLiteral("812 MB")),
                                                    15 * gridUnit,
                                                    8 * gridUnit};
    for (int section = 0; section < RunTableModel::ColumnCount; ++section)
        header->resizeSection(section, widths[section]);
    setSortingEnabled(true);
    sortByColumn(RunTableModel::Started, Qt::DescendingOrder);
    header->restoreState(QSettings().value(headerKey).toByteArray());
    const auto keep = [header] { QSettings().setValue(headerKey, header->saveState()); };
    connect(header, &QHeaderView::sectionMoved, this, keep);
    connect(header, &QHeaderView::sectionResized, this, keep);
    connect(header, &QHeaderView::sortIndicatorChanged, this, keep);

    m_nothing->setObjectName(QStringLiteral("noRunMatches"));
    m_nothing->setAlignment(Qt::AlignCenter);
    m_nothing->setForegroundRole(QPalette::WindowText);  // a table's viewport would pass on Text
    m_nothing->hide();
    (new QVBoxLayout(viewport()))->addWidget(m_nothing);
    applyTheme();
}

std::vector<int> RunList::chosenRows() const {
    QModelIndexList chosen = selectionModel()->selectedRows();
    std::sort(chosen.begin(), chosen.end());
    std::vector<int> rows;
    for (const QModelIndex& index : chosen)
        rows.push_back(m_runs->mapToSource(index).row());
    return rows;
}

void RunList::editChosen(int column) {
    const std::vector<int> rows = chosenRows();
    if (rows.size() != 1)
        return;
    const QModelIndex cell = m_runs->mapFromSource(m_runs->sourceModel()->index(rows[0], column));
    setFocus();
    setCurrentIndex(cell);
    scrollTo(cell);
    edit(cell);
}

void RunList::showNothing(bool nothing) {
    m_nothing->setVisible(nothing);
}

void RunList::changeEvent(QEvent* event) {
    QTableView::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::StyleChange)
        applyTheme();
}

void RunList::applyTheme() {
    QPalette faint = m_nothing->palette();
    faint.setColor(QPalette::WindowText, Theme::instance().colours().faintText);
    m_nothing->setPalette(faint);
}

}  // namespace saeception
