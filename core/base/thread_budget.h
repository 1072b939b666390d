// SPDX-License-Identifier: GPL-3.0-or-later
// How much of the machine a run may use: threads, scheduling priority, and the memory it has used.
#pragma once

#include <cstdint>

namespace saeception {

/// Worker threads for a run: `requested`, or every available core when it is 0.
int resolveThreads(int requested);

/// Sets the calling thread's nice value to `nice` (10 by default). On Linux the value is per thread and
/// inherited by the threads it starts, so a window's own thread stays ahead of training. Best effort: refusal
/// is not an error.
void lowerThreadPriority(int nice = 10);

/// Peak resident memory of this process, in bytes (getrusage).
std::int64_t peakResidentBytes();

/// Memory that programs could still take without others being swapped out, in bytes; 0 where /proc does not
/// tell.
std::int64_t availableBytes();

/// Resident memory of this process now, in bytes; 0 where /proc does not tell.
std::int64_t residentBytes();

}  // namespace saeception
