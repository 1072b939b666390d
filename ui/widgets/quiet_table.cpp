// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/quiet_table.h"

#include <QHeaderView>
#include <QTableView>

namespace saeception {

void makeQuietTable(QTableView& table, QAbstractItemView::SelectionMode selection) {
    table.setSelectionBehavior(QAbstractItemView::SelectRows);
    table.setSelectionMode(selection);
    table.setEditTriggers(QAbstractItemView::NoEditTriggers);
    table.setTabKeyNavigation(false);
    table.setShowGrid(false);
    table.setWordWrap(false);
    table.setFrameShape(QFrame::NoFrame);
    table.setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    table.verticalHeader()->hide();
    table.verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
}

}  // namespace saeception
