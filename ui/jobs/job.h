// SPDX-License-Identifier: GPL-3.0-or-later
// Work on a pool thread, at low priority, whose story always ends with exactly one terminal event.
#pragma once

#include "ui/jobs/event_bridge.h"

#include <QRunnable>

#include <functional>
#include <memory>
#include <stop_token>

namespace saeception {

class Job : public QRunnable {
public:
    /// Runs on the pool's thread. Should return soon after a stop has been requested (or throw Cancelled).
    using Work = std::function<void(EventSink&, const std::stop_token&)>;

    Job(Work work, std::shared_ptr<EventBridge> bridge, std::stop_token stop);

    /// An exception becomes RunFailed, Cancelled becomes RunStopped, a silent return RunFinished - each
    /// unless the work has sent a terminal event of its own.
    void run() override;

private:
    Work m_work;
    std::shared_ptr<EventBridge> m_bridge;
    std::stop_token m_stop;
};

}  // namespace saeception
