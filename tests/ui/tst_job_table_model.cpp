// SPDX-License-Identifier: GPL-3.0-or-later
// The queue as a table under Qt's own model tester: rows that come, go, move and change, raw values and
// words, dragging.
#include "base/error.h"
#include "support/job_fixture.h"
#include "ui/jobs/job_queue.h"
#include "ui/models/job_table_model.h"

#include <QAbstractItemModelTester>
#include <QMimeData>
#include <QSignalSpy>
#include <QTest>

#include <memory>

using namespace saeception;

class TestJobTableModel : public QObject {
    Q_OBJECT

    QThreadPool m_pool;
    std::unique_ptr<JobQueue> m_queue;
    std::unique_ptr<JobTableModel> m_model;
    std::unique_ptr<QAbstractItemModelTester> m_tester;
    HeldWork m_work;

    quint64 add(const char* title, int threads = 1) {
        return m_queue->addWork(QString::fromLatin1(title), threads, m_work.work());
    }
    QString titles() const {
        QString text;
        for (int row = 0; row < m_model->rowCount(); ++row)
            text += cell(m_model->idAt(row), JobTableModel::Title).toString();
        return text;
    }
    QVariant cell(quint64 id, int column, int role = Qt::DisplayRole) const {
        return m_model->index(m_model->rowOf(id), column).data(role);
    }
    bool drop(const std::vector<quint64>& ids, int row) {
        QModelIndexList indexes;
        for (const quint64 id : ids)
            for (int column = 0; column < m_model->columnCount(); ++column)
                indexes.append(m_model->index(m_model->rowOf(id), column));
        const std::unique_ptr<QMimeData> data(m_model->mimeData(indexes));
        return data != nullptr && m_model->dropMimeData(data.get(), Qt::MoveAction, row, 0, {});
    }

private Q_SLOTS:
    void init() {
        m_work = {};
        m_queue = std::make_unique<JobQueue>(m_pool, 4);
        m_model = std::make_unique<JobTableModel>(m_queue.get());
        m_tester = std::make_unique<QAbstractItemModelTester>(
            m_model.get(), QAbstractItemModelTester::FailureReportingMode::QtTest);
    }
    void cleanup() {
        m_tester.reset();
        m_model.reset();
        m_queue.reset();
        m_pool.waitForDone();
    }

    void rowsFollowTheQueueWithoutEverResetting() {
        QSignalSpy resets(m_model.get(), &QAbstractItemModel::modelReset);
        QSignalSpy moves(m_model.get(), &QAbstractItemModel::rowsMoved);
        m_queue->setHeld(true);
        const quint64 a = add("a");
        const quint64 b = add("b");
        const quint64 c = add("c");
        QCOMPARE(titles(), QStringLiteral("abc"));
        m_queue->moveTo(c, 0);
        m_queue->moveTo(c, 1);
        QCOMPARE(titles(), QStringLiteral("acb"));
        m_queue->cancel(a);
        QCOMPARE(titles(), QStringLiteral("cba"));
        m_queue->remove(b);
        QCOMPARE(titles(), QStringLiteral("ca"));
        QCOMPARE(moves.size(), 3);
        m_queue->setHeld(false);
        m_work.release();
        QTRY_COMPARE(cell(c, JobTableModel::State).toString(), QStringLiteral("Done"));
        QCOMPARE(titles(), QStringLiteral("ca"));
        m_queue->clearFinished();
        QCOMPARE(m_model->rowCount(), 0);
        QVERIFY(resets.isEmpty());
    }

