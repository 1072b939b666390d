// SPDX-License-Identifier: GPL-3.0-or-later
// What long work heeds between two of its steps: whether it is to hold, whether it is to end.
#pragma once

#include "base/error.h"

#include <functional>
#include <stop_token>
#include <utility>

namespace saeception {

class StepControl {
public:
    /// Work that nobody interrupts.
    StepControl() = default;
    /// `hold` blocks for as long as the work is to hold; a token alone is work that cannot be held.
    StepControl(std::stop_token stop, std::function<void()> hold = {})
        : m_stop(std::move(stop)), m_hold(std::move(hold)) {}

    /// To be called between steps, never within one, about every second; from any thread that shares the
    /// work. @throws Cancelled once a stop has been requested.
    void holdOrStop() const {
        throwIfStopped(m_stop);
        if (!m_hold)
            return;
        m_hold();
        throwIfStopped(m_stop);
    }

private:
    std::stop_token m_stop;
    std::function<void()> m_hold;
};

}  // namespace saeception
