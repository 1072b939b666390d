// SPDX-License-Identifier: GPL-3.0-or-later
// How a number's change, and a number of whatever size, is written.
#pragma once

#include <QString>

namespace saeception {

/// "▲ 0.012", "▼ 0.012"; "=" for none at all, "≈ 0" where rounding to `decimals` leaves nothing, "–" for
/// NaN.
QString changeText(double change, int decimals);

/// Two figures without an exponent, however small: "0.000018", "0.12", "3.4"; "0"; "–" for NaN.
QString plainFigure(double value);

}  // namespace saeception
