// SPDX-License-Identifier: GPL-3.0-or-later
// How much of the machine others use while a thread works.
#pragma once

#include <chrono>

namespace saeception {

/// Measures from its construction on, on the processors that this process may use.
class ProcessorLoad {
public:
    ProcessorLoad();

    /// Cores' worth of work, on average, of all threads and programs but the calling thread, which made this
    /// object; 0 where /proc does not tell.
    double others() const;

private:
    std::chrono::steady_clock::time_point m_start;
    double m_busy = 0;
    double m_own = 0;
};

}  // namespace saeception
