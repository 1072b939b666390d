// SPDX-License-Identifier: GPL-3.0-or-later
// The Cycle map page under real clicks and keys: choosing nodes, what is said of them, running a stage by
// itself, and runs that are live, damaged or gone.
#include "config/overrides.h"
#include "cycle/scalar_tags.h"
#include "cycle_fixture.h"
#include "ui/jobs/job_spec.h"
#include "ui/models/curve_store.h"
#include "ui/pages/cycle_details.h"
#include "ui/pages/cycle_map_page.h"
#include "ui/plots/curve_chart.h"
#include "ui/plots/cycle_curves.h"
#include "ui/plots/cycle_diagram.h"
#include "ui/theme.h"
#include "ui/widgets/notice_banner.h"

#include <QAccessible>
#include <QApplication>
#include <QClipboard>
#include <QLabel>
#include <QMessageBox>
#include <QPushButton>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>

#include <memory>

using namespace saeception;
using fixture::CycleRun;
using Kind = CycleNodeKind;
namespace fs = std::filesystem;

class TestCycleMapPage : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<CycleMapPage> m_page;

    template <typename Widget>
    Widget& find(const char* name) const {
        auto* widget = m_page->findChild<Widget*>(QString::fromLatin1(name));
        if (!widget)
            qFatal("the page has no %s", name);
        return *widget;
    }
    fs::path root() const { return fs::path(m_folder->path().toStdString()) / "run, with (odd) name"; }
    CycleDiagram& diagram() const { return *m_page->diagram(); }
    void open() {
        QSignalSpy loaded(m_page.get(), &CycleMapPage::loaded);
        m_page->setRun(root());
        QTRY_VERIFY(!loaded.isEmpty());
    }
    void reload() {
        QSignalSpy loaded(m_page.get(), &CycleMapPage::loaded);
        m_page->reload();
        QTRY_VERIFY(!loaded.isEmpty());
    }
    QModelIndex indexOf(int cycle, Kind kind) const {
        return m_page->model()->index(m_page->model()->rowOf({cycle, kind}));
    }
    void click(int cycle, Kind kind) {
        diagram().scrollTo(indexOf(cycle, kind));
        QTest::mouseClick(diagram().viewport(), Qt::LeftButton, {},
                          diagram().visualRect(indexOf(cycle, kind)).center());
        QCOMPARE(diagram().currentNode(), (CycleNode{cycle, kind}));
    }
    QString text(const char* name) const { return find<QLabel>(name).text(); }
    void consume(double time, EventBody body) { m_page->consume({{time, std::move(body)}}); }

