// SPDX-License-Identifier: GPL-3.0-or-later
// What a run's log tells of its stages: passes that ended, that were cut, that were run again.
#include "cycle/event_log.h"
#include "cycle/stage_history.h"

#include <QTemporaryDir>
#include <QTest>

#include <filesystem>
#include <fstream>
#include <limits>

using namespace saeception;

class TestStageHistory : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_folder;
    std::filesystem::path file() const {
        return std::filesystem::path(m_folder.path().toStdString()) / "metrics.jsonl";
    }
    StageHistory read(int cycle, Stage stage) const {
        const StageHistories all = readStageHistory(file());
        const auto found = all.find({cycle, stage});
        return found == all.end() ? StageHistory() : found->second;
    }

private Q_SLOTS:
    void init() { std::filesystem::remove(file()); }

    void namesOfStagesAreReadBack() {
        for (int i = 0; i < stageCount; ++i)
            QCOMPARE(stageNamed(stageName(static_cast<Stage>(i))).value(), static_cast<Stage>(i));
        QVERIFY(!stageNamed("training").has_value());
        QVERIFY(!stageNamed("").has_value());
    }

    void aStageThatCameToItsEnd() {
        {
            EventLog log(file());
            log.handle({100, StageStarted{Stage::Sae, 1, 10}});
            log.handle({101, Scalar{Stage::Sae, 1, "sae/loss", 1, 0.5}});
            log.handle({104, EpochFinished{Stage::Sae, 1, 1, 2, {{"l0", 16}, {"validation_mse", 0.2}}}});
            log.handle({108, EpochFinished{Stage::Sae, 1, 2, 2, {{"l0", 15}}}});
            log.handle({109, StageFinished{Stage::Sae, 1, 8.5}});
        }
        const StageHistory history = read(1, Stage::Sae);
        QCOMPARE(history.started, 100.0);
        QCOMPARE(history.finished, 109.0);
        QCOMPARE(history.finishedStart, 100.0);
        QCOMPARE(history.seconds, 8.5);
        QVERIFY(!history.open);
        QCOMPARE(history.epoch, 2);
        QCOMPARE(history.epochs, 2);
        QCOMPARE(history.metrics, MetricTable({{"l0", 15.0}}));
        QCOMPARE(readStageHistory(file()).size(), std::size_t(1));
    }

    void aStageThatWasRunAgainAndCut() {
        {
            EventLog log(file());
            log.handle({100, StageStarted{Stage::Baseline, 0, 10}});
            log.handle({104, EpochFinished{Stage::Baseline, 0, 3, 3, {{"train_loss", 0.1}}}});
            log.handle({105, StageFinished{Stage::Baseline, 0, 5}});
            log.handle({200, StageStarted{Stage::Baseline, 0, 10}});
        }
        StageHistory history = read(0, Stage::Baseline);
        QVERIFY(history.open);
        QCOMPARE(history.started, 200.0);
        QCOMPARE(history.finished, 105.0);
        QCOMPARE(history.finishedStart, 100.0);
        // Its epochs are those of the latest pass, which has none yet.
        QCOMPARE(history.epoch, 0);
        QVERIFY(history.metrics.empty());
        EventLog(file()).handle({203, EpochFinished{Stage::Baseline, 0, 1, 3, {{"train_loss", 0.4}}}});
        history = read(0, Stage::Baseline);
        QCOMPARE(history.epoch, 1);
        QCOMPARE(metric(history.metrics, "train_loss"), 0.4);
    }

    void logsThatDoNotTellWhenStagesBegan() {
        {
            EventLog log(file());
            log.handle({104, EpochFinished{Stage::Auxiliary, 1, 1, 2, {}}});
            log.handle({110, StageFinished{Stage::Auxiliary, 1, 8}});
        }
        const StageHistory history = read(1, Stage::Auxiliary);
        QCOMPARE(history.started, 102.0);
        QCOMPARE(history.finished, 110.0);
        QVERIFY(!history.open);
        QCOMPARE(history.epoch, 1);
    }

    void damagedLinesTellNothing() {
        {
            std::ofstream out(file());
            out << "{\"time\":100,\"event\":\"stage_started\",\"cycle\":0,\"stage\":\"sae\"}\n"
                << "{\"time\":101,\"event\":\"stage_finished\",\"cycle\":0\n"
                << "{\"time\":\"x\",\"event\":\"stage_finished\",\"cycle\":0,\"stage\":\"sae\",\"seconds\":1}"
                   "\n"
                << "{\"time\":102,\"event\":\"stage_finished\",\"cycle\":-4,\"stage\":\"sae\",\"seconds\":1}"
                   "\n"
                << "{\"time\":103,\"event\":\"stage_finished\",\"cycle\":0,\"stage\":\"weaving\",\"seconds\":"
                   "1}\n"
                << "[\"stage_finished\"]\n\xff\xfe\"stage_\"\n"
                << "{\"time\":104,\"event\":\"epoch_finished\",\"cycle\":0,\"stage\":\"sae\",\"epoch\":1,"
                   "\"epochs\":2,\"metrics\":{\"l0\":\"NaN\"}}\n"
                << "{\"time\":105,\"event\":\"stage_fin";
        }
        const StageHistory history = read(0, Stage::Sae);
        QVERIFY(history.open);
        QCOMPARE(history.finished, 0.0);
        QCOMPARE(history.epoch, 1);
        QVERIFY(std::isnan(metric(history.metrics, "l0")));
        QCOMPARE(readStageHistory(file()).size(), std::size_t(1));
    }

    void anAbsentFileIsEmpty() { QVERIFY(readStageHistory(file()).empty()); }
};

QTEST_GUILESS_MAIN(TestStageHistory)
#include "tst_stage_history.moc"
