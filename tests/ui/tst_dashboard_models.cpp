// SPDX-License-Identifier: GPL-3.0-or-later
// The models of the Dashboard under a tester: stages, and metrics against the first cycle.
#include "cycle/metric_info.h"
#include "ui/models/metric_table_model.h"
#include "ui/models/stage_list_model.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

#include <limits>

using namespace saeception;

namespace {

Event at(double wallTime, EventBody body) {
    return {wallTime, std::move(body)};
}

int rowOf(const StageListModel& model, const QString& stage, int occurrence = 0) {
    for (int row = 0; row < model.rowCount(); ++row)
        if (model.index(row, StageListModel::StageColumn).data().toString() == stage && occurrence-- == 0)
            return row;
    return -1;
}

StageState stateOf(const StageListModel& model, int row) {
    return static_cast<StageState>(model.index(row, 0).data(StageListModel::StateRole).toInt());
}

int rowOfMetric(const MetricTableModel& model, const std::string& key) {
    for (int row = 0; row < model.rowCount(); ++row)
        if (!model.index(row, 0).data(MetricTableModel::HeadingRole).toBool() &&
            model.index(row, 0).data().toString().toStdString() == metricTitle(key))
            return row;
    return -1;
}

}  // namespace

class TestDashboardModels : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void stagesTellTheStoryOfARun() {
        StageListModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        QSignalSpy resets(&model, &QAbstractItemModel::modelReset);
        model.apply(at(100, RunStarted{"/runs/a", 0, 1}));
        QCOMPARE(model.rowCount(), 11);
        QCOMPARE(stateOf(model, 0), StageState::Waiting);
        QCOMPARE(model.index(0, StageListModel::StageColumn).data().toString(), stageText(Stage::Prepare));
        QCOMPARE(model.index(1, StageListModel::StageColumn).data().toString(), stageText(Stage::Baseline));
        QCOMPARE(model.index(6, StageListModel::StageColumn).data().toString(), stageText(Stage::Auxiliary));
        QVERIFY(model.index(6, 0).data(StageListModel::FirstOfCycleRole).toBool());

        model.apply(at(101, StageStarted{Stage::Baseline, 0, 200}));
        model.apply(at(111, Progress{Stage::Baseline, 0, 50, 200, 30}));
        const int row = rowOf(model, stageText(Stage::Baseline));
        QCOMPARE(stateOf(model, row), StageState::Running);
        QCOMPARE(model.index(row, 0).data(StageListModel::FractionRole).toDouble(), 0.25);
        QCOMPARE(model.index(row, 0).data(StageListModel::ElapsedRole).toDouble(), 10.0);
        QCOMPARE(model.index(row, StageListModel::ProgressColumn).data().toString(), QStringLiteral("25 %"));
        QVERIFY(
            model.index(row, StageListModel::TimeColumn).data().toString().contains(QStringLiteral("30 s")));
        model.tick(115);
        QCOMPARE(model.index(row, 0).data(StageListModel::ElapsedRole).toDouble(), 14.0);
        QCOMPARE(model.index(row, 0).data(StageListModel::SecondsLeftRole).toDouble(), 26.0);

        model.apply(at(140, StageFinished{Stage::Baseline, 0, 39}));
        QCOMPARE(stateOf(model, row), StageState::Done);
        QCOMPARE(model.index(row, StageListModel::TimeColumn).data().toString(), QStringLiteral("39 s"));
        // A late report of a finished stage changes nothing.
        model.apply(at(141, Progress{Stage::Baseline, 0, 60, 200, 30}));
        QCOMPARE(stateOf(model, row), StageState::Done);

