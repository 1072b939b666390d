// SPDX-License-Identifier: GPL-3.0-or-later
// One run as the window sees it: its state, the folder it writes, its events, and the way to stop it.
#pragma once

#include "ui/jobs/job.h"

#include <QObject>
#include <QString>
#include <QThreadPool>

#include <memory>
#include <stop_token>

namespace saeception {

enum class RunState { Waiting, Running, Pausing, Paused, Stopping, Done, Stopped, Failed };

/// Whether a job in `state` holds a thread of the pool.
inline bool isActive(RunState state) {
    return state != RunState::Waiting && state < RunState::Done;
}

/// Lives on the GUI thread. Destroying it asks a running job to stop but does not wait: the job ends on its
/// own thread.
class RunSession : public QObject {
    Q_OBJECT

public:
    RunSession(QString title, Job::Work work, QObject* parent = nullptr);
    ~RunSession() override;

    const QString& title() const { return m_title; }
    RunState state() const { return m_state; }
    bool isActive() const { return saeception::isActive(m_state); }
    /// The run's folder; empty until its RunStarted event has arrived.
    const QString& directory() const { return m_directory; }

    /// Queues the job on `pool`, with `threads` as its share where its configuration names none. Call once.
    void start(QThreadPool& pool, int threads = 0);
    /// Lets the job hold after its present step: Pausing until it does, then Paused.
    void pause();
    void resume();
    /// Asks the job to end after its present step; `finished` tells when it has. Any number of calls.
    void requestStop();

Q_SIGNALS:
    void started();
    void stateChanged(saeception::RunState state);
    void eventsArrived(const saeception::EventBatch& batch);
    /// Once; `message` is the one-line reason when `state` is Failed, else empty.
    void finished(saeception::RunState state, const QString& message);

private:
    void receive(const EventBatch& batch);
    void setHeld(bool held);
    void setState(RunState state);

    QString m_title;
    QString m_directory;
    Job::Work m_work;
    std::shared_ptr<EventBridge> m_bridge;
    std::stop_source m_stop;
    std::shared_ptr<PauseGate> m_gate = std::make_shared<PauseGate>();
    RunState m_state = RunState::Waiting;
    bool m_isHeld = false;  ///< as far as its events have told
};

/// The pool that training runs on: few threads that never retire, because their low priority and torch's own
/// worker threads stay with them. Never use it for work the window waits for.
QThreadPool& trainingPool();

}  // namespace saeception
