// SPDX-License-Identifier: GPL-3.0-or-later
// The queue at work: which job starts when, with how many threads, and what is learnt from its events.
#include "ui/jobs/job_queue_entry.h"

#include <QDateTime>

#include <algorithm>

namespace saeception {
namespace {

double nowSeconds() {
    return static_cast<double>(QDateTime::currentMSecsSinceEpoch()) / 1000;
}

// A paused job has given its place and threads away.
bool takesRoom(JobState state) {
    return state == JobState::Running || state == JobState::Pausing || state == JobState::Stopping;
}

}  // namespace

int JobQueue::share() const {
    return std::max(1, m_budget / m_concurrency);
}

int JobQueue::runningCount() const {
    return static_cast<int>(std::count_if(m_entries.begin(), m_entries.end(),
                                          [](const auto& entry) { return takesRoom(entry->info.state); }));
}

int JobQueue::usedThreads() const {
    int used = 0;
    for (const auto& entry : m_entries)
        if (takesRoom(entry->info.state))
            used += entry->info.threads;
    return used;
}

// Why the job that is next in turn cannot go; None if it can.
WaitReason JobQueue::obstacle(const Entry& entry) const {
    if (runningCount() >= m_concurrency)
        return WaitReason::Turn;
    const int used = usedThreads();
    return used == 0 || used + entry.info.threads <= m_budget ? WaitReason::None : WaitReason::Threads;
}

// The job whose turn it is, whether or not there is room for it.
JobQueue::Entry* JobQueue::nextInTurn() const {
    for (const auto& entry : m_entries)
        if (entry->info.state == JobState::Resuming)
            return entry.get();
    if (m_held)
        return nullptr;
    for (const auto& entry : m_entries)
        if (entry->info.state == JobState::Waiting && !entry->info.onHold)
            return entry.get();
    return nullptr;
}

void JobQueue::requestSchedule() {
    if (m_scheduleRequested)
        return;
    m_scheduleRequested = true;
    QMetaObject::invokeMethod(this, &JobQueue::schedule, Qt::QueuedConnection);
}

void JobQueue::schedule() {
    m_scheduleRequested = false;
    for (Entry* next = nextInTurn(); next != nullptr; next = nextInTurn()) {
        if (!next->described || obstacle(*next) != WaitReason::None)
            break;
        if (next->info.state == JobState::Resuming)
            next->session->resume();
        else
            start(*next);
    }
    updateWaiting();
    const bool busy = !isIdle();
    if (busy == m_busy)
        return;
    m_busy = busy;
    if (!busy)
        Q_EMIT idle();
}

bool JobQueue::isIdle() const {
    return nextInTurn() == nullptr && activeJobs().empty();
}

void JobQueue::updateWaiting() {
    const Entry* next = nextInTurn();
    for (const auto& entry : m_entries) {
        WaitReason reason = WaitReason::None;
        if (entry.get() == next)
            reason = obstacle(*entry);
        else if (entry->info.state == JobState::Resuming)
            reason = WaitReason::Turn;
        else if (entry->info.state == JobState::Waiting)
            reason = entry->info.onHold ? WaitReason::Hold
                     : m_held           ? WaitReason::QueueHeld
                                        : WaitReason::Turn;
        if (reason != entry->info.waitsFor) {
            entry->info.waitsFor = reason;
            changed(*entry);
        }
    }
}

void JobQueue::start(Entry& entry) {
    JobInfo& info = entry.info;
    const quint64 id = info.id;
    info.waitsFor = WaitReason::None;
    info.started = nowSeconds();
    entry.keep = false;
    entry.progress = JobProgress(info.spec.command.toStdString());
    entry.progress.begin(info.started);
    entry.session = new RunSession(info.title, entry.work, this);
    RunSession* session = entry.session;
    setState(entry, JobState::Running);
    m_clock.start();
    // A paused job keeps its thread of the pool, which must not be wanting for those that run meanwhile.
    m_pool.setMaxThreadCount(std::max(m_concurrency, static_cast<int>(activeJobs().size())));
    connect(session, &RunSession::eventsArrived, this,
            [this, id](const EventBatch& batch) { receive(id, batch); });
    connect(session, &RunSession::finished, this,
            [this, id](RunState state, const QString& message) { end(id, state, message); });
    session->start(m_pool, info.threads);
    connect(session, &RunSession::stateChanged, this, [this, id](RunState state) { follow(id, state); });
    m_busy = true;
    Q_EMIT started(id);
}

void JobQueue::receive(quint64 id, const EventBatch& batch) {
    Entry* entry = find(id);
    if (entry == nullptr)
        return;
    for (const Event& event : batch) {
        entry->progress.apply(event);
        if (const auto* run = std::get_if<RunStarted>(&event.body))
            entry->info.directory = QString::fromStdString(run->directory);
    }
    refresh(*entry, nowSeconds());
    Q_EMIT eventsArrived(id, batch);
}

void JobQueue::refresh(Entry& entry, double now) {
    JobInfo& info = entry.info;
    const JobProgress& progress = entry.progress;
    info.stage = progress.stage();
    info.cycle = progress.cycle();
    info.lastCycle = progress.lastCycle();
    info.stageFraction = progress.stageFraction();
    // A better estimate of what is to come never takes back what was shown.
    info.fraction = std::max(info.fraction, progress.fraction(now));
    info.elapsed = progress.elapsed(now);
    info.secondsLeft = progress.secondsLeft(now);
    changed(entry);
}

void JobQueue::tick() {
    const double now = nowSeconds();
    bool active = false;
    for (const auto& entry : m_entries) {
        active = active || isActive(entry->info.state);
        if (takesRoom(entry->info.state))
            refresh(*entry, now);
    }
    if (!active)
        m_clock.stop();
}

void JobQueue::follow(quint64 id, RunState state) {
    Entry* entry = find(id);
    if (entry == nullptr || !isActive(state))
        return;
    const JobState known[] = {JobState::Waiting, JobState::Running, JobState::Pausing, JobState::Paused,
                              JobState::Stopping};
    setState(*entry, known[static_cast<int>(state)]);
    requestSchedule();
}

void JobQueue::end(quint64 id, RunState state, const QString& message) {
    Entry* entry = find(id);
    if (entry == nullptr)
        return;
    JobInfo& info = entry->info;
    entry->session->deleteLater();
    entry->session = nullptr;
    info.ended = nowSeconds();
    info.elapsed = entry->progress.elapsed(info.ended);
    info.secondsLeft = -1;
    info.message = message;
    if (state == RunState::Stopped && entry->keep && !info.spec.command.isEmpty())
        putBack(*entry);
    else
        setState(*entry, state == RunState::Done      ? JobState::Done
                         : state == RunState::Stopped ? JobState::Stopped
                                                      : JobState::Failed);
    Q_EMIT finished(id, state, message);
    trim();
    requestSchedule();
}

// Ended so that a later session can go on with it: where there is a run of several stages, from its last
// finished one, else from its beginning.
void JobQueue::putBack(Entry& entry) {
    if (hasStages(entry.info.spec) && !entry.info.directory.isEmpty()) {
        setState(entry, JobState::Kept);
        return;
    }
    entry.info.spec = retrySpec(entry.info.spec, entry.info.directory);
    entry.work = jobWork(entry.info.spec);
    entry.info.directory.clear();
    entry.info.stage.reset();
    entry.info.stageFraction = entry.info.fraction = -1;
    entry.info.started = entry.info.ended = entry.info.elapsed = 0;
    entry.info.onHold = true;
    setState(entry, JobState::Waiting);
}

}  // namespace saeception
