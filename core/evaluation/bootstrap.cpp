// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluation/bootstrap.h"

#include "base/error.h"
#include "base/random.h"
#include "base/torch_headers.h"

#include <algorithm>
#include <cmath>

namespace saeception {
namespace {

constexpr double tail = 0.025;

/// Linear between order statistics; `sorted` is not empty.
double quantile(const std::vector<double>& sorted, double share) {
    const double position = share * static_cast<double>(sorted.size() - 1);
    const auto below = static_cast<std::size_t>(position);
    const std::size_t above = std::min(below + 1, sorted.size() - 1);
    return sorted[below] + (position - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

Interval intervalOf(double value, std::vector<double> resampled, IntervalKind kind) {
    const std::size_t drawn = resampled.size();
    std::erase_if(resampled, [](double v) { return !std::isfinite(v); });
    if (!std::isfinite(value) || resampled.empty() || 2 * resampled.size() < drawn)
        return {};
    std::sort(resampled.begin(), resampled.end());
    Interval interval{quantile(resampled, tail), quantile(resampled, 1 - tail)};
    if (kind == IntervalKind::Centred) {
        const double bias = quantile(resampled, 0.5) - value;
        interval.low = std::max(interval.low - bias, std::min(value, 0.0));
        interval.high -= bias;
    }
    return interval;
}

}  // namespace

Bootstrap::Bootstrap(std::int64_t examples, int samples, std::uint64_t seed)
    : m_examples(examples), m_samples(examples > 0 ? samples : 0), m_seed(seed) {}

std::vector<std::int32_t> Bootstrap::multiplicities(int sample) const {
    std::vector<std::int32_t> times(static_cast<std::size_t>(m_examples));
    Rng rng(deriveSeed(m_seed, "bootstrap", {sample}));
    for (std::int64_t draw = 0; draw < m_examples; ++draw)
        ++times[rng.below(static_cast<std::uint64_t>(m_examples))];
    return times;
}

std::vector<Interval> Bootstrap::intervals(const std::vector<double>& values, const Statistics& statistics,
                                           IntervalKind kind, const StepControl& steps) const {
    std::vector<std::vector<double>> drawn(static_cast<std::size_t>(m_samples));
    at::parallel_for(0, m_samples, 1, [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t sample = begin; sample < end; ++sample) {
            steps.holdOrStop();
            drawn[static_cast<std::size_t>(sample)] = statistics(multiplicities(static_cast<int>(sample)));
        }
    });
    std::vector<Interval> result;
    for (std::size_t metric = 0; metric < values.size(); ++metric) {
        std::vector<double> resampled;
        resampled.reserve(drawn.size());
        for (const std::vector<double>& sample : drawn)
            resampled.push_back(sample.at(metric));
        result.push_back(intervalOf(values[metric], std::move(resampled), kind));
    }
    return result;
}

}  // namespace saeception