private Q_SLOTS:
    void initTestCase() { Theme::instance().install(*qApp, ThemeChoice::Light); }
    void init() {
        m_folder = std::make_unique<QTemporaryDir>();
        m_page = std::make_unique<CycleMapPage>();
        m_page->resize(1216, 700);
        m_page->show();
        QVERIFY(QTest::qWaitForWindowActive(m_page.get()));
    }
    void cleanup() { m_page.reset(); }

    void emptyStateLeadsToLaunch() {
        QSignalSpy wanted(m_page.get(), &CycleMapPage::launchPageRequested);
        QVERIFY(!diagram().isVisible());
        QTest::mouseClick(&find<QPushButton>("goToLaunch"), Qt::LeftButton);
        QCOMPARE(wanted.size(), 1);
    }

    void clicksChooseNodes() {
        fixture::writeCycles(root(), 2);
        open();
        QVERIFY(diagram().isVisible());
        // What a finished run came to is shown first.
        QCOMPARE(diagram().currentNode(), (CycleNode{1, Kind::Results}));
        QVERIFY(find<QWidget>("cycleNumbers").isVisible());
        QVERIFY(find<QWidget>("cycleAcross").isVisible());
        click(1, Kind::TrainSae);
        QCOMPARE(text("cycleTitle"), QStringLiteral("Train SAE, cycle 1"));
        QCOMPARE(text("cycleState"), QStringLiteral("Done in 10 s"));
        QVERIFY(text("cycleNeeds").contains(QStringLiteral("model_1")));
        QVERIFY(text("cycleMakes").contains(QStringLiteral("sae_1")));
        QVERIFY(!find<QWidget>("cycleAcross").isVisible());
        const auto numbers = [this] {
            QStringList texts;
            for (const QLabel* label : find<QWidget>("cycleNumbers").findChildren<QLabel*>())
                if (label->isVisible())
                    texts << label->text();
            return texts.join(QLatin1Char('|'));
        };
        QTRY_COMPARE(numbers(), QStringLiteral("Epoch|2 of 2|Validation MSE|0.200|L0, active features|16"));
        QCOMPARE(find<CycleDetails>("cycleDetails").verticalScrollBar()->value(), 0);
        QVERIFY(text("fileName").startsWith(QStringLiteral("sae_cycle_1_best.pt\n")));
        QSignalSpy noticed(m_page.get(), &CycleMapPage::noticed);
        QTest::mouseClick(&find<QToolButton>("copyPath"), Qt::LeftButton);
        QCOMPARE(QGuiApplication::clipboard()->text(),
                 QString::fromStdString(RunDirectory::at(root()).sae(1).string()));
        QCOMPARE(noticed.size(), 1);
        click(0, Kind::Activations);
        QCOMPARE(text("cycleState"), QStringLiteral("Missing, can be remade"));
        QVERIFY(!find<QWidget>("cycleFileSection").isVisible());
    }

    void keysWalkTheMap() {
        fixture::writeCycles(root(), 2);
        open();
        diagram().setFocus();
        const auto press = [&](Qt::Key key, int cycle, Kind kind) {
            QTest::keyClick(&diagram(), key);
            QCOMPARE(diagram().currentNode(), (CycleNode{cycle, kind}));
        };
        press(Qt::Key_Home, 0, Kind::Prepare);
        press(Qt::Key_Right, 0, Kind::Tune);
        press(Qt::Key_Down, 0, Kind::Model);
        press(Qt::Key_Right, 0, Kind::Activations);
        press(Qt::Key_Up, 0, Kind::Extract);
        press(Qt::Key_Left, 0, Kind::Tune);
        press(Qt::Key_PageDown, 1, Kind::Tune);
        press(Qt::Key_Up, 0, Kind::Model);
        press(Qt::Key_Down, 1, Kind::Tune);
        press(Qt::Key_Left, 1, Kind::Sharpen);
        press(Qt::Key_Left, 1, Kind::Sharpen);
        press(Qt::Key_PageUp, 0, Kind::Prepare);
        press(Qt::Key_End, 1, Kind::Features);
        QCOMPARE(text("cycleTitle"), QStringLiteral("features_1"));
        QTest::keyClick(&diagram(), Qt::Key_Return);
        QVERIFY(find<QPushButton>("runStage").hasFocus());
    }

    void nodesAreSpoken() {
        fixture::writeCycles(root(), 1);
        open();
        QAccessibleInterface* const map = QAccessible::queryAccessibleInterface(&diagram());
        QVERIFY(map);
        QCOMPARE(map->text(QAccessible::Name), QStringLiteral("Cycle map"));
        QCOMPARE(map->childCount(), 12);
        QAccessibleInterface* const sae = map->child(m_page->model()->rowOf({0, Kind::TrainSae}));
        QVERIFY(sae);
        QCOMPARE(sae->text(QAccessible::Name), QStringLiteral("Cycle 0, Train SAE: Done, 10 s"));
        const QRect rect = diagram().visualRect(indexOf(0, Kind::TrainSae));
        QCOMPARE(sae->rect(), QRect(diagram().viewport()->mapToGlobal(rect.topLeft()), rect.size()));
    }

    void linksLeadToTheirNodes() {
        fixture::writeCycles(root(), 2);
        open();
        click(1, Kind::Tune);
        Q_EMIT find<QLabel>("cycleNeeds").linkActivated(QStringLiteral("0:%1").arg(int(Kind::Model)));
        QCOMPARE(diagram().currentNode(), (CycleNode{0, Kind::Model}));
        QVERIFY(text("cycleNeeds").contains(QStringLiteral("Fine-tune")));
        QVERIFY(text("cycleMakes").contains(QStringLiteral("Sharpen")));
    }

    void runningAStageThatReplacesNothing() {
        CycleRun run(root(), 2);
        run.prepare();
        run.tune(0);
        run.lastWord("info] done", "train_baseline");
        open();
        QSignalSpy requested(m_page.get(), &CycleMapPage::stageRequested);
        click(0, Kind::TrainSae);
        auto& button = find<QPushButton>("runStage");
        QVERIFY(button.isEnabled());
        QCOMPARE(button.text(), QStringLiteral("Run just this stage"));
        QTest::mouseClick(&button, Qt::LeftButton);
        QCOMPARE(requested.size(), 1);
        const auto spec = requested[0][0].value<JobSpec>();
        QCOMPARE(spec.command, QStringLiteral("train_sae"));
        QCOMPARE(spec.overrides.size(), 2);
        QCOMPARE(spec.overrides[0], QStringLiteral("cycle.current=0"));
        // The folder's odd name survives the grammar of overrides.
        const Override folder = parseOverride(spec.overrides[1].toStdString());
        QVERIFY(!folder.sweep);
        QCOMPARE(folder.key, std::string("hydra.run.dir"));
        QCOMPARE(folder.value.get<std::string>(), root().string());
        // By keys as well.
        QTest::keyClick(&diagram(), Qt::Key_Return, Qt::ControlModifier);
        QCOMPARE(requested.size(), 2);
    }

    void whatIsMissingIsSaid() {
        CycleRun run(root(), 2);
        run.prepare();
        run.tune(0);
        run.lastWord("info] done", "train_baseline");
        open();
        QSignalSpy requested(m_page.get(), &CycleMapPage::stageRequested);
        click(0, Kind::Evaluate);
        auto& button = find<QPushButton>("runStage");
        QVERIFY(!button.isEnabled());
        QVERIFY(text("runReason").contains(QStringLiteral("sae_cycle_0_best.pt is missing")));
        QVERIFY(text("runReason").contains(QStringLiteral("saeception train_sae cycle.current=0")));
        QTest::mouseClick(&button, Qt::LeftButton);
        QTest::keyClick(&diagram(), Qt::Key_Return, Qt::ControlModifier);
        QCOMPARE(requested.size(), 0);
        click(0, Kind::Extract);
        QVERIFY(!button.isEnabled());
        QVERIFY(text("runReason").contains(QStringLiteral("no command of its own")));
    }

    void runningAgainAsksFirst() {
        fixture::writeCycles(root(), 2);
        open();
        QSignalSpy requested(m_page.get(), &CycleMapPage::stageRequested);
        click(0, Kind::Sae);
        auto& button = find<QPushButton>("runStage");
        QCOMPARE(button.text(), QStringLiteral("Run again"));
        const auto question = [&] {
            return m_page->findChild<QMessageBox*>(QStringLiteral("againQuestion"));
        };
        QTest::mouseClick(&button, Qt::LeftButton);
        QVERIFY(question());
        QVERIFY(question()->informativeText().contains(QStringLiteral("replaces sae_0")));
        QVERIFY(question()->informativeText().contains(
            QStringLiteral("results_0, features_0, model_1, sae_1, results_1, features_1")));
        QTest::mouseClick(&find<QPushButton>("keepFiles"), Qt::LeftButton);
        QTRY_VERIFY(!question());
        QCOMPARE(requested.size(), 0);
        QTest::mouseClick(&button, Qt::LeftButton);
        QTest::mouseClick(&find<QPushButton>("runAgain"), Qt::LeftButton);
        QCOMPARE(requested.size(), 1);
        QCOMPARE(requested[0][0].value<JobSpec>().command, QStringLiteral("train_sae"));
        QTRY_VERIFY(!question());
        // Retraining works on the cycle before the model that it makes.
        click(1, Kind::Model);
        QTest::mouseClick(&button, Qt::LeftButton);
        QTest::mouseClick(&find<QPushButton>("runAgain"), Qt::LeftButton);
        QCOMPARE(requested.size(), 2);
        QCOMPARE(requested[1][0].value<JobSpec>().command, QStringLiteral("train_auxiliary"));
        QCOMPARE(requested[1][0].value<JobSpec>().overrides[0], QStringLiteral("cycle.current=0"));
    }

    void theFirstModelIsMadeInANewRun() {
        fixture::writeCycles(root(), 1);
        open();
        QSignalSpy requested(m_page.get(), &CycleMapPage::stageRequested);
        click(0, Kind::Tune);
        QVERIFY(text("runReason").contains(QStringLiteral("new run")));
        QTest::mouseClick(&find<QPushButton>("runStage"), Qt::LeftButton);
        QCOMPARE(requested.size(), 1);
        const auto spec = requested[0][0].value<JobSpec>();
        QCOMPARE(spec.command, QStringLiteral("train_baseline"));
        QCOMPARE(spec.overrides, QStringList{QStringLiteral("experiment=demo")});
    }

    void anUnfinishedRunCanBeContinued() {
        CycleRun run(root(), 2);
        run.prepare();
        run.cycle(0);
        run.start(Stage::Auxiliary, 1);
        run.lastWord("info] stopped on request");
        open();
        QCOMPARE(diagram().currentNode(), (CycleNode{1, Kind::Tune}));
        QSignalSpy resumed(m_page.get(), &CycleMapPage::resumeRequested);
        auto& button = find<QPushButton>("continueRun");
        QVERIFY(button.isVisible());
        QTest::mouseClick(&button, Qt::LeftButton);
        QCOMPARE(resumed.size(), 1);
        QCOMPARE(resumed[0][0].toString(), QString::fromStdString(root().string()));
        m_page->setActive(true);
        QVERIFY(!button.isVisible());
        m_page->setActive(false);
        QVERIFY(button.isVisible());
    }

    void aLiveRun() {
        CycleRun run(root(), 2);
        m_page->begin(QStringLiteral("demo"));
        m_page->setActive(true);
        const double now = 1.8e9;
        consume(now, RunStarted{root().string(), 0, 1});
        QTRY_VERIFY(diagram().isVisible());
        QCOMPARE(m_page->root(), root());
        consume(now, StageStarted{Stage::Prepare, 0, 3});
        consume(now + 1, StageFinished{Stage::Prepare, 0, 1});
        consume(now + 1, StageStarted{Stage::Baseline, 0, 100});
        consume(now + 2, Progress{Stage::Baseline, 0, 40, 100, 3});
        // The page goes along with the run as long as nobody chooses.
        QCOMPARE(diagram().currentNode(), (CycleNode{0, Kind::Tune}));
        QVERIFY(text("cycleState").startsWith(QStringLiteral("Running 40 %")));
        QVERIFY(!find<QPushButton>("runStage").isEnabled());
        QVERIFY(text("runReason").contains(QStringLiteral("once it has ended")));
        QVERIFY(text("cycleRunSummary").contains(QStringLiteral("Fine-tune")));
        click(0, Kind::Prepare);
        consume(now + 5, StageFinished{Stage::Baseline, 0, 4});
        consume(now + 5, StageStarted{Stage::Extract, 0, 100});
        QCOMPARE(diagram().currentNode(), (CycleNode{0, Kind::Prepare}));
        // The end is read from the folder.
        run.prepare();
        run.tune(0);
        run.start(Stage::Extract, 0);
        run.lastWord("info] stopped on request");
        QSignalSpy loaded(m_page.get(), &CycleMapPage::loaded);
        consume(now + 6, RunStopped{});
        m_page->setActive(false);
        QTRY_VERIFY(!loaded.isEmpty());
        click(0, Kind::Extract);
        QVERIFY(text("cycleState").startsWith(QStringLiteral("Stopped")));
        QVERIFY(find<QPushButton>("continueRun").isVisible());
    }

    void curvesOfTheChosenStageAndCycle() {
        fixture::writeCycles(root(), 2);
        CurveStore store;
        store.addRun(QStringLiteral("a"), QStringLiteral("demo"));
        for (int cycle = 0; cycle < 2; ++cycle)
            for (int step = 1; step <= 10; ++step) {
                store.appendPoint(QStringLiteral("a"), tags::trainTaskLoss, cycle, step, 1e9 + step,
                                  1.0 / step);
                store.appendPoint(QStringLiteral("a"), tags::saeReconstruction, cycle, step, 1e9 + step,
                                  2.0 / step);
            }
        open();
        const auto& curves = *find<CycleDetails>("cycleDetails").curves();
        m_page->setCurves(&store, QStringLiteral("a"));
        click(1, Kind::Tune);
        QCOMPARE(curves.charts().size(), std::size_t(1));
        QCOMPARE(curves.charts()[0]->title(), QStringLiteral("Task loss"));
        QCOMPARE(curves.charts()[0]->pointCount(0, tags::trainTaskLoss, 1), std::size_t(10));
        QCOMPARE(curves.charts()[0]->pointCount(0, tags::trainTaskLoss, 0), std::size_t(0));
        m_page->consume({{1e9 + 11, Scalar{Stage::Auxiliary, 1, tags::trainTaskLoss, 11, 0.1}},
                         {1e9 + 11, Scalar{Stage::Auxiliary, 1, tags::trainAuxiliaryLoss, 11, 0.1}},
                         {1e9 + 11, Scalar{Stage::Sae, 1, tags::saeReconstruction, 11, 0.1}}});
        QCOMPARE(curves.charts()[0]->pointCount(0, tags::trainTaskLoss, 1), std::size_t(11));
        QCOMPARE(curves.charts().size(), std::size_t(2));
        click(1, Kind::Sae);
        QCOMPARE(curves.charts().size(), std::size_t(1));
        QCOMPARE(curves.charts()[0]->title(), QStringLiteral("Reconstruction loss"));
        click(1, Kind::Extract);
        QVERIFY(curves.charts().empty());
        QVERIFY(!find<QWidget>("cycleCurves").isVisible());
    }

    void onlyTheLatestRunIsShown() {
        fixture::writeCycles(root(), 3);
        const fs::path other = fs::path(m_folder->path().toStdString()) / "other";
        fixture::writeCycles(other, 1);
        QSignalSpy loaded(m_page.get(), &CycleMapPage::loaded);
        m_page->setRun(root());
        m_page->setRun(other);
        QTRY_COMPARE(loaded.size(), 1);
        QCOMPARE(m_page->model()->rowCount(), 12);
        QCOMPARE(text("cycleRunTitle"), QStringLiteral("other"));
        QCoreApplication::processEvents();
        QCOMPARE(loaded.size(), 1);
    }

    void damagedAndLostFolders() {
        fixture::writeCycles(root(), 2);
        writeFile(RunDirectory::at(root()).resultsJson(1), "{");
        writeFile(root() / ".hydra" / "config.yaml", "cycle: [");
        open();
        QVERIFY(diagram().isVisible());
        auto& banner = *m_page->findChild<NoticeBanner*>();
        QVERIFY(banner.isVisible());
        QVERIFY2(banner.lines().join(QLatin1Char('\n')).contains(QStringLiteral("results_cycle_1.json")),
                 qPrintable(banner.lines().join(QLatin1Char('\n'))));
        fs::remove_all(root());
        reload();
        QVERIFY(banner.lines().join(QLatin1Char(' ')).contains(QStringLiteral("not there")));
        QVERIFY(!find<QPushButton>("runStage").isEnabled());
        // A folder that never was one.
        m_page->setRun(fs::path(m_folder->path().toStdString()) / "none");
        QTRY_VERIFY(find<QPushButton>("goToLaunch").isVisible());
        QVERIFY(find<QLabel>("emptyText").text().contains(QStringLiteral("none")));
    }

    void manyCyclesScrollAndFitAnyWidth() {
        fixture::writeCycles(root(), 20);
        open();
        for (const int width : {896, 1216, 1856}) {
            m_page->resize(width, 700);
            QTRY_COMPARE(m_page->width(), width);
            QVERIFY(diagram().verticalScrollBar()->maximum() > 0);
            QCOMPARE(diagram().horizontalScrollBar()->maximum(), 0);
            click(19, Kind::Features);
            QVERIFY(diagram().viewport()->rect().contains(diagram().visualRect(indexOf(19, Kind::Features))));
            click(0, Kind::Prepare);
            QCOMPARE(diagram().verticalScrollBar()->value(), 0);
        }
    }

    void bothThemes() {
        fixture::writeCycles(root(), 1);
        open();
        const auto background = [&] {
            return diagram().viewport()->grab().toImage().pixelColor(
                diagram().visualRect(indexOf(0, Kind::Tune)).center().x(),
                diagram().visualRect(indexOf(0, Kind::Tune)).bottom() - 4);
        };
        QCOMPARE(background(), themeColours(false).surface);
        Theme::instance().setChoice(ThemeChoice::Dark);
        QCOMPARE(background(), themeColours(true).surface);
        Theme::instance().setChoice(ThemeChoice::Light);
        QCOMPARE(background(), themeColours(false).surface);
    }
};

QTEST_MAIN(TestCycleMapPage)
#include "tst_cycle_map_page.moc"
