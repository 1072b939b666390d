// SPDX-License-Identifier: GPL-3.0-or-later
// What a metric means, in the words of a tooltip.
#pragma once

#include <QString>

#include <string>

namespace saeception {

/// Rich text: title, family, meaning with formula and source, which direction is better, and under which name
/// it is stored.
QString metricTooltip(const std::string& key);

/// "better", "worse", or nothing for 0.
QString verdictText(int verdict);

}  // namespace saeception
