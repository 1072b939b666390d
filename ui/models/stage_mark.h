// SPDX-License-Identifier: GPL-3.0-or-later
// The small mark before a stage's state: a shape for each, so that none is told by colour alone.
#pragma once

#include "ui/models/stage_list_model.h"
#include "ui/theme.h"

#include <QRectF>

class QPainter;

namespace saeception {

/// Fills the square `box`. Changes pen, brush and render hints of `painter`.
void drawStageMark(QPainter& painter, const QRectF& box, StageState state, const ThemeColours& colours);

/// A clock: what is there is older than what it was made from.
void drawStaleMark(QPainter& painter, const QRectF& box, const ThemeColours& colours);

}  // namespace saeception
