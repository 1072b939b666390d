// SPDX-License-Identifier: GPL-3.0-or-later
// What changes over an autoencoder's training: its learning rate and the weight of its sparsity penalty.
#pragma once

#include <cstdint>

namespace saeception {

/// Share of the peak learning rate at `step` (from 0) of `total`: rises linearly over the first `warmup`
/// steps, reaching 1 at the last of them, and falls linearly towards 0 over the last `decayFraction` of all.
/// In (0, 1].
double learningRateShare(std::int64_t step, std::int64_t total, std::int64_t warmup, double decayFraction);

/// Share of the full sparsity penalty at `step` (from 0): rises linearly from 0 to 1 over `warmup` steps.
double penaltyShare(std::int64_t step, std::int64_t warmup);

}  // namespace saeception
