// SPDX-License-Identifier: GPL-3.0-or-later
// How often each example counts: what every metric takes so that a resample of the examples is a recount.
// Torch-free, header only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <stdexcept>

namespace saeception {

/// One count >= 0 an example; empty: every example once.
using Multiplicities = std::span<const std::int32_t>;

inline std::int32_t timesOf(Multiplicities times, std::size_t example) {
    return times.empty() ? 1 : times[example];
}

/// @throws std::invalid_argument unless there is one count an example, or none at all.
inline void requireMultiplicities(Multiplicities times, std::size_t examples) {
    if (!times.empty() && times.size() != examples)
        throw std::invalid_argument("multiplicities need one count an example");
}

/// Mean of one value an example; NaN when none counts.
inline double meanOf(std::span<const double> values, Multiplicities times) {
    requireMultiplicities(times, values.size());
    double sum = 0;
    std::int64_t count = 0;
    for (std::size_t i = 0; i < values.size(); ++i) {
        sum += timesOf(times, i) * values[i];
        count += timesOf(times, i);
    }
    return count == 0 ? std::numeric_limits<double>::quiet_NaN() : sum / static_cast<double>(count);
}

}  // namespace saeception
