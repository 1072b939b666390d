// SPDX-License-Identifier: GPL-3.0-or-later
// An estimate of time and memory in words.
#pragma once

#include "cycle/estimate.h"

#include <QString>

namespace saeception {

/// "About 2 min 10 s for 2 cycles, 458 MB of memory, 133 MB on disk".
QString estimateText(const RunEstimate& estimate);

/// Several lines for a tooltip: every stage with its time, and what the figures rest on.
QString estimateDetails(const RunEstimate& estimate);

}  // namespace saeception
