// SPDX-License-Identifier: GPL-3.0-or-later
// Work for the queue that goes on, step by step, until a test lets it end.
#pragma once

#include "base/error.h"
#include "ui/jobs/job.h"

#include <QSemaphore>
#include <QThread>

#include <atomic>
#include <memory>

namespace saeception {

/// Its jobs may outlive it.
class HeldWork {
public:
    /// Steps until release() or a request to stop, and holds between two steps as stages do.
    Job::Work work() {
        return [shared = m_shared](EventSink& sink, const RunControl& control) {
            shared->share = control.threads;
            shared->begun.release();
            while (!shared->mayEnd.tryAcquire()) {
                if (control.gate && control.gate->isPaused()) {
                    sink.handle(makeEvent(RunPaused{}));
                    control.gate->wait(control.stop);
                    sink.handle(makeEvent(RunResumed{0}));
                }
                if (control.stop.stop_requested()) {
                    ++shared->ended;
                    throw Cancelled();
                }
                QThread::yieldCurrentThread();
            }
            ++shared->ended;
        };
    }
    /// Lets `jobs` of them end.
    void release(int jobs = 1) { m_shared->mayEnd.release(jobs); }
    /// One for each that has begun.
    QSemaphore& begun() { return m_shared->begun; }
    int share() const { return m_shared->share; }
    int ended() const { return m_shared->ended; }

private:
    struct Shared {
        QSemaphore begun;
        QSemaphore mayEnd;
        std::atomic<int> share{0};
        std::atomic<int> ended{0};
    };
    std::shared_ptr<Shared> m_shared = std::make_shared<Shared>();
};

}  // namespace saeception
