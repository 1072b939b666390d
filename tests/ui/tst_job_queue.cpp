// SPDX-License-Identifier: GPL-3.0-or-later
// The queue: order, places and threads, every way a job can end, holding, quitting, and its destruction
// midway.
#include "base/error.h"
#include "support/job_fixture.h"
#include "ui/jobs/job_queue.h"

#include <QSignalSpy>
#include <QTest>

#include <memory>

using namespace saeception;

class TestJobQueue : public QObject {
    Q_OBJECT

    QThreadPool m_pool;
    std::unique_ptr<JobQueue> m_queue;
    std::vector<quint64> m_started;

    JobState stateOf(quint64 id) const { return m_queue->job(id)->state; }
    QString titles() const {
        QString text;
        for (const quint64 id : m_queue->jobs())
            text += m_queue->job(id)->title;
        return text;
    }
    quint64 add(HeldWork& work, const char* title = "a", int threads = 1) {
        return m_queue->addWork(QString::fromLatin1(title), threads, work.work());
    }
    void make(int threads) {
        m_queue = std::make_unique<JobQueue>(m_pool, threads);
        m_started.clear();
        connect(m_queue.get(), &JobQueue::started, this, [this](quint64 id) { m_started.push_back(id); });
    }

private Q_SLOTS:
    void init() { make(4); }
    void cleanup() {
        m_queue.reset();
        m_pool.waitForDone();
    }

    void doneStoppedAndFailed() {
        HeldWork first;
        HeldWork second;
        QSignalSpy finished(m_queue.get(), &JobQueue::finished);
        QSignalSpy idle(m_queue.get(), &JobQueue::idle);
        const quint64 done = add(first, "done");
        const quint64 stopped = add(second, "stopped");
        const quint64 failed =
            m_queue->addWork(QStringLiteral("failed"), 1,
                             [](EventSink&, const RunControl&) { fail("sae.k=0: must be at least 1"); });
        QVERIFY(m_started.empty());  // never within the call that adds
        QTRY_COMPARE(stateOf(done), JobState::Running);
        QVERIFY(first.begun().tryAcquire(1, 30000));
        first.release();
        QTRY_COMPARE(stateOf(done), JobState::Done);
        QTRY_COMPARE(stateOf(stopped), JobState::Running);
        QCOMPARE(m_queue->job(done)->fraction, 1.0);
        QVERIFY(m_queue->job(done)->ended >= m_queue->job(done)->started);
        m_queue->cancel(stopped);
        QCOMPARE(stateOf(stopped), JobState::Stopping);
        QTRY_COMPARE(stateOf(failed), JobState::Failed);
        QCOMPARE(stateOf(stopped), JobState::Stopped);
        QCOMPARE(m_queue->job(failed)->message, QStringLiteral("sae.k=0: must be at least 1"));
        QTRY_COMPARE(idle.size(), 1);
        QCOMPARE(finished.size(), 3);
        QCOMPARE(finished[2][0].value<quint64>(), failed);
        QCOMPARE(finished[2][1].value<RunState>(), RunState::Failed);
        QCOMPARE(m_started, (std::vector<quint64>{done, stopped, failed}));
        QCOMPARE(titles(), QStringLiteral("failedstoppeddone"));  // the newest first
        QVERIFY(m_queue->isIdle());
    }

    void waitingJobsMoveAndKeepTheirOrder() {
        m_queue->setHeld(true);
        HeldWork work;
        work.release(8);
        std::vector<quint64> ids;
        for (const char* title : {"a", "b", "c", "d"})
            ids.push_back(add(work, title));
        m_queue->moveUp(ids[0]);  // already first
        m_queue->moveUp(ids[2]);
        QCOMPARE(titles(), QStringLiteral("acbd"));
        m_queue->moveDown(ids[0]);
        QCOMPARE(titles(), QStringLiteral("cabd"));
        m_queue->moveTo(ids[3], 0);
        QCOMPARE(titles(), QStringLiteral("dcab"));
        m_queue->moveTo(ids[3], 99);
        QCOMPARE(titles(), QStringLiteral("cabd"));
        m_queue->moveDown(ids[3]);  // already last
        QCOMPARE(m_queue->placeOf(ids[3]), 3);
        for (const quint64 id : ids)
            QTRY_COMPARE(m_queue->job(id)->waitsFor, WaitReason::QueueHeld);
        QVERIFY(m_queue->isIdle());
        m_queue->setHeld(false);
        QTRY_COMPARE(m_started.size(), std::size_t(4));
        QCOMPARE(m_started, (std::vector<quint64>{ids[2], ids[0], ids[1], ids[3]}));
        QTRY_VERIFY(m_queue->isIdle());
    }

