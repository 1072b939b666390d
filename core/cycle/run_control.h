// SPDX-License-Identifier: GPL-3.0-or-later
// What a running job is told from another thread: to hold, to go on, to end; and how many threads are its
// share. Torch-free.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <stop_token>

namespace saeception {

/// Holds a job between two of its steps. All functions may be called from any thread.
class PauseGate {
public:
    void pause();
    void resume();
    bool isPaused() const;
    /// Blocks the calling thread, without work for the cores, until resume() or a request to stop.
    void wait(const std::stop_token& stop);
    /// The same for the thread that the job is: the time counts in held(). @return that time
    std::chrono::steady_clock::duration hold(const std::stop_token& stop);
    /// For how long the job has been held, all pauses together.
    std::chrono::steady_clock::duration held() const;

private:
    mutable std::mutex m_mutex;
    std::condition_variable_any m_changed;
    std::atomic<bool> m_paused = false;
    std::chrono::steady_clock::duration m_held{};
};

struct RunControl {
    RunControl() = default;
    RunControl(std::stop_token toStop, std::shared_ptr<PauseGate> toPause = {}, int share = 0)
        : stop(std::move(toStop)), gate(std::move(toPause)), threads(share) {}

    std::stop_token stop;
    std::shared_ptr<PauseGate> gate;  ///< null: cannot be paused
    int threads = 0;                  ///< for a run whose configuration leaves `threads` at 0; 0: all cores
};

}  // namespace saeception
