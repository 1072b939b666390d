// SPDX-License-Identifier: GPL-3.0-or-later
// How long a piece of work takes.
#pragma once

#include <chrono>

namespace saeception {

/// Wall-clock seconds that `work` takes.
template <typename Work>
double secondsOf(Work&& work) {
    const auto start = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace saeception
