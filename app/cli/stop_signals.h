// SPDX-License-Identifier: GPL-3.0-or-later
// Turns Ctrl-C and its relatives into a stop token; a second one ends the process at once.
#pragma once

#include <atomic>
#include <csignal>
#include <stop_token>
#include <thread>

namespace saeception {

/// While alive, SIGINT, SIGTERM and SIGHUP (those not ignored from the start) are blocked in the calling
/// thread and in every thread it starts, and read by a thread of this object, so no code ever runs inside a
/// signal handler. Make it before any other thread starts.
class StopSignals {
public:
    StopSignals();
    ~StopSignals();
    StopSignals(const StopSignals&) = delete;
    StopSignals& operator=(const StopSignals&) = delete;

    std::stop_token token() const { return m_stop.get_token(); }
    /// The first signal that came; 0 if none.
    int received() const { return m_received; }

private:
    void watch();

    std::stop_source m_stop;
    std::atomic<int> m_received = 0;
    sigset_t m_signals{};
    sigset_t m_maskBefore{};
    int m_signalDescriptor = -1;
    int m_wakeDescriptor = -1;
    std::thread m_thread;
};

}  // namespace saeception
