// SPDX-License-Identifier: GPL-3.0-or-later
// Bootstrap intervals over examples (Efron and Tibshirani 1993): each resample is a recount with other
// multiplicities.
#pragma once

#include "base/step_control.h"
#include "evaluation/multiplicities.h"

#include <cstdint>
#include <functional>
#include <vector>

namespace saeception {

/// The middle 95 % of the resamples; both ends NaN where that is not known.
struct Interval {
    double low = std::numeric_limits<double>::quiet_NaN();
    double high = std::numeric_limits<double>::quiet_NaN();
};

/// How the resamples' quantiles become an interval.
enum class IntervalKind {
    /// The 2.5 % and 97.5 % quantiles as they are.
    Percentile,
    /// The same, moved so that the resamples' median falls on the value itself, and not below 0. For counts
    /// of
    /// what occurs at all (dead features, mutual information): a resample holds only 63 % of the distinct
    /// examples, so its values lie to one side of the set's.
    Centred,
};

class Bootstrap {
public:
    /// `samples` resamples of `examples` examples with replacement (0: no intervals), drawn from `seed`
    /// alone.
    Bootstrap(std::int64_t examples, int samples, std::uint64_t seed);

    /// Metrics over the examples, each counted as often as told; called from several threads at once.
    using Statistics = std::function<std::vector<double>(Multiplicities times)>;

    /// One interval a metric, around `values` (the metrics themselves). Resamples in which a metric is not
    /// finite do not count for it; unknown when they are more than half, or the value itself is not finite.
    /// Results do not depend on the number of threads. @throws Cancelled
    std::vector<Interval> intervals(const std::vector<double>& values, const Statistics& statistics,
                                    IntervalKind kind, const StepControl& steps = {}) const;

    /// How often each example is in resample `sample`.
    std::vector<std::int32_t> multiplicities(int sample) const;
    std::int64_t examples() const { return m_examples; }
    int samples() const { return m_samples; }

private:
    std::int64_t m_examples;
    int m_samples;
    std::uint64_t m_seed;
};

}  // namespace saeception
