// SPDX-License-Identifier: GPL-3.0-or-later
// One node of the cycle map: a card for a stage, a sheet with a folded corner for what it makes.
#pragma once

#include "ui/plots/cycle_layout.h"
#include "ui/theme.h"

#include <QFont>
#include <QRectF>

class QModelIndex;
class QPainter;

namespace saeception {

struct CycleNodeLook {
    bool selected = false;
    bool hovered = false;
    bool focused = false;  ///< the current node of a map that has the keyboard
};

/// Paints the node at `index` of a CycleMapModel into `rect`, every text whole in the longest form that fits.
void paintCycleNode(QPainter& painter, const QRect& rect, const QModelIndex& index, const CycleNodeLook& look,
                    const QFont& font, const ThemeColours& colours);

/// For nodes of which there are `cycles` cycles in `font`.
CycleNodeSizes cycleNodeSizes(const QFont& font, int cycles);

}  // namespace saeception
