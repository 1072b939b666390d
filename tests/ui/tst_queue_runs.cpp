// SPDX-License-Identifier: GPL-3.0-or-later
// The queue with real training: paused, resumed, cancelled, kept for the next session and gone on with; a
// folder that vanishes and a disk that fills up midway.
#include "ui/jobs/queue_store.h"

#include <QDir>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <sys/mount.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <functional>
#include <map>
#include <memory>

using namespace saeception;

class TestQueueRuns : public QObject {
    Q_OBJECT

    static constexpr int patience = 300'000;

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<JobQueue> m_queue;
    std::map<quint64, EventBatch> m_events;

    QString path(const char* name) const { return m_folder->filePath(QString::fromLatin1(name)); }
    static JobSpec tiny(const QString& run, const QStringList& more = {}) {
        JobSpec spec;
        spec.overrides = QStringList{QStringLiteral("experiment=demo"),
                                     QStringLiteral("dataset.limit=240"),
                                     QStringLiteral("model.epochs_per_cycle=1"),
                                     QStringLiteral("model.hidden_size=32"),
                                     QStringLiteral("model.num_layers=2"),
                                     QStringLiteral("model.num_heads=2"),
                                     QStringLiteral("model.vocab_size=400"),
                                     QStringLiteral("sae.epochs=1"),
                                     QStringLiteral("sae.expansion_factor=2"),
                                     QStringLiteral("sae.k=4"),
                                     QStringLiteral("sae.aux_k=4"),
                                     QStringLiteral("threads=1"),
                                     QStringLiteral("hydra.run.dir=") + run} +
                         more;
        return spec;
    }
    void begin() {
        m_queue = std::make_unique<JobQueue>(trainingPool(), 2);
        connect(m_queue.get(), &JobQueue::eventsArrived, this, [this](quint64 id, const EventBatch& batch) {
            m_events[id].insert(m_events[id].end(), batch.begin(), batch.end());
        });
    }
    // Does `then` when the job's stage begins, from the event loop.
    void atStage(quint64 id, Stage stage, std::function<void()> then) {
        auto* guard = new QObject(m_queue.get());
        connect(m_queue.get(), &JobQueue::eventsArrived, guard,
                [guard, id, stage, run = std::move(then)](quint64 from, const EventBatch& batch) {
                    for (const Event& event : batch)
                        if (const auto* begun = std::get_if<StageStarted>(&event.body);
                            begun != nullptr && from == id && begun->stage == stage) {
                            guard->deleteLater();
                            guard->disconnect();
                            return run();
                        }
                });
    }
    const JobInfo& job(quint64 id) const { return *m_queue->job(id); }
    template <typename Body>
    int countOf(quint64 id) const {
        const auto found = m_events.find(id);
        return found == m_events.end()
                   ? 0
                   : static_cast<int>(std::count_if(
                         found->second.begin(), found->second.end(),
                         [](const Event& event) { return std::holds_alternative<Body>(event.body); }));
    }

private Q_SLOTS:
    void init() {
        m_folder = std::make_unique<QTemporaryDir>();
        m_events.clear();
        begin();
    }
    void cleanup() {
        m_queue.reset();
        trainingPool().waitForDone();
    }

    void pausedResumedAndCancelled() {
        const quint64 id = m_queue->add(tiny(path("run")));
        QCOMPARE(job(id).title, QStringLiteral("demo"));
        const quint64 next = m_queue->add(tiny(path("next")));
        atStage(id, Stage::Baseline, [this, id] { m_queue->pause(id); });
        QTRY_COMPARE_WITH_TIMEOUT(job(id).state, JobState::Paused, patience);
        QCOMPARE(job(id).directory, path("run"));
        QCOMPARE(job(id).threads, 1);
        QVERIFY(job(id).stage == Stage::Baseline || job(id).stage == Stage::Extract);
        const std::size_t before = m_events[id].size();
        // The next one has the place meanwhile, and the paused one waits for its end.
        QTRY_COMPARE_WITH_TIMEOUT(job(next).state, JobState::Running, patience);
        atStage(next, Stage::Sae, [this, next] { m_queue->cancel(next); });
        m_queue->resume(id);
        QCOMPARE(job(id).state, JobState::Resuming);
        QTRY_COMPARE_WITH_TIMEOUT(job(next).state, JobState::Stopped, patience);
        QCOMPARE(m_events[id].size(), before);
        QVERIFY(job(next).fraction > 0 && job(next).fraction < 1);
        QVERIFY(QFile::exists(path("next/checkpoints/model_cycle_0_best.pt")));
        QTRY_COMPARE_WITH_TIMEOUT(job(id).state, JobState::Done, patience);
        QCOMPARE(countOf<RunPaused>(id), 1);
        QCOMPARE(countOf<RunResumed>(id), 1);
        QCOMPARE(job(id).fraction, 1.0);
        QCOMPARE(job(id).lastCycle, 1);
        QVERIFY(job(id).elapsed < job(id).ended - job(id).started);

        // The cancelled one goes on where it was left, in its own folder.
        const quint64 resumed = m_queue->resumeRun(next);
        QVERIFY(m_queue->job(next) == nullptr);
        QTRY_COMPARE_WITH_TIMEOUT(job(resumed).state, JobState::Done, patience);
        QCOMPARE(job(resumed).directory, path("next"));
        QVERIFY(QFile::exists(path("next/checkpoints/results_cycle_1.json")));
        for (const Event& event : m_events[resumed])
            if (const auto* begun = std::get_if<StageStarted>(&event.body))
                QVERIFY(begun->stage != Stage::Baseline);

        // And from its beginning, beside the first.
        const quint64 again = m_queue->retry(id);
        QVERIFY(job(again).spec.overrides.contains(QStringLiteral("hydra.run.dir=") + path("run-2")));
    }

