// SPDX-License-Identifier: GPL-3.0-or-later
// A parallel loop on torch's own OpenMP threads. In one file of its own because only that file is compiled
// with OpenMP.
#pragma once

#include <cstdint>
#include <functional>

namespace saeception {

/// Calls `body` once for every index in [0, count), on as many threads as torch has been given; returns when
/// all are done. The first exception thrown is passed on. Torch operations called inside run on the one
/// thread.
void parallelFor(std::int64_t count, const std::function<void(std::int64_t)>& body);

}  // namespace saeception
