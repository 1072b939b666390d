// SPDX-License-Identifier: GPL-3.0-or-later
#include "sae/schedule.h"

#include <algorithm>

namespace saeception {

double learningRateShare(std::int64_t step, std::int64_t total, std::int64_t warmup, double decayFraction) {
    const double rise = warmup > 0 ? static_cast<double>(step + 1) / static_cast<double>(warmup) : 1;
    const double decaySteps = decayFraction * static_cast<double>(total);
    const double fall = decaySteps > 0 ? static_cast<double>(total - step) / decaySteps : 1;
    return std::min({1.0, rise, fall});
}

double penaltyShare(std::int64_t step, std::int64_t warmup) {
    return warmup > 0 ? std::min(1.0, static_cast<double>(step) / static_cast<double>(warmup)) : 1;
}

}  // namespace saeception