    void twoAtATime() {
        m_queue->setConcurrency(2);
        const std::vector<quint64> ids =
            m_queue->addAll({tiny(path("a")), tiny(path("b"), {QStringLiteral("seed=7")})});
        QTRY_COMPARE_WITH_TIMEOUT(m_queue->activeJobs().size(), std::size_t(2), patience);
        for (const quint64 id : ids) {
            QTRY_COMPARE_WITH_TIMEOUT(job(id).state, JobState::Done, patience);
            QFile log(job(id).directory + QStringLiteral("/train_cycle.log"));
            QVERIFY(log.open(QIODevice::ReadOnly));
            QCOMPARE(log.readAll().count("cycle 0: baseline took"), 1);
        }
    }

    void keptForTheNextSession() {
        const QString file = path("queue.json");
        auto store = std::make_unique<QueueStore>(m_queue.get(), file);
        QSignalSpy loaded(store.get(), &QueueStore::loaded);
        store->load();
        QTRY_COMPARE(loaded.size(), 1);
        const quint64 id = m_queue->add(tiny(path("run")));
        m_queue->add(tiny(path("second")));
        QSignalSpy idle(m_queue.get(), &JobQueue::idle);
        atStage(id, Stage::Sae, [this] { m_queue->settle(QuitChoice::Keep); });
        QTRY_COMPARE_WITH_TIMEOUT(idle.size(), 1, patience);
        QCOMPARE(job(id).state, JobState::Kept);
        QVERIFY(m_queue->activeJobs().empty());
        store.reset();
        m_queue.reset();

        begin();
        store = std::make_unique<QueueStore>(m_queue.get(), file);
        QSignalSpy again(store.get(), &QueueStore::loaded);
        store->load();
        QTRY_COMPARE(again.size(), 1);
        QCOMPARE(m_queue->count(), 2);
        QVERIFY(m_queue->at(0).state == JobState::Waiting && m_queue->at(0).onHold);
        QCOMPARE(m_queue->at(1).state, JobState::Kept);
        QVERIFY(m_queue->isIdle());
        const quint64 resumed = m_queue->resumeRun(m_queue->at(1).id);
        QTRY_COMPARE_WITH_TIMEOUT(job(resumed).state, JobState::Done, patience);
        QCOMPARE(job(resumed).directory, path("run"));
    }

    void aFolderThatVanishesFailsItsJobAlone() {
        const quint64 id = m_queue->add(tiny(path("run")));
        const quint64 next = m_queue->add(tiny(path("next")));
        // In one step: the job may be writing a file there.
        atStage(id, Stage::Sae, [this] { QVERIFY(QDir().rename(path("run"), path("gone"))); });
        QTRY_COMPARE_WITH_TIMEOUT(job(id).state, JobState::Failed, patience);
        QVERIFY2(job(id).message.contains(path("run")) &&
                     job(id).message.contains(QStringLiteral("moved or deleted")),
                 qPrintable(job(id).message));
        QVERIFY(!job(id).message.contains(QLatin1Char('\n')));
        QTRY_COMPARE_WITH_TIMEOUT(job(next).state, JobState::Done, patience);
    }

    void aFullDiskFailsItsJobAlone() {
        const QByteArray disk = QFile::encodeName(path("disk"));
        QVERIFY(QDir().mkpath(path("disk")));
        if (::mount("tmpfs", disk.constData(), "tmpfs", 0, "size=192k") != 0)
            QSKIP(qPrintable(QStringLiteral("no small disk can be mounted here: ") +
                             QString::fromLocal8Bit(std::strerror(errno))));
        struct Unmount {
            QByteArray at;
            ~Unmount() { ::umount2(at.constData(), MNT_DETACH); }
        } const unmount{disk};
        const quint64 id = m_queue->add(tiny(path("disk/run")));
        const quint64 next = m_queue->add(tiny(path("next")));
        QTRY_COMPARE_WITH_TIMEOUT(job(id).state, JobState::Failed, patience);
        QVERIFY2(job(id).message.contains(QStringLiteral("No space left")) &&
                     job(id).message.contains(QStringLiteral("free some space")),
                 qPrintable(job(id).message));
        QTRY_COMPARE_WITH_TIMEOUT(job(next).state, JobState::Done, patience);
    }
};

QTEST_GUILESS_MAIN(TestQueueRuns)
#include "tst_queue_runs.moc"
