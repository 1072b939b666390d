// SPDX-License-Identifier: GPL-3.0-or-later
// The queue between sessions: what comes back and how, damaged files, a second window, a folder that cannot
// be written.
#include "support/run_fixture.h"
#include "ui/jobs/queue_store.h"

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <memory>

using namespace saeception;

class TestQueueStore : public QObject {
    Q_OBJECT

    QThreadPool m_pool;
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<JobQueue> m_queue;
    std::unique_ptr<QueueStore> m_store;
    QStringList m_notices;

    QString file() const { return m_folder->filePath(QStringLiteral("data/queue.json")); }
    QByteArray contents() const {
        QFile stored(file());
        return stored.open(QIODevice::ReadOnly) ? stored.readAll() : QByteArray();
    }
    void write(const QByteArray& bytes) const {
        QDir().mkpath(m_folder->filePath(QStringLiteral("data")));
        QFile stored(file());
        QVERIFY(stored.open(QIODevice::WriteOnly));
        stored.write(bytes);
    }
    QStringList filesAside() const {
        return QDir(m_folder->filePath(QStringLiteral("data")))
            .entryList({QStringLiteral("queue.damaged-*.json")});
    }
    // Begins a session on the file as it is.
    void begin() {
        end();
        m_notices.clear();
        m_queue = std::make_unique<JobQueue>(m_pool, 2);
        m_store = std::make_unique<QueueStore>(m_queue.get(), file());
        connect(m_store.get(), &QueueStore::noticed, this,
                [this](const QString& line) { m_notices.append(line); });
        QSignalSpy loaded(m_store.get(), &QueueStore::loaded);
        m_store->load();
        QTRY_COMPARE(loaded.size(), 1);
    }
    void end() {
        m_store.reset();
        m_queue.reset();
        m_pool.waitForDone();
    }
    static QByteArray jobs(const QJsonArray& list) {
        return QJsonDocument({{QStringLiteral("format"), 1}, {QStringLiteral("jobs"), list}}).toJson();
    }
    static QJsonObject job(const char* state, const QString& command, const QString& directory = {}) {
        return {{QStringLiteral("state"), QString::fromLatin1(state)},
                {QStringLiteral("title"), QStringLiteral("demo")},
                {QStringLiteral("command"), command},
                {QStringLiteral("overrides"), QJsonArray{QStringLiteral("experiment=demo")}},
                {QStringLiteral("directory"), directory}};
    }
    static JobSpec spec(const QStringList& overrides) {
        JobSpec made;
        made.overrides = overrides;
        return made;
    }

private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }
    void cleanup() { end(); }

    void waitingJobsComeBackOnHoldInTheirOrder() {
        begin();
        QCOMPARE(m_queue->count(), 0);
        m_queue->setHeld(true);
        JobSpec swept = spec({QStringLiteral("experiment=demo"), QStringLiteral("sae.k=8"),
                              QStringLiteral("model.name='a, \"b\" ü'")});
        swept.sweepNumber = 3;
        swept.sweepTime = 1'700'000'000;
        JobSpec single = spec({QStringLiteral("hydra.run.dir=/runs/none")});
        single.command = QStringLiteral("train_sae");
        m_queue->add(spec({QStringLiteral("experiment=demo")}));
        m_queue->add(swept);
        m_queue->add(single, 0);
        const quint64 dropped = m_queue->add(spec({}));
        m_queue->cancel(dropped);  // finished jobs are not kept
        m_queue->addWork(QStringLiteral("work"), 1, [](EventSink&, const RunControl&) {});
        begin();
        QCOMPARE(m_notices, QStringList());
        QCOMPARE(m_queue->count(), 3);
        QCOMPARE(m_queue->at(0).spec, single);
        QCOMPARE(m_queue->at(1).spec, spec({QStringLiteral("experiment=demo")}));
        QCOMPARE(m_queue->at(2).spec, swept);
        for (int row = 0; row < 3; ++row) {
            QCOMPARE(m_queue->at(row).state, JobState::Waiting);
            QVERIFY(m_queue->at(row).onHold && m_queue->at(row).restored);
        }
        QVERIFY(m_queue->isIdle());
        // And once more, unchanged.
        const QByteArray before = contents();
        begin();
        m_store->flush();
        QCOMPARE(contents(), before);
    }

    void changesAreWrittenSoon() {
        begin();
        m_queue->setHeld(true);
        const quint64 id = m_queue->add(spec({QStringLiteral("experiment=demo"), QStringLiteral("seed=7")}));
        QTRY_VERIFY(contents().contains("seed=7"));
        m_queue->remove(id);
        QTRY_VERIFY(!contents().contains("seed=7"));
    }

    void whatRanComesBackAsItCanBeGoneOnWith() {
        const auto folder = [this](const char* name) {
            return m_folder->filePath(QString::fromLatin1(name));
        };
        fixture::RunSpec cut;
        cut.lastWord.clear();
        cut.cycles = 1;
        fixture::writeFinishedRun(folder("cut").toStdString(), cut);
        fixture::writeFinishedRun(folder("done").toStdString());
        const QString loop = QStringLiteral("train_cycle");
        write(jobs({job("running", loop, folder("cut")), job("running", loop, folder("done")),
                    job("running", loop, folder("gone")), job("running", loop),
                    job("running", QStringLiteral("train_sae"), folder("cut")),
                    job("kept", loop, folder("cut"))}));
        begin();
        QCOMPARE(m_notices, QStringList());
        QStringList states;
        for (int row = 0; row < m_queue->count(); ++row)
            states.append((m_queue->at(row).state == JobState::Kept ? QStringLiteral("kept ")
                                                                    : QStringLiteral("waits ")) +
                          m_queue->at(row).spec.command);
        QCOMPARE(states,
                 (QStringList{QStringLiteral("waits train_cycle"), QStringLiteral("waits train_cycle"),
                              QStringLiteral("waits train_sae"), QStringLiteral("kept train_cycle"),
                              QStringLiteral("kept train_cycle")}));
        QCOMPARE(m_queue->at(3).directory, folder("cut"));
        QVERIFY(canResumeRun(m_queue->at(3)));
        const quint64 resumed = m_queue->resumeRun(m_queue->at(3).id);
        QCOMPARE(m_queue->job(resumed)->spec.resume, folder("cut"));
        QVERIFY(jobCommand(m_queue->job(resumed)->spec).contains(QStringLiteral("--resume ")));
    }

    void damagedFilesAreSetAsideWhole_data() {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<int>("left");
        const QByteArray good = jobs({job("waiting", QStringLiteral("train_cycle"))});
        QTest::newRow("empty") << QByteArray() << 0;
        QTest::newRow("garbage") << QByteArray("\0\1\2 no json", 11) << 0;
        QTest::newRow("cut off") << good.left(good.size() / 2) << 0;
        QTest::newRow("another document") << QByteArray("[1, 2]") << 0;
        QTest::newRow("newer") << QByteArray(R"({"format": 2, "jobs": []})") << 0;
        QTest::newRow("unknown command")
            << jobs({job("waiting", QStringLiteral("rm")), job("waiting", QStringLiteral("train_cycle"))})
            << 1;
        QTest::newRow("unknown state") << jobs({job("dancing", QStringLiteral("train_cycle"))}) << 0;
        QTest::newRow("overrides that are none")
            << jobs({QJsonObject{{QStringLiteral("state"), QStringLiteral("waiting")},
                                 {QStringLiteral("command"), QStringLiteral("train_cycle")},
                                 {QStringLiteral("overrides"), QJsonArray{1, 2}}}})
            << 0;
    }
    void damagedFilesAreSetAsideWhole() {
        QFETCH(QByteArray, bytes);
        QFETCH(int, left);
        write(bytes);
        begin();
        QCOMPARE(m_notices.size(), 1);
        QVERIFY(!m_notices[0].contains(QLatin1Char('\n')));
        QCOMPARE(m_queue->count(), left);
        QCOMPARE(filesAside().size(), 1);
        QVERIFY2(m_notices[0].contains(filesAside()[0]), qPrintable(m_notices[0]));
        QFile aside(m_folder->filePath(QStringLiteral("data/") + filesAside()[0]));
        QVERIFY(aside.open(QIODevice::ReadOnly));
        QCOMPARE(aside.readAll(), bytes);
        // This session's jobs are kept as ever.
        m_queue->setHeld(true);
        m_queue->add(spec({QStringLiteral("seed=9")}));
        begin();
        QCOMPARE(m_notices, QStringList());
        QCOMPARE(m_queue->count(), left + 1);
    }

    void aSecondWindowLeavesTheFileAlone() {
        begin();
        m_queue->setHeld(true);
        m_queue->add(spec({QStringLiteral("seed=1")}));
        m_store->flush();
        const QByteArray before = contents();
        JobQueue other(m_pool, 2);
        {
            QueueStore second(&other, file());
            QSignalSpy noticed(&second, &QueueStore::noticed);
            second.load();
            QCOMPARE(noticed.size(), 1);
            QCOMPARE(other.count(), 0);
            other.setHeld(true);
            other.add(spec({QStringLiteral("seed=2")}));
        }
        QCOMPARE(contents(), before);
    }

    void whatCannotBeWrittenIsSaidOnce() {
        begin();
        m_queue->setHeld(true);
        // A folder in the file's place is in everybody's way, root's too.
        QVERIFY(QFile::remove(file()) || !QFile::exists(file()));
        QVERIFY(QDir().mkpath(file()));
        m_queue->add(spec({QStringLiteral("seed=1")}));
        m_store->flush();
        QTRY_COMPARE(m_notices.size(), 1);
        QVERIFY2(m_notices[0].contains(file()), qPrintable(m_notices[0]));
        m_queue->add(spec({QStringLiteral("seed=2")}));
        m_store->flush();
        QCoreApplication::processEvents();
        QCOMPARE(m_notices.size(), 1);
        QVERIFY(QDir().rmdir(file()));
        m_queue->add(spec({QStringLiteral("seed=3")}));
        m_store->flush();
        QVERIFY(contents().contains("seed=3"));
    }
};

QTEST_GUILESS_MAIN(TestQueueStore)
#include "tst_queue_store.moc"
