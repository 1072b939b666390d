// SPDX-License-Identifier: GPL-3.0-or-later
// How every table of the studio that lists things behaves: whole rows, read only, no grid, Tab leads on.
#pragma once

#include <QAbstractItemView>

class QTableView;

namespace saeception {

void makeQuietTable(QTableView& table, QAbstractItemView::SelectionMode selection);

}  // namespace saeception
