// SPDX-License-Identifier: GPL-3.0-or-later
// The sights of the main window, for --tour: every page and tab, the palette, the shortcuts and the dialogs.
#pragma once

#include "ui/tour.h"

namespace saeception {

class MainWindow;

/// Steps through `window`, as it is: a run that should be seen on its pages is opened first.
std::vector<TourStep> studioSights(MainWindow& window);

}  // namespace saeception
