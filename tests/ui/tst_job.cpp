// SPDX-License-Identifier: GPL-3.0-or-later
// Jobs and run sessions: every way a run can end, stopping it, and destroying its session midway.
#include "base/error.h"
#include "ui/jobs/run_session.h"

#include <QSemaphore>
#include <QSignalSpy>
#include <QTest>
#include <QThread>

#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <memory>
#include <thread>
#include <vector>

using namespace saeception;

namespace {

int niceOfThisThread() {
    return ::getpriority(PRIO_PROCESS, static_cast<id_t>(::syscall(SYS_gettid)));
}

// Runs `work` to its end; what the session said of it.
struct Ended {
    explicit Ended(Job::Work work) : session(QStringLiteral("test"), std::move(work)) {
        QObject::connect(&session, &RunSession::eventsArrived, [this](const EventBatch& batch) {
            events.insert(events.end(), batch.begin(), batch.end());
        });
        QObject::connect(&session, &RunSession::finished, [this](RunState end, const QString& text) {
            ++finishes;
            state = end;
            message = text;
        });
    }
    bool wait() {
        return QTest::qWaitFor([this] { return finishes > 0; }, 30000);
    }
    int terminals() const {
        int count = 0;
        for (const Event& event : events)
            count += isTerminal(event) ? 1 : 0;
        return count;
    }

    RunSession session;
    EventBatch events;
    int finishes = 0;
    RunState state = RunState::Waiting;
    QString message;
};

}  // namespace

class TestJob : public QObject {
    Q_OBJECT

    QThreadPool m_pool;

private Q_SLOTS:
    void done() {
        const int ownNice = niceOfThisThread();
        std::atomic<int> workerNice{-100};
        Ended run([&](EventSink& sink, const RunControl&) {
            workerNice = niceOfThisThread();
            sink.handle(makeEvent(RunStarted{"/runs/one", 0, 1}));
            sink.handle(makeEvent(Scalar{Stage::Sae, 0, "sae/l0", 1, 2.0}));
        });
        QCOMPARE(run.session.state(), RunState::Waiting);
        run.session.start(m_pool);
        QCOMPARE(run.session.state(), RunState::Running);
        QVERIFY(run.wait());
        QCOMPARE(run.state, RunState::Done);
        QCOMPARE(run.terminals(), 1);
        QCOMPARE(run.events.size(), std::size_t(3));
        QCOMPARE(run.session.directory(), QStringLiteral("/runs/one"));
        QCOMPARE(workerNice.load(), std::max(ownNice, 10));
        QCOMPARE(niceOfThisThread(), ownNice);
    }

    void failed_data() {
        QTest::addColumn<int>("kind");
        QTest::addColumn<QString>("message");
        QTest::newRow("user error") << 0 << QStringLiteral("sae.k=0: must be at least 1");
        QTest::newRow("several lines") << 1 << QStringLiteral("first second");
        QTest::newRow("not an exception")
            << 2 << QStringLiteral("an unknown error ended the run; the log in its folder may say more");
    }
    void failed() {
        QFETCH(int, kind);
        QFETCH(QString, message);
        Ended run([kind](EventSink&, const RunControl&) {
            if (kind == 0)
                fail("sae.k={}: must be at least 1", 0);
            if (kind == 1)
                throw std::runtime_error("first\nsecond");
            throw kind;
        });
        run.session.start(m_pool);
        QVERIFY(run.wait());
        QCOMPARE(run.state, RunState::Failed);
        QCOMPARE(run.message, message);
        QCOMPARE(run.terminals(), 1);
    }

    void ownTerminalEventIsTheOnlyOne() {
        Ended run([](EventSink& sink, const RunControl&) {
            sink.handle(makeEvent(RunFailed{"said by the work"}));
            throw UserError("said by the exception");
        });
        run.session.start(m_pool);
        QVERIFY(run.wait());
        QCOMPARE(run.message, QStringLiteral("said by the work"));
        QCOMPARE(run.terminals(), 1);
    }

    void stopped_data() {
        QTest::addColumn<bool>("throws");
        QTest::newRow("Cancelled is thrown") << true;
        QTest::newRow("the work returns") << false;
    }
    void stopped() {
        QFETCH(bool, throws);
        QSemaphore begun;
        Ended run([&](EventSink&, const RunControl& control) {
            begun.release();
            while (!control.stop.stop_requested())
                QThread::yieldCurrentThread();
            if (throws)
                throwIfStopped(control.stop);
        });
        QSignalSpy states(&run.session, &RunSession::stateChanged);
        run.session.start(m_pool);
        begun.acquire();
        run.session.requestStop();
        QCOMPARE(run.session.state(), RunState::Stopping);
        run.session.requestStop();
        QVERIFY(run.wait());
        QCOMPARE(run.state, RunState::Stopped);
        QCOMPARE(run.finishes, 1);
        QCOMPARE(states.size(), 3);
    }

    void sessionMayBeDestroyedMidway() {
        QSemaphore begun;
        QSemaphore ended;
        auto session = std::make_unique<RunSession>(
            QStringLiteral("short"), [&](EventSink& sink, const RunControl& control) {
                begun.release();
                while (!control.stop.stop_requested())
                    sink.handle(makeEvent(Progress{Stage::Sae, 0, 1, 2, -1}));
                ended.release();
            });
        bool spoke = false;
        connect(session.get(), &RunSession::finished, [&] { spoke = true; });
        session->start(m_pool);
        begun.acquire();
        session.reset();
        QVERIFY(ended.tryAcquire(1, 30000));
        m_pool.waitForDone();
        QCoreApplication::processEvents();
        QVERIFY(!spoke);
    }

    void trainingPoolRunsOneAtATimeOnALastingThread() {
        QCOMPARE(trainingPool().maxThreadCount(), 1);
        std::vector<std::thread::id> threads(2);
        for (auto& id : threads) {
            Ended run([&id](EventSink&, const RunControl&) { id = std::this_thread::get_id(); });
            run.session.start(trainingPool());
            QVERIFY(run.wait());
        }
        QVERIFY(threads[0] == threads[1]);
        QVERIFY(threads[0] != std::this_thread::get_id());
    }
};

QTEST_GUILESS_MAIN(TestJob)
#include "tst_job.moc"
