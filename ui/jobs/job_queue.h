// SPDX-License-Identifier: GPL-3.0-or-later
// The queue of jobs: in what order they run, how many at a time and with how many threads each, and
// everything that can be asked of one.
#pragma once

#include "ui/jobs/job_info.h"
#include "ui/jobs/run_session.h"

#include <QObject>
#include <QThreadPool>
#include <QTimer>

#include <memory>
#include <vector>

namespace saeception {

/// What becomes of the jobs when the program is to end.
enum class QuitChoice {
    Wait,    ///< every job that is not on hold is done first; paused ones go on
    Keep,    ///< running ones end after their present step and are listed as kept next time
    Cancel,  ///< running ones end after their present step
};

/// Lives on the GUI thread. Active jobs come first, then those that wait, in the order in which they will
/// start, then kept runs, then the finished ones, the newest first. A job waits until fewer than
/// concurrency() run and its threads are free: those that its configuration names, else an equal share; one
/// that is larger than the whole budget runs alone. None overtakes another that is not on hold. A paused job
/// gives its place and threads to others and has them back, before any waiting job, when there is room. Slots
/// connected to jobAdded, jobMoved, jobChanged and jobRemoved must not change the queue themselves.
/// Destroying it asks running jobs to stop and waits for none.
class JobQueue : public QObject {
    Q_OBJECT

public:
    static constexpr int mostFinished = 200;  ///< listed; older ones are dropped

    explicit JobQueue(QObject* parent = nullptr);
    /// Jobs run on `pool`, with `threads` as the budget of all that run together.
    JobQueue(QThreadPool& pool, int threads, QObject* parent = nullptr);
    ~JobQueue() override;

    /// Adds a job behind the waiting ones, or as number `place` of them, from 0. It starts from the event
    /// loop, never within this call. @returns its id; ids are never used again.
    quint64 add(const JobSpec& spec, int place = -1);
    std::vector<quint64> addAll(const std::vector<JobSpec>& specs);
    /// Any other work. It uses `threads` (0: an equal share) and is not kept between sessions.
    quint64 addWork(const QString& title, int threads, Job::Work work);
    /// A job of a former session: on hold; or, with the folder of its unfinished run, kept.
    quint64 restore(const JobSpec& spec, const QString& title, const QString& directory = {});

    int count() const { return static_cast<int>(m_entries.size()); }
    /// Valid until the next change of the queue; null for an unknown id.
    const JobInfo* job(quint64 id) const;
    const JobInfo& at(int row) const;
    std::vector<quint64> jobs() const;
    int rowOf(quint64 id) const;
    /// Place among the waiting jobs from 0; -1 if it does not wait.
    int placeOf(quint64 id) const;

    /// Started and not yet ended, paused ones too.
    std::vector<quint64> activeJobs() const;
    int waitingCount() const;
    /// Nothing is active and nothing is about to start.
    bool isIdle() const;

    // Each is ignored where the job's state does not allow it.
    void moveTo(quint64 id, int place);  ///< place among the waiting jobs, clamped
    void moveUp(quint64 id);
    void moveDown(quint64 id);
    void pause(quint64 id);   ///< a waiting job is put on hold
    void resume(quint64 id);  ///< a waiting job is released
    /// A running job ends after its present step; a waiting one leaves the turn and stays listed as stopped.
    void cancel(quint64 id);
    /// Adds the job again from its beginning; a run's own folder that is in use gets a number behind its
    /// name. @returns the new job's id, 0 if it cannot be.
    quint64 retry(quint64 id);
    /// Adds a job that goes on with this one's unfinished run from its last finished stage, in this one's
    /// stead. @returns the new job's id, 0 if it cannot be.
    quint64 resumeRun(quint64 id);
    /// Takes off the list: finished, kept and waiting jobs. Files stay.
    void remove(quint64 id);
    void clearFinished();

    bool isHeld() const { return m_held; }
    /// While the queue is held, no waiting job starts; what runs goes on.
    void setHeld(bool held);
    /// Lets go the queue and every job that is on hold.
    void releaseAll();

    int concurrency() const { return m_concurrency; }
    /// Clamped to 1..threadBudget(). Jobs that run keep the threads that they have.
    void setConcurrency(int jobs);
    int threadBudget() const { return m_budget; }

    /// Brings the active jobs to an end in the chosen way; idle() tells when that is done.
    void settle(QuitChoice choice);

Q_SIGNALS:
    void jobAdded(quint64 id, int row);
    void jobChanged(quint64 id);
    void jobMoved(quint64 id, int from, int to);
    void jobRemoved(quint64 id, int row);
    void started(quint64 id);
    void eventsArrived(quint64 id, const saeception::EventBatch& batch);
    /// Once for every job that was started, after its last batch of events.
    void finished(quint64 id, saeception::RunState state, const QString& message);
    /// The last active job has ended and none is about to start.
    void idle();
    void heldChanged(bool held);
    void concurrencyChanged(int jobs);

private:
    struct Entry;

    Entry* find(quint64 id) const;
    quint64 addTitled(const JobSpec& spec, const QString& title, int place);
    Entry& append(JobSpec spec, QString title, JobState state, int place);
    int firstRowOf(JobState state) const;
    void describe(const Entry& entry);
    void described(quint64 id, const JobDescription& description);
    void setState(Entry& entry, JobState state);
    void moveRow(int from, int to);
    void removeRow(int row);
    void changed(const Entry& entry);
    void requestSchedule();
    void schedule();
    Entry* nextInTurn() const;
    WaitReason obstacle(const Entry& entry) const;
    void start(Entry& entry);
    void receive(quint64 id, const EventBatch& batch);
    void follow(quint64 id, RunState state);
    void end(quint64 id, RunState state, const QString& message);
    void putBack(Entry& entry);
    void trim();
    void tick();
    void refresh(Entry& entry, double now);
    void updateWaiting();
    int share() const;
    int runningCount() const;
    int usedThreads() const;

    std::vector<std::unique_ptr<Entry>> m_entries;
    QThreadPool& m_pool;
    int m_budget;
    int m_concurrency = 1;
    quint64 m_lastId = 0;
    bool m_held = false;
    bool m_scheduleRequested = false;
    bool m_busy = false;      ///< when it was last looked: the opposite of isIdle()
    QTimer m_clock;           ///< once a second while a job is active
    QThreadPool m_describer;  ///< composes configurations; last, so that its thread has ended before the rest
};

}  // namespace saeception
