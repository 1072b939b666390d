// SPDX-License-Identifier: GPL-3.0-or-later
// Gathers the metrics of one evaluation, each with its bootstrap interval beside it.
#pragma once

#include "base/step_control.h"
#include "cycle/events.h"
#include "evaluation/bootstrap.h"

#include <string>
#include <string_view>
#include <vector>

namespace saeception {

class MetricCollector {
public:
    MetricCollector(const Bootstrap& bootstrap, StepControl steps)
        : m_bootstrap(bootstrap), m_steps(std::move(steps)) {}

    /// A number without an interval.
    void add(std::string_view key, double value) { m_table.emplace_back(key, value); }

    /// `statistics` gives one number a key. The metrics are what it gives for every example once, KEY_ci_low
    /// and KEY_ci_high (left out where unknown) come from the resamples. @throws Cancelled
    void add(const std::vector<std::string>& keys, const Bootstrap::Statistics& statistics,
             IntervalKind kind = IntervalKind::Percentile);

    /// What resampling took so far, of wall clock.
    double resamplingSeconds() const { return m_resamplingSeconds; }
    const MetricTable& table() const { return m_table; }

private:
    const Bootstrap& m_bootstrap;
    StepControl m_steps;
    MetricTable m_table;
    double m_resamplingSeconds = 0;
};

}  // namespace saeception
