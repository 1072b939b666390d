// SPDX-License-Identifier: GPL-3.0-or-later
// One run as the window sees it: its state, the folder it writes, its events, and the way to stop it.
#pragma once

#include "ui/jobs/job.h"

#include <QObject>
#include <QString>
#include <QThreadPool>

#include <memory>
#include <stop_token>
#include <string>
#include <vector>

namespace saeception {

enum class RunState { Waiting, Running, Stopping, Done, Stopped, Failed };

/// Lives on the GUI thread. Destroying it asks a running job to stop but does not wait: the job ends on its
/// own thread.
class RunSession : public QObject {
    Q_OBJECT

public:
    RunSession(QString title, Job::Work work, QObject* parent = nullptr);
    ~RunSession() override;

    const QString& title() const { return m_title; }
    RunState state() const { return m_state; }
    bool isActive() const { return m_state == RunState::Running || m_state == RunState::Stopping; }
    /// The run's folder; empty until its RunStarted event has arrived.
    const QString& directory() const { return m_directory; }

    /// Queues the job on `pool`. Call once.
    void start(QThreadPool& pool);
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
    void setState(RunState state);

    QString m_title;
    QString m_directory;
    Job::Work m_work;
    std::shared_ptr<EventBridge> m_bridge;
    std::stop_source m_stop;
    RunState m_state = RunState::Waiting;
};

/// The pool that training runs on: few threads that never retire, because their low priority and torch's own
/// worker threads stay with them. Never use it for work the window waits for.
QThreadPool& trainingPool();

/// The whole loop: composes `overrides`, makes the run's folder, runs every cycle.
Job::Work trainCycleWork(std::vector<std::string> overrides);

}  // namespace saeception
