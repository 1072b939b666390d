// SPDX-License-Identifier: GPL-3.0-or-later
// Work on a pool thread, at low priority, whose story always ends with exactly one terminal event.
#pragma once

#include "cycle/run_control.h"
#include "ui/jobs/event_bridge.h"

#include <QRunnable>

#include <functional>
#include <memory>

namespace saeception {

class Job : public QRunnable {
public:
    /// Runs on the pool's thread. Should return soon after a stop has been requested (or throw Cancelled).
    using Work = std::function<void(EventSink&, const RunControl&)>;

    Job(Work work, std::shared_ptr<EventBridge> bridge, RunControl control);

    /// An exception becomes RunFailed, Cancelled becomes RunStopped, a silent return RunFinished - each
    /// unless the work has sent a terminal event of its own.
    void run() override;

private:
    Work m_work;
    std::shared_ptr<EventBridge> m_bridge;
    RunControl m_control;
};

}  // namespace saeception
