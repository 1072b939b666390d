// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/job_list.h"

#include "ui/format.h"
#include "ui/models/job_delegate.h"
#include "ui/models/job_table_model.h"
#include "ui/studio_style.h"
#include "ui/theme.h"
#include "ui/widgets/quiet_table.h"

#include <QHeaderView>
#include <QSettings>

#include <algorithm>

namespace saeception {
namespace {

const QString headerKey = QStringLiteral("queue/header");
constexpr int lineHeight = 3 * gridUnit;
constexpr int leastProgress = 40 * gridUnit;

}  // namespace

JobList::JobList(JobTableModel* jobs, QWidget* parent) : QTableView(parent), m_jobs(jobs) {
    setObjectName(QStringLiteral("jobTable"));
    setAccessibleName(tr("Jobs"));
    setModel(m_jobs);
    setItemDelegate(new JobDelegate(this));
    makeQuietTable(*this, QAbstractItemView::ExtendedSelection);
    setContextMenuPolicy(Qt::CustomContextMenu);
    setDragDropMode(QAbstractItemView::InternalMove);
    setDragDropOverwriteMode(false);
    setDropIndicatorShown(true);
    verticalHeader()->setMinimumSectionSize(lineHeight);
    verticalHeader()->setDefaultSectionSize(std::max(lineHeight, fontMetrics().height() + gridUnit));
    QHeaderView* header = horizontalHeader();
    header->setProperty(paddedHeader, true);
    header->setHighlightSections(false);
    header->setTextElideMode(Qt::ElideRight);
    header->setMinimumSectionSize(5 * gridUnit);
    const auto width = [this](const QString& widest) {
        return fontMetrics().horizontalAdvance(widest) + 3 * gridUnit;
    };
    const QString longTime = durationText(35999);
    const int widths[JobTableModel::ColumnCount] = {width(tr("Place")),
                                                    24 * gridUnit,
                                                    width(tr("Unfinished")) + 2 * gridUnit,
                                                    leastProgress,
                                                    width(longTime),
                                                    width(tr("about %1").arg(longTime)),
                                                    width(tr("Threads")),
                                                    width(QStringLiteral("2026-11-22 13:19"))};
    for (int section = 0; section < JobTableModel::ColumnCount; ++section)
        header->resizeSection(section, widths[section]);
    header->restoreState(QSettings().value(headerKey).toByteArray());
    header->setSectionResizeMode(JobTableModel::Progress, QHeaderView::Fixed);
    connect(header, &QHeaderView::sectionResized, this, [this, header](int section) {
        if (section == JobTableModel::Progress)
            return;
        fitProgress();
        QSettings().setValue(headerKey, header->saveState());
    });
}

// The longest words are those of a failure: they have what the other columns leave.
void JobList::fitProgress() {
    QHeaderView* header = horizontalHeader();
    const int others = header->length() - header->sectionSize(JobTableModel::Progress);
    header->resizeSection(JobTableModel::Progress, std::max(leastProgress, viewport()->width() - others));
}

void JobList::resizeEvent(QResizeEvent* event) {
    QTableView::resizeEvent(event);
    fitProgress();
}

std::vector<quint64> JobList::chosen() const {
    QModelIndexList rows = selectionModel()->selectedRows();
    std::sort(rows.begin(), rows.end());
    std::vector<quint64> ids;
    for (const QModelIndex& index : rows)
        ids.push_back(m_jobs->idAt(index.row()));
    return ids;
}

void JobList::choose(quint64 id) {
    const int row = m_jobs->rowOf(id);
    if (row < 0)
        return;
    selectRow(row);
    scrollTo(m_jobs->index(row, JobTableModel::Title));
}

}  // namespace saeception