    void asManyAsAskedForWithinTheThreads() {
        HeldWork work;
        QCOMPARE(m_queue->threadBudget(), 4);
        m_queue->setConcurrency(3);
        const quint64 two = add(work, "two", 2);
        const quint64 one = add(work, "one", 1);
        const quint64 large = add(work, "large", 2);
        const quint64 last = add(work, "last", 1);
        QTRY_COMPARE(m_queue->job(large)->waitsFor, WaitReason::Threads);
        QCOMPARE(m_queue->job(last)->waitsFor, WaitReason::Turn);  // would fit, but is behind
        QCOMPARE(m_started, (std::vector<quint64>{two, one}));
        m_queue->cancel(one);
        QTRY_COMPARE(m_queue->job(last)->waitsFor, WaitReason::Threads);
        QCOMPARE(m_started, (std::vector<quint64>{two, one, large}));
        m_queue->cancel(two);
        QTRY_COMPARE(stateOf(last), JobState::Running);
        m_queue->setConcurrency(99);
        QCOMPARE(m_queue->concurrency(), 4);
        m_queue->setConcurrency(0);
        QCOMPARE(m_queue->concurrency(), 1);
        QCOMPARE(m_queue->activeJobs().size(), std::size_t(2));  // what runs goes on
    }

    void sharesAndJobsLargerThanTheBudget() {
        HeldWork work;
        m_queue->setConcurrency(2);
        const quint64 share = add(work, "share", 0);
        const quint64 huge = add(work, "huge", 64);
        QTRY_COMPARE(stateOf(share), JobState::Running);
        QCOMPARE(m_queue->job(share)->threads, 2);
        QVERIFY(work.begun().tryAcquire(1, 30000));
        QCOMPARE(work.share(), 2);
        QTRY_COMPARE(m_queue->job(huge)->waitsFor, WaitReason::Threads);
        const quint64 small = add(work, "small", 1);
        m_queue->cancel(share);
        QTRY_COMPARE(stateOf(huge), JobState::Running);
        QTRY_COMPARE(m_queue->job(small)->waitsFor, WaitReason::Threads);
        QCOMPARE(stateOf(small), JobState::Waiting);
    }

    void pausedJobGivesItsPlaceAndWaitsToHaveItBack() {
        HeldWork first;
        HeldWork second;
        const quint64 a = add(first, "a", 4);
        const quint64 b = add(second, "b", 4);
        QTRY_VERIFY(first.begun().available() > 0);
        QTRY_COMPARE(stateOf(a), JobState::Running);
        m_queue->pause(a);
        QCOMPARE(stateOf(a), JobState::Pausing);
        QTRY_COMPARE(stateOf(a), JobState::Paused);
        QTRY_COMPARE(stateOf(b),
                     JobState::Running);  // although the paused one still holds a thread of the pool
        QTRY_VERIFY(second.begun().available() > 0);
        m_queue->resume(a);
        QCOMPARE(stateOf(a), JobState::Resuming);
        QTRY_COMPARE(m_queue->job(a)->waitsFor, WaitReason::Turn);
        m_queue->pause(a);
        QCOMPARE(stateOf(a), JobState::Paused);
        m_queue->resume(a);
        const quint64 c = add(second, "c", 1);
        second.release();
        QTRY_COMPARE(stateOf(b), JobState::Done);
        QTRY_COMPARE(stateOf(a), JobState::Running);  // before any that waits
        QCOMPARE(stateOf(c), JobState::Waiting);
        first.release();
        QTRY_COMPARE(stateOf(a), JobState::Done);
        QTRY_COMPARE(stateOf(c), JobState::Running);
    }

    void pausedTimeIsNotCounted() {
        const quint64 id = m_queue->addWork(QStringLiteral("a"), 1, [](EventSink& sink, const RunControl&) {
            const double now = makeEvent(RunPaused{}).wallTime;
            sink.handle({now + 10, RunPaused{}});
            sink.handle({now + 1010, RunResumed{1000}});
            sink.handle({now + 1012, RunFinished{}});
        });
        QTRY_COMPARE(stateOf(id), JobState::Done);
        QVERIFY(m_queue->job(id)->elapsed >= 12 && m_queue->job(id)->elapsed < 1000);
    }

    void pausingTakenBackAndCancelledWhilePaused() {
        HeldWork work;
        const quint64 a = add(work);
        QTRY_VERIFY(work.begun().available() > 0);
        m_queue->pause(a);
        m_queue->resume(a);
        QCOMPARE(stateOf(a), JobState::Running);
        m_queue->pause(a);
        QTRY_COMPARE(stateOf(a), JobState::Paused);
        m_queue->cancel(a);
        QTRY_COMPARE(stateOf(a), JobState::Stopped);
    }

