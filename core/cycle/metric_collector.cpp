// SPDX-License-Identifier: GPL-3.0-or-later
#include "cycle/metric_collector.h"

#include "cycle/metric_info.h"

#include <chrono>
#include <cmath>

namespace saeception {

void MetricCollector::add(const std::vector<std::string>& keys, const Bootstrap::Statistics& statistics,
                          IntervalKind kind) {
    const std::vector<double> values = statistics({});
    const auto start = std::chrono::steady_clock::now();
    const std::vector<Interval> intervals = m_bootstrap.intervals(values, statistics, kind, m_steps);
    m_resamplingSeconds += std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    for (std::size_t i = 0; i < keys.size(); ++i) {
        m_table.emplace_back(keys[i], values.at(i));
        if (!std::isfinite(intervals[i].low) || !std::isfinite(intervals[i].high))
            continue;
        m_table.emplace_back(keys[i] + std::string(intervalLow), intervals[i].low);
        m_table.emplace_back(keys[i] + std::string(intervalHigh), intervals[i].high);
    }
}

}  // namespace saeception
