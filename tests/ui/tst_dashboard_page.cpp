// SPDX-License-Identifier: GPL-3.0-or-later
// The Dashboard: its two models under a tester, the bounded curves, the charts under the mouse, and a whole
// run replayed.
#include "cycle/metric_info.h"
#include "cycle/scalar_tags.h"
#include "ui/models/metric_table_model.h"
#include "ui/models/stage_list_model.h"
#include "ui/pages/dashboard_page.h"
#include "ui/plots/curve_buffer.h"
#include "ui/plots/curve_chart.h"
#include "ui/plots/curve_legend.h"
#include "ui/theme.h"

#include <QAbstractItemModelTester>
#include <QLabel>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>
#include <QWheelEvent>

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

}  // namespace

class TestDashboardPage : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { Theme::instance().install(*qApp, ThemeChoice::Light); }

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

    void aLonePointsMarkGoesWithTheSecondPoint() {
        const auto flat = [](CurveChart& chart, int from, int to) {
            for (int step = from; step <= to; ++step)
                chart.append(0, CurveChart::Kind::Training, step, step == 1 ? 0.5 : 1);
        };
        CurveChart grown(QStringLiteral("Loss"), QStringLiteral("nothing yet"));
        CurveChart whole(QStringLiteral("Loss"), QStringLiteral("nothing yet"));
        for (CurveChart* chart : {&grown, &whole}) {
            chart->resize(300, 200);
            chart->show();
        }
        flat(grown, 1, 1);
        QTRY_COMPARE(grown.readout(), QStringLiteral("0.500"));
        flat(grown, 2, 20);
        flat(whole, 1, 20);
        QTRY_COMPARE(grown.readout(), QStringLiteral("1"));
        QTRY_COMPARE(whole.readout(), QStringLiteral("1"));
        QTRY_COMPARE(grown.grab().toImage(), whole.grab().toImage());
    }

    void headlinePrefersValidation() {
        CurveChart chart(QStringLiteral("Accuracy"), QStringLiteral("nothing yet"), 0.5);
        chart.preferValidation();
        chart.resize(500, 300);
        chart.show();
        using Kind = CurveChart::Kind;
        chart.append(0, Kind::Training, 1, 0.3);
        chart.append(0, Kind::Training, 2, 0.6);
        // The debiased average: (0.25 * 0.3 + 0.5 * 0.6) / 0.75.
        QTRY_COMPARE(chart.readout(), QStringLiteral("training 0.500"));
        chart.append(0, Kind::Validation, 2, 0.7);
        chart.append(1, Kind::Validation, 2, 0.808);
        chart.append(1, Kind::Training, 3, 0.941);
        QTRY_COMPARE(chart.readout(), QStringLiteral("validation 0.808"));
        chart.clear();
        QCOMPARE(chart.readout(), QString());
        chart.append(0, Kind::Training, 1, 0.25);
        QTRY_COMPARE(chart.readout(), QStringLiteral("training 0.250"));
    }

    void curveBufferIsBoundedAndKeepsSpikes() {
        CurveBuffer buffer(1000);
        bool merged = false;
        for (int i = 0; i < 100000; ++i) {
            double value = std::sin(i * 0.01);
            if (i == 31234)
                value = 50;
            if (i == 61234)
                value = -50;
            merged = buffer.append(i, value) || merged;
            QVERIFY(buffer.size() <= 1000);
        }
        QVERIFY(merged);
        QVERIFY(buffer.size() >= 250);
        QCOMPARE(buffer.x().front(), 0.0);
        QCOMPARE(buffer.x().back(), 99999.0);
        QVERIFY(std::is_sorted(buffer.x().begin(), buffer.x().end()));
        const auto [low, high] = std::minmax_element(buffer.y().begin(), buffer.y().end());
        QCOMPARE(*low, -50.0);
        QCOMPARE(*high, 50.0);
        QCOMPARE(buffer.x()[static_cast<std::size_t>(high - buffer.y().begin())], 31234.0);
    }

    void chartFollowsUntilZoomedAndReadsOut() {
        CurveChart chart(QStringLiteral("Loss"), QStringLiteral("nothing yet"));
        chart.resize(500, 300);
        chart.show();
        QVERIFY(QTest::qWaitForWindowExposed(&chart));
        for (int step = 0; step <= 100; ++step)
            chart.append(0, CurveChart::Kind::Training, step, 1.0 - step * 0.005);
        QTRY_COMPARE(chart.readout(), QStringLiteral("0.500"));
        QVERIFY(chart.isFollowing());
        QCOMPARE(chart.pointCount(0, CurveChart::Kind::Training), std::size_t(101));
        auto* plot = reinterpret_cast<QWidget*>(chart.plot());
        const QPoint centre = plot->rect().center();
        // The curve is a straight fall, so the middle of the plot lies close to it.
        QTest::mouseMove(plot, centre);
        QTRY_VERIFY2(chart.readout().startsWith(QStringLiteral("Cycle 0, training, step")),
                     qPrintable(chart.readout()));
        QTest::mouseMove(plot, QPoint(plot->width() - 20, 12));
        QTRY_COMPARE(chart.readout(), QStringLiteral("0.500"));

        QWheelEvent wheel(centre, plot->mapToGlobal(centre), {}, {0, 240}, Qt::NoButton, Qt::NoModifier,
                          Qt::NoScrollPhase, false);
        QCoreApplication::sendEvent(plot, &wheel);
        QVERIFY(!chart.isFollowing());
        chart.append(0, CurveChart::Kind::Training, 101, 0.1);
        QVERIFY(!chart.isFollowing());
        QTest::mouseDClick(plot, Qt::LeftButton, {}, centre);
        QVERIFY(chart.isFollowing());
        chart.append(0, CurveChart::Kind::Training, 102, std::numeric_limits<double>::quiet_NaN());
        QTRY_VERIFY2(chart.readout().contains(QStringLiteral("Not finite: 1")), qPrintable(chart.readout()));
        chart.clear();
        QCOMPARE(chart.pointCount(0, CurveChart::Kind::Training), std::size_t(0));
        QCOMPARE(chart.readout(), QString());
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
        page.begin(QStringLiteral("demo"), true);
        page.setState(RunState::Running);
        QVERIFY(!page.isEmpty());
        EventBatch batch{at(1, RunStarted{"/runs/a", 0, 1}), at(1, StageStarted{Stage::Baseline, 0, 100})};
        for (int step = 1; step <= 50; ++step) {
            batch.push_back(at(2, Scalar{Stage::Baseline, 0, tags::trainTaskLoss, step, 1.0 / step}));
            batch.push_back(at(2, Scalar{Stage::Baseline, 0, tags::trainAccuracy, step, 0.5}));
            batch.push_back(at(2, Scalar{Stage::Baseline, 0, "train/of_no_chart", step, 0.5}));
        }
        batch.push_back(at(3, Scalar{Stage::Baseline, 0, tags::validationLoss, 50, 0.4}));
        batch.push_back(at(3, Scalar{Stage::Auxiliary, 1, tags::trainAuxiliaryLoss, 1, 0.3}));
        batch.push_back(at(4, CycleEvaluated{0, {{"task_accuracy", 0.8}}}));
        for (int i = 0; i < 150; ++i)
            batch.push_back(at(5, Warning{"warning " + std::to_string(i)}));
        page.consume(batch);
        using Kind = CurveChart::Kind;
        QCOMPARE(page.chart(DashboardPage::LossChart)->pointCount(0, Kind::Training), std::size_t(50));
        QCOMPARE(page.chart(DashboardPage::LossChart)->pointCount(0, Kind::Validation), std::size_t(1));
        QCOMPARE(page.chart(DashboardPage::AccuracyChart)->pointCount(0, Kind::Training), std::size_t(50));
        QCOMPARE(page.chart(DashboardPage::AuxiliaryChart)->pointCount(1, Kind::Training), std::size_t(1));
        QCOMPARE(page.findChild<CurveLegend*>()->cycles(), (std::vector<int>{0, 1}));
        QCOMPARE(page.metrics()->columnCount(), 2);
        QCOMPARE(page.warnings().size(), 100);
        QVERIFY(page.findChild<QLabel*>(QStringLiteral("warnings"))
                    ->text()
                    .contains(QStringLiteral("warning 149")));

        const auto says = [&](DashboardPage::ChartId id, const QString& text) {
            const auto labels = page.chart(id)->findChildren<QLabel*>();
            return std::any_of(labels.begin(), labels.end(),
                               [&](const QLabel* label) { return label->text() == text; });
        };
        const QString waiting = QStringLiteral("Starts when the SAE is trained.");
        const QString notReached = QStringLiteral("Not reached in this run.");
        QVERIFY(says(DashboardPage::L0Chart, waiting));
        QSignalSpy stops(&page, &DashboardPage::stopRequested);
        auto* stop = page.findChild<QPushButton*>(QStringLiteral("dashboardStop"));
        QTest::mouseClick(stop, Qt::LeftButton);
        QCOMPARE(stops.size(), 1);
        stop->setFocus();
        QCOMPARE(page.focusWidget(), stop);
        page.setState(RunState::Stopping);
        QCOMPARE(page.focusWidget(), page.findChild<QWidget*>(QStringLiteral("stageList")));
        page.consume({at(6, RunFailed{"the disk is full"})});
        page.setState(RunState::Failed);
        QVERIFY(!stop->isVisible());
        QVERIFY(says(DashboardPage::L0Chart, notReached));
        QVERIFY(page.warnings().contains(QStringLiteral("the disk is full")));

        page.begin(QStringLiteral("next"), true);
        QVERIFY(says(DashboardPage::L0Chart, waiting));
        QCOMPARE(page.stages()->rowCount(), 0);
        QCOMPARE(page.metrics()->rowCount(), 0);
        QCOMPARE(page.chart(DashboardPage::LossChart)->pointCount(0, Kind::Training), std::size_t(0));
        QVERIFY(page.warnings().isEmpty());
    }

    void chartsChangeWithTheTheme() {
        CurveChart chart(QStringLiteral("Loss"), QStringLiteral("nothing yet"));
        chart.resize(300, 200);
        chart.show();
        chart.append(0, CurveChart::Kind::Training, 1, 1);
        const auto corner = [&] {
            QCoreApplication::processEvents();
            return chart.grab().toImage().pixelColor(150, 190);
        };
        QTRY_COMPARE(corner(), themeColours(false).surface);
        Theme::instance().setChoice(ThemeChoice::Dark);
        QTRY_COMPARE(corner(), themeColours(true).surface);
        Theme::instance().setChoice(ThemeChoice::Light);
        QTRY_COMPARE(corner(), themeColours(false).surface);
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