    void pausedAgainAtOnce() {
        HeldWork work;
        const quint64 a = add(work);
        QTRY_COMPARE(stateOf(a), JobState::Running);
        m_queue->pause(a);
        for (int i = 0; i < 100; ++i) {
            QTRY_COMPARE(stateOf(a), JobState::Paused);
            m_queue->resume(a);
            QTRY_COMPARE(stateOf(a), JobState::Running);
            m_queue->pause(a);  // whether or not the job has woken by now
        }
        QTRY_COMPARE(stateOf(a), JobState::Paused);
        m_queue->resume(a);
        work.release();
        QTRY_COMPARE(stateOf(a), JobState::Done);
    }

    void aJobOnHoldIsPassedOver() {
        m_queue->setHeld(true);
        HeldWork work;
        const quint64 a = add(work, "a");
        const quint64 b = add(work, "b");
        m_queue->pause(a);
        m_queue->setHeld(false);
        QTRY_COMPARE(stateOf(b), JobState::Running);
        QCOMPARE(m_queue->job(a)->waitsFor, WaitReason::Hold);
        work.release();
        QTRY_COMPARE(stateOf(b), JobState::Done);
        QTRY_VERIFY(m_queue->isIdle());
        m_queue->resume(a);
        QVERIFY(!m_queue->isIdle());
        QTRY_COMPARE(stateOf(a), JobState::Running);
    }

    void cancelledBeforeItBegan() {
        m_queue->setHeld(true);
        HeldWork work;
        const quint64 a = add(work);
        QSignalSpy finished(m_queue.get(), &JobQueue::finished);
        m_queue->cancel(a);
        QCOMPARE(stateOf(a), JobState::Stopped);
        m_queue->setHeld(false);
        const quint64 b = add(work, "b");
        QTRY_COMPARE(stateOf(b), JobState::Running);
        QCOMPARE(m_started, std::vector<quint64>{b});
        QVERIFY(finished.isEmpty());
        const quint64 again = m_queue->retry(a);
        QVERIFY(again > b);
        QCOMPARE(m_queue->retry(b), quint64(0));  // it runs
        work.release(2);
        QTRY_COMPARE(stateOf(again), JobState::Done);
        m_queue->remove(a);
        QVERIFY(m_queue->job(a) == nullptr);
        m_queue->clearFinished();
        QCOMPARE(m_queue->count(), 0);
    }

    void finishedJobsAreBounded() {
        m_queue->setHeld(true);
        HeldWork work;
        for (int i = 0; i < JobQueue::mostFinished + 5; ++i)
            m_queue->cancel(add(work));
        const quint64 waits = add(work);
        QCOMPARE(m_queue->count(), JobQueue::mostFinished + 1);
        QCOMPARE(m_queue->placeOf(waits), 0);
    }

    void quitByWaiting() {
        HeldWork work;
        const quint64 a = add(work, "a");
        const quint64 b = add(work, "b");
        QTRY_VERIFY(work.begun().available() > 0);
        m_queue->pause(a);
        QTRY_COMPARE(stateOf(b), JobState::Running);
        QSignalSpy idle(m_queue.get(), &JobQueue::idle);
        m_queue->settle(QuitChoice::Wait);
        work.release(2);
        QTRY_COMPARE(idle.size(), 1);
        QCOMPARE(stateOf(a), JobState::Done);
        QCOMPARE(stateOf(b), JobState::Done);
    }

    void quitByCancelling() {
        HeldWork work;
        const quint64 a = add(work, "a");
        const quint64 b = add(work, "b");
        QTRY_COMPARE(stateOf(a), JobState::Running);
        QSignalSpy idle(m_queue.get(), &JobQueue::idle);
        m_queue->settle(QuitChoice::Cancel);
        QTRY_COMPARE(idle.size(), 1);
        QCOMPARE(stateOf(a), JobState::Stopped);
        QCOMPARE(stateOf(b), JobState::Waiting);  // nothing new begins, and it is there next time
        // With nothing left to do the answer comes all the same.
        m_queue->settle(QuitChoice::Keep);
        QTRY_COMPARE(idle.size(), 2);
    }

    void destroyedMidway() {
        m_queue->setConcurrency(4);
        HeldWork work;
        for (int i = 0; i < 6; ++i)
            add(work);
        QTRY_COMPARE(m_queue->activeJobs().size(), std::size_t(4));
        m_queue->pause(m_queue->activeJobs()[0]);
        QTRY_COMPARE(m_queue->activeJobs().size(), std::size_t(5));
        QVERIFY(work.begun().tryAcquire(4, 30000));
        m_queue.reset();
        m_pool.waitForDone();
        QCoreApplication::processEvents();
        QVERIFY(work.ended() >= 4);
    }
};

QTEST_GUILESS_MAIN(TestJobQueue)
#include "tst_job_queue.moc"