    void rawValuesAndWords() {
        m_queue->setConcurrency(2);
        const quint64 runs =
            m_queue->addWork(QStringLiteral("runs"), 3, [this](EventSink& sink, const RunControl& control) {
                sink.handle(makeEvent(RunStarted{"/runs/one", 0, 1}));
                sink.handle(makeEvent(StageStarted{Stage::Sae, 1, 10}));
                sink.handle(makeEvent(Progress{Stage::Sae, 1, 5, 10, 30}));
                m_work.work()(sink, control);
            });
        const quint64 waits = add("waits", 2);
        const quint64 behind = add("behind", 1);
        QTRY_COMPARE(cell(runs, JobTableModel::Progress).toString(),
                     QStringLiteral("Cycle 1, Training the SAE"));
        QCOMPARE(cell(runs, JobTableModel::State).toString(), QStringLiteral("Running"));
        QCOMPARE(cell(runs, JobTableModel::State, JobTableModel::StateRole).toInt(), int(JobState::Running));
        QCOMPARE(cell(runs, JobTableModel::Threads).toString(), QStringLiteral("3"));
        QCOMPARE(cell(runs, JobTableModel::Threads, JobTableModel::ValueRole).toInt(), 3);
        QCOMPARE(cell(runs, JobTableModel::Place).toString(), QStringLiteral("–"));
        QVERIFY(!cell(runs, JobTableModel::Place, JobTableModel::ValueRole).isValid());
        QVERIFY(cell(runs, JobTableModel::Elapsed, JobTableModel::ValueRole).toDouble() >= 0);
        QVERIFY(cell(runs, JobTableModel::Started, JobTableModel::ValueRole).toDouble() > 1.5e9);
        QCOMPARE(cell(waits, JobTableModel::Place, JobTableModel::ValueRole).toInt(), 1);
        QCOMPARE(cell(behind, JobTableModel::Place).toString(), QStringLiteral("2"));
        QCOMPARE(cell(waits, JobTableModel::Progress).toString(), QStringLiteral("for 2 free threads"));
        QCOMPARE(cell(behind, JobTableModel::Progress).toString(), QStringLiteral("for its turn"));
        QCOMPARE(cell(waits, JobTableModel::Started).toString(), QStringLiteral("–"));
        m_queue->pause(behind);
        QTRY_COMPARE(cell(behind, JobTableModel::Progress).toString(),
                     QStringLiteral("until it is released"));
        QCOMPARE(cell(behind, JobTableModel::State).toString(), QStringLiteral("On hold"));
        QVERIFY(cell(behind, JobTableModel::State, JobTableModel::HoldRole).toBool());
        m_queue->pause(runs);
        QTRY_COMPARE(cell(runs, JobTableModel::State).toString(), QStringLiteral("Paused"));
        for (int column = 0; column < m_model->columnCount(); ++column) {
            QVERIFY(!m_model->headerData(column, Qt::Horizontal).toString().isEmpty());
            QVERIFY(!cell(runs, column, Qt::AccessibleTextRole).toString().isEmpty());
        }
    }

    void whyItFailedIsInTheRow() {
        const quint64 id = m_queue->addWork(QStringLiteral("a"), 1, [](EventSink&, const RunControl&) {
            fail("sae.k=0: must be at least 1");
        });
        QTRY_COMPARE(cell(id, JobTableModel::State).toString(), QStringLiteral("Failed"));
        QCOMPARE(cell(id, JobTableModel::Progress).toString(), QStringLiteral("sae.k=0: must be at least 1"));
        QVERIFY(!cell(id, JobTableModel::Progress, JobTableModel::FaintRole).toBool());
    }

    void progressOfAWholeLoop() {
        JobSpec spec;
        spec.overrides = {QStringLiteral("experiment=demo"), QStringLiteral("sae.k=none")};
        const quint64 id = m_queue->restore(spec, QStringLiteral("kept"), QStringLiteral("/runs/kept"));
        QCOMPARE(cell(id, JobTableModel::State).toString(), QStringLiteral("Unfinished"));
        QCOMPARE(cell(id, JobTableModel::Progress, JobTableModel::FractionRole).toDouble(), -1.0);
        QVERIFY(cell(id, JobTableModel::Title, Qt::ToolTipRole)
                    .toString()
                    .startsWith(QStringLiteral("saeception train_cycle experiment=demo")));
    }

    void draggedRowsGoBetweenWaitingOnes() {
        add("R");
        QTRY_COMPARE(m_queue->activeJobs().size(), std::size_t(1));
        const quint64 a = add("a");
        const quint64 b = add("b");
        add("c");
        const quint64 d = add("d");
        QVERIFY(drop({d}, 1));
        QCOMPARE(titles(), QStringLiteral("Rdabc"));
        QVERIFY(drop({d, b}, 5));  // below all
        QCOMPARE(titles(), QStringLiteral("Racdb"));
        QVERIFY(drop({d, b}, 0));  // above what runs: first of those that wait
        QCOMPARE(titles(), QStringLiteral("Rdbac"));
        QVERIFY(drop({b}, 2));  // where it is
        QCOMPARE(titles(), QStringLiteral("Rdbac"));
        m_queue->cancel(a);
        QCOMPARE(titles(), QStringLiteral("Rdbca"));
        QVERIFY(drop({d}, 5));  // below a finished one
        QCOMPARE(titles(), QStringLiteral("Rbcda"));
        QVERIFY(!drop({m_model->idAt(0)}, 2));  // what runs stays
        QVERIFY(!drop({a}, 1));
        QVERIFY(!(m_model->index(0, 0).flags() & Qt::ItemIsDragEnabled));
        QVERIFY(m_model->index(1, 0).flags() & Qt::ItemIsDragEnabled);
    }

    void outlivesTheQueue() {
        const quint64 id = add("a");
        QTRY_COMPARE(m_queue->activeJobs().size(), std::size_t(1));
        m_queue.reset();
        QVERIFY(!cell(id, JobTableModel::Title).isValid());
        QVERIFY(m_model->jobAt(0) == nullptr);
    }
};

QTEST_GUILESS_MAIN(TestJobTableModel)
#include "tst_job_table_model.moc"