        model.apply(at(142, StageStarted{Stage::Extract, 0, 0}));
        model.apply(at(150, RunStopped{}));
        QCOMPARE(stateOf(model, rowOf(model, stageText(Stage::Extract))), StageState::Stopped);
        QCOMPARE(stateOf(model, rowOf(model, stageText(Stage::Sae))), StageState::NotRun);
        model.clear();
        QCOMPARE(model.rowCount(), 0);
        QCOMPARE(resets.size(), 0);
    }

    void stagesNotForeseenFindTheirPlace() {
        StageListModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.apply(at(1, StageStarted{Stage::Sae, 2, 10}));
        model.apply(at(2, StageStarted{Stage::Extract, 2, 10}));
        model.apply(at(3, StageStarted{Stage::Auxiliary, 1, 10}));
        QCOMPARE(model.rowCount(), 3);
        QCOMPARE(model.index(0, StageListModel::StageColumn).data().toString(), stageText(Stage::Auxiliary));
        QCOMPARE(model.index(1, StageListModel::StageColumn).data().toString(), stageText(Stage::Extract));
        model.apply(at(4, RunFailed{"no"}));
        QCOMPARE(stateOf(model, 0), StageState::Failed);
    }

    void metricsCompareWithTheFirstCycle() {
        MetricTableModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        QSignalSpy resets(&model, &QAbstractItemModel::modelReset);
        const double nan = std::numeric_limits<double>::quiet_NaN();
        model.setCycle(1, {{"task_accuracy", 0.80}, {"task_loss", 0.50}, {"sae_l0", 16}});
        model.setCycle(0, {{"task_accuracy", 0.75}, {"task_loss", 0.50}});
        QCOMPARE(model.columnCount(), 3);
        QCOMPARE(model.headerData(1, Qt::Horizontal).toString(), QStringLiteral("Cycle 0"));
        const int accuracy = rowOfMetric(model, "task_accuracy");
        QVERIFY(accuracy > 0);
        QCOMPARE(model.index(accuracy, 1).data().toString().toStdString(), metricText("task_accuracy", 0.75));
        QCOMPARE(model.index(accuracy, 1).data(MetricTableModel::ChangeTextRole).toString(), QString());
        const QString change = model.index(accuracy, 2).data(MetricTableModel::ChangeTextRole).toString();
        QVERIFY2(change.startsWith(QChar(0x25B2)), qPrintable(change));
        QVERIFY(change.endsWith(QString::fromStdString(metricText("task_accuracy", 0.05))));
        QCOMPARE(
            model.index(rowOfMetric(model, "task_loss"), 2).data(MetricTableModel::ChangeTextRole).toString(),
            QStringLiteral("="));
        QVERIFY(model.index(accuracy, 2).data(Qt::ToolTipRole).toString().contains(QStringLiteral("better")));
        // What cycle 0 lacks has nothing to be compared with.
        const int l0 = rowOfMetric(model, "sae_l0");
        QVERIFY(l0 > accuracy);
        QCOMPARE(model.index(l0, 1).data().toString().toStdString(), metricText("sae_l0", nan));
        QCOMPARE(model.index(l0, 2).data(MetricTableModel::ChangeTextRole).toString(), QString());
        // A cycle evaluated again replaces its column.
        model.setCycle(1, {{"task_accuracy", 0.70}, {"task_loss", 0.6}, {"sae_l0", 16}});
        QCOMPARE(model.columnCount(), 3);
        QVERIFY(model.index(accuracy, 2)
                    .data(MetricTableModel::ChangeTextRole)
                    .toString()
                    .startsWith(QChar(0x25BC)));
        model.clear();
        QCOMPARE(model.rowCount(), 0);
        QCOMPARE(resets.size(), 0);
    }

    void changesAgreeWithTheValuesShown() {
        MetricTableModel model;
        // Rounded on its own the accuracy's change would read 0.002, and the probe's 0.000.
        model.setCycle(0, {{"task_accuracy", 0.8114},
                           {"task_loss", 0.5},
                           {"probe_sae_accuracy", 0.8134},
                           {"sae_dead_pct", 25.0},
                           {"sae_l0", 1.0},
                           {"clustering_base_calinski_harabasz", 950.0}});
        model.setCycle(1, {{"task_accuracy", 0.8096},
                           {"task_loss", 0.4},
                           {"probe_sae_accuracy", 0.8136},
                           {"sae_dead_pct", 3.71},
                           {"sae_l0", 0.9951},
                           {"clustering_base_calinski_harabasz", 1250.0}});
        const auto shown = [&](const std::string& key) {
            const int row = rowOfMetric(model, key);
            return model.index(row, 1).data().toString() + QLatin1Char('|') +
                   model.index(row, 2).data().toString() + QLatin1Char('|') +
                   model.index(row, 2).data(MetricTableModel::ChangeTextRole).toString();
        };
        const auto verdict = [&](const std::string& key) {
            return model.index(rowOfMetric(model, key), 2).data(MetricTableModel::VerdictRole).toInt();
        };
        QCOMPARE(shown("task_accuracy"), QStringLiteral("0.811|0.810|▼ 0.001"));
        QCOMPARE(shown("probe_sae_accuracy"), QStringLiteral("0.813|0.814|▲ 0.001"));
        QCOMPARE(shown("sae_dead_pct"), QStringLiteral("25.0 %|3.7 %|▼ 21.3 %"));
        QCOMPARE(shown("sae_l0"), QStringLiteral("1.000|0.995|▼ 0.005"));
        QCOMPARE(shown("clustering_base_calinski_harabasz"), QStringLiteral("0.95 k|1.25 k|▲ 0.30 k"));
        QCOMPARE(verdict("task_accuracy"), -1);
        QCOMPARE(verdict("task_loss"), 1);
        QCOMPARE(verdict("sae_dead_pct"), 1);
        QCOMPARE(verdict("sae_l0"), 0);
        QVERIFY(model.index(rowOfMetric(model, "task_accuracy"), 2)
                    .data(Qt::ToolTipRole)
                    .toString()
                    .endsWith(QStringLiteral("worse")));
        // Values that read alike are alike, whatever lies behind the digits shown.
        model.setCycle(1, {{"task_accuracy", 0.8106}});
        QCOMPARE(shown("task_accuracy"), QStringLiteral("0.811|0.811|="));
        QCOMPARE(verdict("task_accuracy"), 0);
        QCOMPARE(model.headerData(2, Qt::Horizontal).toString(), QStringLiteral("Cycle 1"));
        QCOMPARE(model.headerData(2, Qt::Horizontal, MetricTableModel::ChangeTextRole).toString(),
                 QStringLiteral("Change"));
        QCOMPARE(model.headerData(1, Qt::Horizontal, MetricTableModel::ChangeTextRole).toString(), QString());
    }
};

QTEST_MAIN(TestDashboardModels)
#include "tst_dashboard_models.moc"
