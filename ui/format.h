// SPDX-License-Identifier: GPL-3.0-or-later
// Core's way of writing numbers, times and sizes, as QString.
#pragma once

#include <QString>

namespace saeception {

/// About three significant digits: "0.813", "12.4", "67.3 k"; "–" for NaN (formatNumber).
QString numberText(double value);

/// "8 s", "2 min 10 s", "1 h 05 min"; whole seconds, so that a running clock does not flicker.
QString durationText(double seconds);

/// "2024-05-17 10:32:01", local time; `seconds` since the Unix epoch.
QString timeText(double seconds);

/// "412 MB", "3.1 GB".
QString memoryText(qint64 bytes);

/// "Cycle 2".
QString cycleText(int cycle);

/// A share as people read it: 0.0041 -> "0.41 %"; "0 %" only for none at all, "< 0.01 %" for next to none.
QString formatShare(double share);
/// `value` with `decimals` places, in thousands above 1000 ("1.2 k"); "0" only for zero itself, "< 0.001"
/// where rounding would leave nothing else, "–" for NaN.
QString formatFigure(double value, int decimals);
/// The same with a plus where it is above zero: "+0.42".
QString signedFigure(double value, int decimals);
/// Decimal places with which values up to `largest` show three figures or more.
int fittingDecimals(double largest);

}  // namespace saeception
