// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/jobs/run_session.h"

#include <QCoreApplication>

#include <utility>

namespace saeception {

RunSession::RunSession(QString title, Job::Work work, QObject* parent)
    : QObject(parent), m_title(std::move(title)), m_work(std::move(work)), m_bridge(EventBridge::create()) {
    connect(m_bridge.get(), &EventBridge::batchReady, this, &RunSession::receive);
}

RunSession::~RunSession() {
    m_stop.request_stop();
}

void RunSession::start(QThreadPool& pool, int threads) {
    setState(RunState::Running);
    Q_EMIT started();
    pool.start(new Job(std::move(m_work), m_bridge, RunControl(m_stop.get_token(), m_gate, threads)));
}

void RunSession::pause() {
    if (m_state != RunState::Running)
        return;
    m_gate->pause();
    // A job that has not woken since it was let go stays where it is, without a word.
    setState(m_isHeld ? RunState::Paused : RunState::Pausing);
}

void RunSession::resume() {
    if (m_state != RunState::Pausing && m_state != RunState::Paused)
        return;
    m_gate->resume();
    setState(RunState::Running);
}

void RunSession::requestStop() {
    if (!isActive() || m_state == RunState::Stopping)
        return;
    setState(RunState::Stopping);
    m_stop.request_stop();
}

void RunSession::receive(const EventBatch& batch) {
    for (const Event& event : batch) {
        if (const auto* begun = std::get_if<RunStarted>(&event.body))
            m_directory = QString::fromStdString(begun->directory);
        else if (std::holds_alternative<RunPaused>(event.body))
            setHeld(true);
        else if (std::holds_alternative<RunResumed>(event.body))
            setHeld(false);
    }
    Q_EMIT eventsArrived(batch);
    const EventBody& last = batch.back().body;
    RunState end = RunState::Running;
    QString message;
    if (std::holds_alternative<RunFinished>(last)) {
        end = RunState::Done;
    } else if (std::holds_alternative<RunStopped>(last)) {
        end = RunState::Stopped;
    } else if (const auto* failure = std::get_if<RunFailed>(&last)) {
        end = RunState::Failed;
        message = QString::fromStdString(failure->message);
    } else {
        return;
    }
    setState(end);
    Q_EMIT finished(end, message);
}

void RunSession::setHeld(bool held) {
    m_isHeld = held;
    if (held && m_state == RunState::Pausing)
        setState(RunState::Paused);
    else if (!held && m_state == RunState::Paused)  // it woke just before it was paused again
        setState(RunState::Pausing);
}

void RunSession::setState(RunState state) {
    m_state = state;
    Q_EMIT stateChanged(state);
}

QThreadPool& trainingPool() {
    static QThreadPool* pool = [] {
        auto* created = new QThreadPool(QCoreApplication::instance());
        created->setMaxThreadCount(1);
        created->setExpiryTimeout(-1);
        return created;
    }();
    return *pool;
}

}  // namespace saeception
