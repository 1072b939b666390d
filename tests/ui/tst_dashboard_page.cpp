// SPDX-License-Identifier: GPL-3.0-or-later
// The Dashboard: its models under a tester, a run's story, runs compared and filtered, and how the page is
// laid out.
#include "cycle/metric_info.h"
#include "cycle/scalar_tags.h"
#include "ui/models/metric_table_model.h"
#include "ui/models/stage_list_model.h"
#include "ui/pages/dashboard_page.h"
#include "ui/plots/chart_grid.h"
#include "ui/plots/curve_legend.h"
#include "ui/theme.h"

#include <QAbstractItemModelTester>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>

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

RunCurves curvesOf(const EventBatch& batch) {
    RunCurves curves;
    for (const Event& event : batch)
        curves.apply(event);
    return curves;
}

}  // namespace

class TestDashboardPage : public QObject {
    Q_OBJECT

    QTemporaryDir m_settings;

private Q_SLOTS:
    void initTestCase() {
        QCoreApplication::setOrganizationName(QStringLiteral("saeception-test"));
        QCoreApplication::setApplicationName(QStringLiteral("tst_dashboard_page"));
        QSettings::setDefaultFormat(QSettings::IniFormat);
        QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, m_settings.path());
        Theme::instance().install(*qApp, ThemeChoice::Light);
    }

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

    void emptyPageLeadsToLaunch() {
        DashboardPage page;
        page.resize(1100, 700);
        page.show();
        QVERIFY(page.isEmpty());
        QSignalSpy asked(&page, &DashboardPage::launchPageRequested);
        QTest::mouseClick(page.findChild<QPushButton*>(QStringLiteral("goToLaunch")), Qt::LeftButton);
        QCOMPARE(asked.size(), 1);
    }

    void showsARunFromItsEvents() {
        DashboardPage page;
        page.resize(1100, 700);
        page.show();
        page.begin(QStringLiteral("a"), QStringLiteral("demo"), true);
        page.view(QStringLiteral("a"));
        page.setState(QStringLiteral("a"), RunState::Running);
        QVERIFY(!page.isEmpty());
        EventBatch batch{at(1, RunStarted{"/runs/a", 0, 1}), at(1, StageStarted{Stage::Baseline, 0, 100})};
        for (int step = 1; step <= 50; ++step) {
            batch.push_back(at(2, Scalar{Stage::Baseline, 0, tags::trainTaskLoss, step, 1.0 / step}));
            batch.push_back(at(2, Scalar{Stage::Baseline, 0, tags::trainAccuracy, step, 0.5}));
            batch.push_back(at(2, Scalar{Stage::Baseline, 0, "probe/top_1", step, 0.5}));
        }
        batch.push_back(at(3, Scalar{Stage::Baseline, 0, tags::validationLoss, 50, 0.4}));
        batch.push_back(at(3, Scalar{Stage::Auxiliary, 1, tags::trainAuxiliaryLoss, 1, 0.3}));
        batch.push_back(at(4, CycleEvaluated{0, {{"task_accuracy", 0.8}}}));
        for (int i = 0; i < 150; ++i)
            batch.push_back(at(5, Warning{"warning " + std::to_string(i)}));
        page.consume(QStringLiteral("a"), batch);
        QCOMPARE(page.pointCount(tags::trainTaskLoss, 0), std::size_t(50));
        QCOMPARE(page.pointCount(tags::validationLoss, 0), std::size_t(1));
        QCOMPARE(page.pointCount(tags::trainAccuracy, 0), std::size_t(50));
        QCOMPARE(page.pointCount(tags::trainAuxiliaryLoss, 1), std::size_t(1));
        // Training and validation share a chart; a tag that nobody foresaw gets its own.
        QCOMPARE(page.chart(tags::trainTaskLoss), page.chart(tags::validationLoss));
        QVERIFY(page.chart("probe/top_1") != nullptr);
        QCOMPARE(page.chart("probe/top_1")->title(), QStringLiteral("Top 1"));
        const auto entries = page.findChild<CurveLegend*>()->entries();
        QCOMPARE(entries.size(), std::size_t(2));
        QCOMPARE(entries[1].name, QStringLiteral("Cycle 1"));
        QCOMPARE(page.metrics()->columnCount(), 2);
        QCOMPARE(page.warnings().size(), 100);
        QVERIFY(page.findChild<QLabel*>(QStringLiteral("warnings"))
                    ->text()
                    .contains(QStringLiteral("warning 149")));

        const QString waiting = QStringLiteral("Starts when the SAE is trained.");
        QCOMPARE(page.chart(tags::saeL0)->emptyText(), waiting);
        QSignalSpy stops(&page, &DashboardPage::stopRequested);
        auto* stop = page.findChild<QPushButton*>(QStringLiteral("dashboardStop"));
        QTest::mouseClick(stop, Qt::LeftButton);
        QCOMPARE(stops.size(), 1);
        stop->setFocus();
        QCOMPARE(page.focusWidget(), stop);
        page.setState(QStringLiteral("a"), RunState::Stopping);
        QCOMPARE(page.focusWidget(), page.findChild<QWidget*>(QStringLiteral("stageList")));
        page.consume(QStringLiteral("a"), {at(6, RunFailed{"the disk is full"})});
        page.setState(QStringLiteral("a"), RunState::Failed);
        QVERIFY(!stop->isVisible());
        QCOMPARE(page.chart(tags::saeL0)->emptyText(), QStringLiteral("Not reached in this run."));
        QVERIFY(page.warnings().contains(QStringLiteral("the disk is full")));

        const auto shows = [&](const char* tag) {
            const auto shown = page.charts()->charts();
            return std::find(shown.begin(), shown.end(), page.chart(tag)) != shown.end();
        };
        QVERIFY(shows("probe/top_1"));
        page.begin(QStringLiteral("b"), QStringLiteral("next"), true);
        QCOMPARE(page.viewed(), QStringLiteral("a"));
        page.view(QStringLiteral("b"));
        QVERIFY(!shows("probe/top_1"));
        QVERIFY(shows(tags::saeL0));
        QCOMPARE(page.chart(tags::saeL0)->emptyText(), waiting);
        QCOMPARE(page.stages()->rowCount(), 0);
        QCOMPARE(page.metrics()->rowCount(), 0);
        QCOMPARE(page.pointCount(tags::trainTaskLoss, 0), std::size_t(0));
        QVERIFY(page.warnings().isEmpty());
    }

    void valuesThatAreNotFiniteAreAWarning() {
        DashboardPage page;
        page.begin(QStringLiteral("a"), QStringLiteral("demo"), false);
        page.view(QStringLiteral("a"));
        const double nan = std::numeric_limits<double>::quiet_NaN();
        const double infinity = std::numeric_limits<double>::infinity();
        page.consume(QStringLiteral("a"), {at(1, Scalar{Stage::Baseline, 0, tags::trainLoss, 1, 1}),
                                           at(2, Scalar{Stage::Baseline, 0, tags::trainLoss, 2, nan}),
                                           at(3, Scalar{Stage::Baseline, 0, tags::trainLoss, 3, nan}),
                                           at(4, Scalar{Stage::Sae, 1, tags::saeLoss, 7, -infinity})});
        // Once a curve: the rest is counted in the chart.
        QCOMPARE(page.warnings(),
                 (QStringList{QStringLiteral("train/loss is not a number at step 2 of cycle 0"),
                              QStringLiteral("sae/loss is infinite at step 7 of cycle 1")}));
    }

    void runsAreComparedAndFiltered() {
        DashboardPage page;
        page.resize(1280, 760);
        page.show();
        const auto points = [](double value) {
            EventBatch batch;
            for (int step = 1; step <= 10; ++step)
                batch.push_back(at(step, Scalar{Stage::Baseline, 0, tags::trainLoss, step, value}));
            return batch;
        };
        page.begin(QStringLiteral("a"), QStringLiteral("live"), true);
        page.view(QStringLiteral("a"));
        page.consume(QStringLiteral("a"), points(1));
        auto* list = page.findChild<QListView*>(QStringLiteral("runList"));
        QAbstractItemModelTester tester(list->model(),
                                        QAbstractItemModelTester::FailureReportingMode::QtTest);
        QSignalSpy resets(list->model(), &QAbstractItemModel::modelReset);
        QVERIFY(!list->isVisible());
        page.addRun(QStringLiteral("/runs/topk"), QStringLiteral("topk 16"), curvesOf(points(2)));
        page.addRun(QStringLiteral("/runs/l1"), QStringLiteral("l1 0.01"), curvesOf(points(3)));
        QVERIFY(list->isVisible());
        QCOMPARE(list->model()->rowCount(), 3);
        CurveChart* chart = page.chart(tags::trainLoss);
        QCOMPARE(chart->rowsAt(5, 0).size(), std::size_t(3));
        QCOMPARE(chart->rowsAt(5, 0)[2].name, QStringLiteral("l1 0.01"));
        const QColor colourOfL1 = chart->rowsAt(5, 0)[2].colour;

        // A click on its check mark takes a run out of the charts, colours stay.
        const QRect row = list->visualRect(list->model()->index(1, 0));
        QTest::mouseClick(list->viewport(), Qt::LeftButton, {}, QPoint(row.left() + 10, row.center().y()));
        QCOMPARE(chart->rowsAt(5, 0).size(), std::size_t(2));
        QCOMPARE(chart->rowsAt(5, 0)[1].colour, colourOfL1);
        list->setCurrentIndex(list->model()->index(1, 0));
        list->setFocus();
        QTest::keyClick(list, Qt::Key_Space);
        QCOMPARE(chart->rowsAt(5, 0).size(), std::size_t(3));

        auto* filter = page.findChild<QLineEdit*>(QStringLiteral("runFilter"));
        auto* problem = page.findChild<QLabel*>(QStringLiteral("runFilterProblem"));
        QTest::keyClicks(filter, QStringLiteral("^(topk|L1) [\\d.]+$"));
        QCOMPARE(list->model()->rowCount(), 2);
        QCOMPARE(chart->rowsAt(5, 0).size(), std::size_t(2));
        QCOMPARE(chart->rowsAt(5, 0)[1].colour, colourOfL1);
        QVERIFY(!problem->isVisible());
        QTest::keyClicks(filter, QStringLiteral("("));
        QVERIFY(problem->isVisible());
        QVERIFY2(problem->text().contains(QStringLiteral("regular expression")), qPrintable(problem->text()));
        QCOMPARE(list->model()->rowCount(), 2);
        filter->clear();
        QVERIFY(!problem->isVisible());
        QCOMPARE(list->model()->rowCount(), 3);

        // A run that is opened in view stands no second time beside itself.
        page.consume(QStringLiteral("a"), {at(1, RunStarted{"/runs/l1", 0, 1})});
        QCOMPARE(page.runIn(QStringLiteral("/runs/l1")), QStringLiteral("a"));
        QCOMPARE(list->model()->rowCount(), 2);
        page.removeRun(QStringLiteral("a"));
        QCOMPARE(list->model()->rowCount(), 2);
        page.removeRun(QStringLiteral("/runs/topk"));
        QCOMPARE(list->model()->rowCount(), 1);
        QVERIFY(!list->isVisible());
        QCOMPARE(resets.size(), 0);
    }

    void followsSeveralRunsAtOnce() {
        DashboardPage page;
        page.resize(1280, 760);
        page.show();
        const QString first = QStringLiteral("1");
        const QString second = QStringLiteral("2");
        const auto points = [](double value, int steps) {
            EventBatch batch;
            for (int step = 1; step <= steps; ++step)
                batch.push_back(at(step, Scalar{Stage::Baseline, 0, tags::trainLoss, step, value}));
            return batch;
        };
        page.begin(first, QStringLiteral("k 8"), true);
        QVERIFY(page.isEmpty());
        page.view(first);
        page.setState(first, RunState::Running);
        page.consume(first, {at(1, RunStarted{"/runs/0", 0, 0}), at(1, Warning{"of the first"})});
        page.consume(first, points(1, 10));
        page.begin(second, QStringLiteral("k 16"), true);
        page.setState(second, RunState::Running);
        page.consume(second, {at(2, RunStarted{"/runs/1", 0, 2})});
        page.consume(second, points(2, 20));

        // The first stays in view; both go on, so the charts show both.
        QCOMPARE(page.viewed(), first);
        QCOMPARE(page.pointCount(tags::trainLoss, 0), std::size_t(10));
        QCOMPARE(page.chart(tags::trainLoss)->rowsAt(5, 0).size(), std::size_t(2));
        QVERIFY(page.curves()->comparesRuns());

        auto* list = page.findChild<QListView*>(QStringLiteral("runList"));
        const QRect row = list->visualRect(list->model()->index(1, 0));
        const QPoint name(row.left() + 60, row.center().y());
        QTest::mouseClick(list->viewport(), Qt::LeftButton, {}, name);
        QTest::mouseDClick(list->viewport(), Qt::LeftButton, {}, name);
        QCOMPARE(page.viewed(), second);
        QCOMPARE(page.stages()->rowCount(), 16);
        QVERIFY(page.warnings().isEmpty());
        QCOMPARE(page.pointCount(tags::trainLoss, 0), std::size_t(20));

        // Stop speaks of the run in view.
        QSignalSpy stops(&page, &DashboardPage::stopRequested);
        QTest::mouseClick(page.findChild<QPushButton*>(QStringLiteral("dashboardStop")), Qt::LeftButton);
        QCOMPARE(stops.size(), 1);
        QCOMPARE(stops[0][0].toString(), second);

        // What has ended makes room for the next once that is looked at.
        page.consume(second, {at(3, RunFinished{})});
        page.setState(second, RunState::Done);
        page.view(first);
        QCOMPARE(page.chart(tags::trainLoss)->rowsAt(5, 0).size(), std::size_t(1));
        QVERIFY(!page.curves()->comparesRuns());
        QCOMPARE(page.warnings(), QStringList{QStringLiteral("of the first")});

        // Runs that are followed nowhere are asked for by their folder.
        page.addRun(QStringLiteral("/runs/other"), QStringLiteral("other"), {});
        QSignalSpy chosen(&page, &DashboardPage::runChosen);
        list->setCurrentIndex(list->model()->index(2, 0));
        list->setFocus();
        QTest::keyClick(list, Qt::Key_Return);
        QCOMPARE(chosen.size(), 1);
        QCOMPARE(chosen[0][0].toString(), QStringLiteral("/runs/other"));

        // A queue of a night leaves a bounded number behind.
        for (int run = 0; run < 3 * DashboardPage::maximumStories; ++run) {
            const QString id = QStringLiteral("night %1").arg(run);
            page.begin(id, id, true);
            page.consume(id, {at(4, RunFinished{})});
        }
        QVERIFY(page.follows(first));
        QVERIFY(static_cast<int>(page.curves()->runs().size()) <= DashboardPage::maximumStories + 1);
    }

    void remembersWhatIsPinned() {
        {
            DashboardPage page;
            page.resize(1280, 760);
            page.show();
            page.begin(QStringLiteral("a"), QStringLiteral("demo"), false);
            page.view(QStringLiteral("a"));
            CurveChart* chart = page.chart(tags::saeL0);
            chart->setFocus();
            Q_EMIT chart->pinRequested(true);
            QCOMPARE(page.charts()->charts().front(), chart);
        }
        DashboardPage again;
        QVERIFY(again.chart(tags::saeL0)->isPinned());
        QCOMPARE(again.charts()->charts().front(), again.chart(tags::saeL0));
        QSettings().clear();
    }

    void aLiveRunMeasuresItsProcess() {
        const auto use = readProcessUse();
        QVERIFY(use.has_value());
        QVERIFY(use->residentMegabytes > 1 && use->residentMegabytes < 1e6);
        QVERIFY(use->processorSeconds >= 0);
        DashboardPage page;
        page.begin(QStringLiteral("a"), QStringLiteral("live"), true);
        page.view(QStringLiteral("a"));
        QTRY_VERIFY_WITH_TIMEOUT(page.pointCount(tags::processMemory, wholeRun) > 0, 20000);
        QCOMPARE(page.pointCount(tags::processCpu, wholeRun), page.pointCount(tags::processMemory, wholeRun));
        page.consume(QStringLiteral("a"), {at(1, RunFinished{})});
    }

    void sectionsAndColumnsFitTheWindow() {
        DashboardPage page;
        page.begin(QStringLiteral("a"), QStringLiteral("demo"), false);
        page.view(QStringLiteral("a"));
        page.resize(1190, 740);
        page.show();
        QCOMPARE(page.charts()->columns(), 2);
        page.resize(1830, 1020);
        QTRY_COMPARE(page.charts()->columns(), 3);
        const CurveChart* last = page.charts()->charts().back();
        QVERIFY(last->width() > 380);
    }

    void coloursReachTheirContrast_data() {
        QTest::addColumn<bool>("dark");
        QTest::newRow("light") << false;
        QTest::newRow("dark") << true;
    }
    void coloursReachTheirContrast() {
        QFETCH(bool, dark);
        const ThemeColours& c = themeColours(dark);
        for (const QColor& behind : {c.window, c.surface, c.raised})
            for (const QColor& ink : {c.text, c.faintText, c.accent, c.warning, c.error})
                QVERIFY2(contrastRatio(ink, behind) >= 4.5, qPrintable(ink.name() + " on " + behind.name()));
        QVERIFY(contrastRatio(c.text, c.accentFill) >= 4.5);
        QVERIFY(contrastRatio(c.text, c.shading) >= 4.5);
        QVERIFY(contrastRatio(c.onAccent, c.accent) >= 4.5);
        for (const QColor& series : c.series)
            QVERIFY2(contrastRatio(series, c.surface) >= 3, qPrintable(series.name()));
        QCOMPARE(contrastRatio(Qt::black, Qt::white), 21.0);
    }
};

QTEST_MAIN(TestDashboardPage)
#include "tst_dashboard_page.moc"
