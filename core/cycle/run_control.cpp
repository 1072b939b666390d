// SPDX-License-Identifier: GPL-3.0-or-later
#include "cycle/run_control.h"

namespace saeception {

void PauseGate::pause() {
    const std::lock_guard lock(m_mutex);
    m_paused = true;
}

void PauseGate::resume() {
    const std::lock_guard lock(m_mutex);
    m_paused = false;
    m_changed.notify_all();
}

bool PauseGate::isPaused() const {
    return m_paused;
}

void PauseGate::wait(const std::stop_token& stop) {
    std::unique_lock lock(m_mutex);
    m_changed.wait(lock, stop, [this] { return !m_paused; });
}

std::chrono::steady_clock::duration PauseGate::hold(const std::stop_token& stop) {
    const auto from = std::chrono::steady_clock::now();
    wait(stop);
    const auto time = std::chrono::steady_clock::now() - from;
    const std::lock_guard lock(m_mutex);
    m_held += time;
    return time;
}

std::chrono::steady_clock::duration PauseGate::held() const {
    const std::lock_guard lock(m_mutex);
    return m_held;
}

}  // namespace saeception
