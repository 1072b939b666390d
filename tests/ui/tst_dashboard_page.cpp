// SPDX-License-Identifier: GPL-3.0-or-later
// The Dashboard: a run's story, runs compared and filtered, and how the page is
// laid out.
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
#include <limits>
#include <memory>

using namespace saeception;

namespace {

Event at(double wallTime, EventBody body) {
    return {wallTime, std::move(body)};
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
