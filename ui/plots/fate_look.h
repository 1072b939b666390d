// SPDX-License-Identifier: GPL-3.0-or-later
// How fates look and read in figures: their order, colours and names.
#pragma once

#include "features/feature_matches.h"

#include <QColor>
#include <QString>

namespace saeception {

/// Of features that fire, in the order in which they are drawn; Gone is told last.
inline constexpr Fate shownFates[] = {Fate::Kept, Fate::Drifted, Fate::SplitUp, Fate::Merged, Fate::Gone};
inline constexpr int shownFateCount = 5;

/// The edge of a square in a fate's colour beside its name, in pixels.
inline constexpr int fateSwatch = 9;

/// In the theme in force. None of them is a class's colour.
QColor fateColour(Fate fate);

/// As fateText(), with a capital: "Kept", "From a split".
QString fateTitle(Fate fate, bool later);

/// A share of firings: "38 %".
QString firingsText(double share);

}  // namespace saeception
