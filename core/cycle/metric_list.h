// SPDX-License-Identifier: GPL-3.0-or-later
// The table behind metricInfos(): every metric's name, family, direction and meaning, written once.
#pragma once

#include "cycle/metric_info.h"

#include <vector>

namespace saeception {

/// All metrics, family by family. Metrics named after a data set's own concepts are not in it.
std::vector<MetricInfo> listMetrics();

}  // namespace saeception
