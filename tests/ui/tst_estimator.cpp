// SPDX-License-Identifier: GPL-3.0-or-later
// The estimate in words, and the object that makes it: the newest request alone is answered, once.
#include "ui/jobs/estimator.h"
#include "ui/models/estimate_text.h"

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <memory>

using namespace saeception;

namespace {

constexpr int longEnough = 60000;

JobSpec tinyJob(const QString& command = QStringLiteral("train_cycle"), const QStringList& more = {}) {
    JobSpec spec;
    spec.command = command;
    spec.overrides = QStringList{"experiment=demo",          "threads=1",
                                 "dataset.limit=200",        "dataset.max_length=32",
                                 "model.vocab_size=400",     "model.hidden_size=16",
                                 "model.num_layers=2",       "model.num_heads=2",
                                 "model.epochs_per_cycle=1", "sae.epochs=1"} +
                     more;
    return spec;
}

RunEstimate anEstimate() {
    RunEstimate estimate;
    estimate.stages = {{Stage::Prepare, 0, 0.3, 3, 300'000'000},
                       {Stage::Baseline, 0, 129.4, 100, 458'000'000}};
    estimate.seconds = 129.7;
    estimate.memoryBytes = 458'000'000;
    estimate.diskBytes = 133'000'000;
    estimate.cycles = 2;
    estimate.calibrationSeconds = 1.9;
    estimate.uncertaintyPct = 25;
    return estimate;
}

}  // namespace

class TestEstimator : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theTextIsOneSentence() {
        RunEstimate estimate = anEstimate();
        QCOMPARE(estimateText(estimate), "About 2 min 10 s for 2 cycles, 458 MB of memory, 133 MB on disk");
        estimate.cycles = 1;
        estimate.seconds = 0.2;
        QCOMPARE(estimateText(estimate), "About 1 s for 1 cycle, 458 MB of memory, 133 MB on disk");
        estimate.seconds = 35460;
        QVERIFY(estimateText(estimate).startsWith("About 9 h 50 min for"));
    }

    void theDetailsSayWhatItRestsOn() {
        RunEstimate estimate = anEstimate();
        QString details = estimateDetails(estimate);
        QVERIFY2(details.contains("Cycle 0, Fine-tuning: 2 min 10 s"), qPrintable(details));
        QVERIFY(details.contains("From 2 s of calibration on this computer; expect ±25 %."));
        QVERIFY(!details.contains("busy") && !details.contains("cache"));
        estimate.otherCores = 1.25;
        estimate.cacheBytes = 234'000'000;
        estimate.mappedBytes = 113'000'000;
        estimate.sampled = "tokens are counted in 8000 of 67349 training sentences";
        details = estimateDetails(estimate);
        for (const char* words : {"cores busy", "234 MB", "113 MB", "8000 of 67349"})
            QVERIFY2(details.contains(words), words);
    }

    void aJobIsEstimatedOnce() {
        Estimator estimator(std::chrono::milliseconds(0));
        const QSignalSpy estimated(&estimator, &Estimator::estimated);
        const QSignalSpy failed(&estimator, &Estimator::failed);
        estimator.request(tinyJob());
        estimator.request(tinyJob());
        QVERIFY(estimator.isEstimating());
        QTRY_COMPARE_WITH_TIMEOUT(estimated.count(), 1, longEnough);
        QVERIFY(!estimator.isEstimating());
        QVERIFY(estimated[0][0].toString().contains("for 2 cycles"));
        QVERIFY(estimated[0][1].toString().contains("Cycle 1, "));
        QCOMPARE(failed.count(), 0);
    }

    void aNewerRequestTakesItsPlace() {
        Estimator estimator(std::chrono::milliseconds(0));
        QSignalSpy estimated(&estimator, &Estimator::estimated);
        estimator.request(tinyJob());
        QCoreApplication::processEvents();  // it has begun
        estimator.request(tinyJob("train_baseline"));
        QTRY_COMPARE_WITH_TIMEOUT(estimated.count(), 1, longEnough);
        QVERIFY(estimated[0][0].toString().contains("for 1 cycle,"));
        // What was cancelled is never answered: the next answer is the next request's.
        estimator.request(tinyJob());
        QCoreApplication::processEvents();
        estimator.cancel();
        QVERIFY(!estimator.isEstimating());
        estimator.request(tinyJob("train_baseline"));
        QTRY_COMPARE_WITH_TIMEOUT(estimated.count(), 2, longEnough);
        QVERIFY(estimated[1][0].toString().contains("for 1 cycle,"));
    }

    void whatIsWrongIsSaid() {
        Estimator estimator(std::chrono::milliseconds(0));
        const QSignalSpy estimated(&estimator, &Estimator::estimated);
        QSignalSpy failed(&estimator, &Estimator::failed);
        estimator.request(tinyJob("train_cycle", {"dataset=sst2", "dataset.path=/nowhere"}));
        QTRY_COMPARE_WITH_TIMEOUT(failed.count(), 1, longEnough);
        QVERIFY(failed[0][0].toString().contains("/nowhere"));
        QVERIFY(!failed[0][0].toString().contains('\n'));
        estimator.request(tinyJob("train_cycle", {"sae.k=none"}));
        QTRY_COMPARE_WITH_TIMEOUT(failed.count(), 2, longEnough);
        QVERIFY(failed[1][0].toString().contains("sae.k"));
        QCOMPARE(estimated.count(), 0);
    }

    void itMayBeDestroyedMidway() {
        const QTemporaryDir folder;
        auto estimator = std::make_unique<Estimator>(std::chrono::milliseconds(0));
        estimator->request(tinyJob("train_cycle", {"hydra.run.dir=" + folder.filePath("run")}));
        QCoreApplication::processEvents();
        estimator.reset();
        QVERIFY(QDir(folder.path()).isEmpty());
    }
};

QTEST_GUILESS_MAIN(TestEstimator)
#include "tst_estimator.moc"
