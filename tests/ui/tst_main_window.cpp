// SPDX-License-Identifier: GPL-3.0-or-later
// The whole window: pages by key and click, closing it mid-run, what one page asks of another, and a real
// tiny run from Run to the feature page.
#include "base/error.h"
#include "cycle/scalar_tags.h"
#include "support/job_fixture.h"
#include "ui/jobs/queue_store.h"
#include "ui/main_window.h"
#include "ui/models/metric_table_model.h"
#include "ui/models/stage_list_model.h"
#include "ui/pages/cycle_map_page.h"
#include "ui/pages/dashboard_page.h"
#include "ui/pages/features_page.h"
#include "ui/pages/launch_page.h"
#include "ui/pages/welcome_page.h"
#include "ui/plots/cycle_diagram.h"
#include "ui/run_viewer.h"
#include "ui/studio_tour.h"
#include "ui/theme.h"
#include "ui/widgets/command_palette.h"
#include "ui/widgets/notice_banner.h"
#include "ui/widgets/rail.h"
#include "ui/widgets/shortcut_list.h"
#include "ui/widgets/status_line.h"

#include <QAbstractItemModelTester>
#include <QComboBox>
#include <QDragEnterEvent>
#include <QFile>
#include <QLineEdit>
#include <QMessageBox>
#include <QMimeData>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>

#include <memory>

using namespace saeception;

class TestMainWindow : public QObject {
    Q_OBJECT

    QTemporaryDir m_settings;
    std::unique_ptr<MainWindow> m_window;

    template <typename Widget>
    Widget* find(const char* name) const {
        return m_window->findChild<Widget*>(QString::fromLatin1(name));
    }
    void click(const char* button) const {
        QTRY_VERIFY2(find<QPushButton>(button) != nullptr && find<QPushButton>(button)->isVisible(), button);
        QTest::mouseClick(find<QPushButton>(button), Qt::LeftButton);
    }

    void drop(const QString& path) const {
        QMimeData data;
        data.setUrls({QUrl::fromLocalFile(path)});
        const QPoint middle = m_window->rect().center();
        QDragEnterEvent enter(middle, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
        QCoreApplication::sendEvent(m_window.get(), &enter);
        QVERIFY(enter.isAccepted());
        QDropEvent event(middle, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
        QCoreApplication::sendEvent(m_window.get(), &event);
    }

private Q_SLOTS:
    void initTestCase() {
        QCoreApplication::setOrganizationName(QStringLiteral("saeception-test"));
        QCoreApplication::setApplicationName(QStringLiteral("tst_main_window"));
        QSettings::setDefaultFormat(QSettings::IniFormat);
        QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, m_settings.path());
        QStandardPaths::setTestModeEnabled(true);
        Theme::instance().install(*qApp, ThemeChoice::Light);
    }
    void init() {
        QFile::remove(QueueStore::defaultFile());
        WelcomePage::setWantedAtStart(false);
        m_window = std::make_unique<MainWindow>();
        m_window->show();
        QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
    }
    void cleanup() {
        m_window.reset();
        trainingPool().waitForDone();
        QSettings().clear();
    }

    void pagesByKeyboardAndRail() {
        m_window->showPage(MainWindow::Launch);
        for (int page = MainWindow::PageCount - 1; page >= 0; --page) {
            const QKeyCombination keys = MainWindow::pageShortcut(static_cast<MainWindow::Page>(page))[0];
            QTest::keyClick(m_window.get(), keys.key(), keys.keyboardModifiers());
            QCOMPARE(int(m_window->currentPage()), page);
            QCOMPARE(m_window->findChild<Rail*>()->current(), page);
        }
        auto* rail = m_window->findChild<Rail*>();
        QTest::mouseClick(rail->button(MainWindow::Cycles), Qt::LeftButton);
        QCOMPARE(m_window->currentPage(), MainWindow::Cycles);
        // The rail is reached by Tab and worked by Space as well.
        rail->button(MainWindow::Dashboard)->setFocus();
        QTest::keyClick(rail->button(MainWindow::Dashboard), Qt::Key_Space);
        QCOMPARE(m_window->currentPage(), MainWindow::Dashboard);
    }

    void theRailFitsTheLowestWindow() {
        auto* rail = m_window->findChild<Rail*>();
        for (const int height : {640, 800, 1200}) {
            m_window->resize(960, height);
            QCoreApplication::processEvents();
            QCOMPARE(m_window->height(), height);
            int bottom = 0;
            for (int page = 0; page < MainWindow::PageCount; ++page) {
                const QRect place = rail->button(page)->geometry();
                QVERIFY(place.top() >= bottom &&
                        place.height() >= rail->button(page)->minimumSizeHint().height());
                bottom = place.bottom();
            }
            QVERIFY(find<RailButton>("themeSwitch")->geometry().top() > bottom);
            QVERIFY(find<RailButton>("themeSwitch")->geometry().bottom() <= rail->height());
        }
    }

    void firstStartWelcomes() {
        QSettings().clear();
        MainWindow first;
        first.show();
        QVERIFY(QTest::qWaitForWindowActive(&first));
        auto* welcome = first.findChild<WelcomePage*>();
        QVERIFY(welcome->isVisible());
        QTest::keyClick(&first, Qt::Key_1, Qt::ControlModifier);
        QVERIFY(!welcome->isVisible());
    }

    void paletteOpensAPageAndARun() {
        m_window->showPage(MainWindow::Launch);
        QTest::keyClick(m_window.get(), Qt::Key_K, Qt::ControlModifier);
        auto* line = m_window->commandPalette()->findChild<QLineEdit*>();
        QTRY_VERIFY(line != nullptr && line->isVisible());
        QTest::keyClicks(line, QStringLiteral("compare view"));
        QTest::keyClick(line, Qt::Key_Return);
        QTRY_COMPARE(m_window->currentPage(), MainWindow::Compare);
        QVERIFY(!m_window->commandPalette()->isVisible());
    }

    void questionMarkListsTheShortcuts() {
        m_window->showPage(MainWindow::Dashboard);
        QTest::keyClick(m_window.get(), '?');
        QTRY_VERIFY(m_window->findChild<ShortcutList*>() != nullptr);
        auto* list = m_window->findChild<ShortcutList*>();
        QVERIFY(list->shownTexts().join(QLatin1Char('\n')).contains(QStringLiteral("Open run")));
        QTest::keyClick(list, Qt::Key_Escape);
        QTRY_VERIFY(m_window->findChild<ShortcutList*>() == nullptr);
    }

    void themeSwitchGoesRound() {
        auto* button = find<RailButton>("themeSwitch");
        QStringList seen;
        for (int i = 0; i < 3; ++i) {
            QTest::mouseClick(button, Qt::LeftButton);
            seen.append(themeChoiceName(Theme::instance().choice()));
            QCOMPARE(qApp->palette().color(QPalette::Base), Theme::instance().colours().surface);
        }
        QCOMPARE(seen,
                 (QStringList{QStringLiteral("dark"), QStringLiteral("system"), QStringLiteral("light")}));
    }

    void remembersItsPageAndSize() {
        m_window->showPage(MainWindow::Dashboard);
        m_window->resize(1111, 777);
        QVERIFY(m_window->close());
        MainWindow again;
        QCOMPARE(again.currentPage(), MainWindow::Dashboard);
        QCOMPARE(again.size(), QSize(1111, 777));
    }

    void closingMidRunMayBeTakenBack() {
        HeldWork held;
        m_window->startWork(QStringLiteral("test"), 2, held.work());
        QCOMPARE(m_window->currentPage(), MainWindow::Dashboard);
        QTRY_COMPARE(m_window->queue()->activeJobs().size(), std::size_t(1));
        QVERIFY(!m_window->close());
        click("keepWorking");
        QVERIFY(m_window->isVisible());
        QVERIFY(!m_window->queue()->isIdle());
        QSignalSpy ended(m_window.get(), &MainWindow::runFinished);
        click("dashboardStop");
        QTRY_COMPARE(ended.size(), 1);
        QCOMPARE(ended[0][0].value<RunState>(), RunState::Stopped);
        QVERIFY(m_window->isVisible());
        QVERIFY2(m_window->statusLine()->message().contains(QStringLiteral("saved")),
                 qPrintable(m_window->statusLine()->message()));
    }

    void pausingAndResumingByKeyboard() {
        HeldWork held;
        const quint64 id = m_window->startWork(QStringLiteral("test"), 2, held.work());
        const auto state = [&] { return m_window->queue()->job(id)->state; };
        QTRY_COMPARE(state(), JobState::Running);
        QTest::keyClick(m_window.get(), Qt::Key_P, Qt::ControlModifier | Qt::ShiftModifier);
        QTRY_COMPARE(state(), JobState::Paused);
        QVERIFY(m_window->statusLine()->message().contains(QStringLiteral("paused")));
        QTest::keyClick(m_window.get(), Qt::Key_R, Qt::ControlModifier | Qt::ShiftModifier);
        QTRY_COMPARE(state(), JobState::Running);
        held.release();
        QTRY_COMPARE(state(), JobState::Done);
    }

    void closingMidRunCancelsFirst() {
        HeldWork held;
        m_window->startWork(QStringLiteral("test"), 2, held.work());
        QTRY_COMPARE(m_window->queue()->activeJobs().size(), std::size_t(1));
        QVERIFY(!m_window->close());
        click("quitCancel");
        QTRY_VERIFY(!m_window->isVisible());
        QCOMPARE(held.ended(), 1);
    }

    void closingWaitsForTheJobs() {
        HeldWork held;
        m_window->startWork(QStringLiteral("first"), 2, held.work());
        m_window->startWork(QStringLiteral("second"), 2, held.work());
        QTRY_COMPARE(m_window->queue()->activeJobs().size(), std::size_t(1));
        QVERIFY(!m_window->close());
        click("quitWait");
        QVERIFY(m_window->isVisible());
        held.release();
        QTRY_COMPARE(held.ended(), 1);
        QVERIFY(m_window->isVisible());
        // Whoever does not want to wait any longer is asked again.
        QVERIFY(!m_window->close());
        click("keepWorking");
        held.release();
        QTRY_VERIFY(!m_window->isVisible());
        QCOMPARE(held.ended(), 2);
    }

    void runThatEndsAnswersTheOpenQuestion() {
        HeldWork held;
        m_window->startWork(QStringLiteral("test"), 2, held.work());
        QTRY_COMPARE(m_window->queue()->activeJobs().size(), std::size_t(1));
        QVERIFY(!m_window->close());
        QTRY_VERIFY(find<QDialog>("quitDialog") != nullptr);
        held.release();
        QTRY_VERIFY(find<QDialog>("quitDialog") == nullptr);
        QVERIFY(m_window->isVisible());
        QVERIFY(m_window->close());
    }

    void aWatcherGoesOnToTheNextJob() {
        HeldWork held;
        m_window->startWork(QStringLiteral("first"), 2, held.work());
        QTRY_COMPARE(m_window->queue()->activeJobs().size(), std::size_t(1));
        const quint64 second = m_window->queue()->addWork(QStringLiteral("second"), 2, held.work());
        held.release();
        QTRY_COMPARE(m_window->viewer()->job(), second);
        held.release();
        QTRY_VERIFY(m_window->queue()->isIdle());
    }

    void errorsOfARunAreOneLineAboveThePages_data() {
        QTest::addColumn<QStringList>("overrides");
        QTest::addColumn<QString>("names");
        QTest::newRow("bad label") << QStringList{QStringLiteral("dataset=sst2")}
                                   << QStringLiteral("train.tsv:3");
        QTest::newRow("folder cannot be written")
            << QStringList{QStringLiteral("experiment=demo"), QStringLiteral("output_dir=/proc/outputs")}
            << QStringLiteral("/proc/outputs");
    }
    void errorsOfARunAreOneLineAboveThePages() {
        QFETCH(QStringList, overrides);
        QFETCH(QString, names);
        QTemporaryDir folder;
        if (names != QStringLiteral("/proc/outputs"))
            overrides.append(QStringLiteral("output_dir=") + folder.path());
        if (overrides.contains(QStringLiteral("dataset=sst2"))) {
            overrides.append(QStringLiteral("dataset.path=") + folder.path());
            QFile file(folder.filePath(QStringLiteral("train.tsv")));
            QVERIFY(file.open(QIODevice::WriteOnly));
            file.write("sentence\tlabel\na fine film\t1\na dull film\t7\n");
        }
        m_window->loadOverrides(overrides, true);
        auto* notice = find<NoticeBanner>("runNotice");
        QTRY_VERIFY_WITH_TIMEOUT(notice->isVisible(), 30000);
        QVERIFY2(notice->text().contains(names), qPrintable(notice->text()));
        QVERIFY(!notice->text().contains(QLatin1Char('\n')));
        QTRY_VERIFY(m_window->queue()->isIdle());
        QVERIFY(m_window->statusLine()->message().contains(names));
    }

    void droppedFilesAndFoldersOpen() {
        QTemporaryDir folder;
        QFile file(folder.filePath(QStringLiteral("config.yaml")));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("sae:\n  k: 7\n");
        file.close();
        m_window->showPage(MainWindow::Runs);
        drop(file.fileName());
        QTRY_COMPARE(m_window->currentPage(), MainWindow::Launch);
        QVERIFY(m_window->launchPage()->overrides().contains(QStringLiteral("sae.k=7")));
        drop(folder.path());
        QTRY_VERIFY(find<QMessageBox>("errorDialog") != nullptr);
        QVERIFY(find<QMessageBox>("errorDialog")->text().contains(folder.path()));
    }

    void folderThatIsNoRunIsRefused() {
        QTemporaryDir folder;
        m_window->openRun(folder.path().toStdString());
        QTRY_VERIFY(find<QMessageBox>("errorDialog") != nullptr);
        QVERIFY(find<QMessageBox>("errorDialog")->text().contains(folder.path()));
    }

    void tinyRunFromClickToFeaturePage() {
        QTemporaryDir folder;
        const QString run = folder.filePath(QStringLiteral("run"));
        m_window->launchPage()->load(
            QStringList{QStringLiteral("experiment=demo"), QStringLiteral("dataset.limit=240"),
                        QStringLiteral("model.epochs_per_cycle=1"), QStringLiteral("model.hidden_size=32"),
                        QStringLiteral("model.num_layers=2"), QStringLiteral("model.num_heads=2"),
                        QStringLiteral("model.vocab_size=400"), QStringLiteral("sae.epochs=1"),
                        QStringLiteral("sae.expansion_factor=2"), QStringLiteral("sae.k=4"),
                        QStringLiteral("sae.aux_k=4"), QStringLiteral("threads=2"),
                        QStringLiteral("hydra.run.dir=") + run});
        m_window->showPage(MainWindow::Launch);
        QTRY_VERIFY(!m_window->launchPage()->isChecking());
        QCOMPARE(m_window->launchPage()->error(), QString());
        QSignalSpy ended(m_window.get(), &MainWindow::runFinished);
        click("run");
        QTRY_VERIFY(m_window->dashboardPage()->stages() != nullptr);
        QAbstractItemModelTester stages(m_window->dashboardPage()->stages());
        QAbstractItemModelTester metrics(m_window->dashboardPage()->metrics());
        QCOMPARE(m_window->currentPage(), MainWindow::Dashboard);
        QTRY_COMPARE_WITH_TIMEOUT(ended.size(), 1, 300000);
        QCOMPARE(ended[0][0].value<RunState>(), RunState::Done);
        checkFinishedRun();

        // The same run read back from its folder shows the same numbers.
        QStringList before;
        MetricTableModel* table = m_window->dashboardPage()->metrics();
        for (int row = 0; row < table->rowCount(); ++row)
            before.append(table->index(row, 2).data().toString());
        const std::size_t points = m_window->dashboardPage()->pointCount(tags::trainTaskLoss, 0);
        m_window = std::make_unique<MainWindow>();
        m_window->show();
        QSignalSpy read(m_window.get(), &MainWindow::runFinished);
        m_window->openRun(run.toStdString());
        QTRY_COMPARE_WITH_TIMEOUT(read.size(), 1, 30000);
        QCOMPARE(read[0][0].value<RunState>(), RunState::Done);
        checkFinishedRun();
        QStringList after;
        table = m_window->dashboardPage()->metrics();
        for (int row = 0; row < table->rowCount(); ++row)
            after.append(table->index(row, 2).data().toString());
        QCOMPARE(after, before);
        QCOMPARE(m_window->dashboardPage()->pointCount(tags::trainTaskLoss, 0), points);

        // A stage that is run again from the map is watched there; then the whole run is in view again.
        m_window->showPage(MainWindow::Cycles);
        JobSpec again;
        again.command = QStringLiteral("evaluate");
        again.overrides = {QStringLiteral("cycle.current=1"), QStringLiteral("hydra.run.dir=") + run};
        read.clear();
        Q_EMIT m_window->cycleMapPage()->stageRequested(again);
        QCOMPARE(m_window->currentPage(), MainWindow::Cycles);
        const CycleMapModel* map = m_window->cycleMapPage()->model();
        QTRY_VERIFY(map->rowCount() > 0 && map->story().isActive());
        QTRY_VERIFY(m_window->cycleMapPage()->diagram()->currentIndex().isValid());
        QTRY_COMPARE_WITH_TIMEOUT(read.size(), 2, 60000);
        QVERIFY(!map->story().isActive());
        QCOMPARE(m_window->viewer()->job(), quint64(0));
        QCOMPARE(m_window->viewer()->folder(), run);
        checkFinishedRun();

        // Every sight of it can be walked through.
        QTemporaryDir pictures;
        Tour tour(m_window.get(), studioSights(*m_window));
        tour.setSizes({QSize(1280, 800)});
        QSignalSpy walked(&tour, &Tour::finished);
        tour.start(pictures.path());
        QTRY_COMPARE_WITH_TIMEOUT(walked.size(), 1, 120000);
        QVERIFY2(walked[0][0].toBool(), qPrintable(walked[0][2].toString()));
        QVERIFY(walked[0][1].toStringList().size() >= 2 * (MainWindow::PageCount + 3));
    }

private:
    void checkFinishedRun() {
        DashboardPage* dashboard = m_window->dashboardPage();
        StageListModel* stages = dashboard->stages();
        QCOMPARE(stages->rowCount(), 11);
        for (int row = 0; row < stages->rowCount(); ++row)
            QCOMPARE(stages->index(row, 0).data(StageListModel::StateRole).toInt(), int(StageState::Done));
        QCOMPARE(dashboard->metrics()->columnCount(), 3);
        QVERIFY(dashboard->metrics()->rowCount() > 10);
        for (const int cycle : {0, 1})
            for (const char* tag :
                 {tags::trainTaskLoss, tags::validationLoss, tags::saeReconstruction, tags::saeL0})
                QVERIFY2(dashboard->pointCount(tag, cycle) > 0, tag);
        QVERIFY(dashboard->pointCount(tags::trainAuxiliaryLoss, 1) > 0);
        m_window->showPage(MainWindow::Features);
        auto* table = m_window->featuresPage()->findChild<QTableView*>(QStringLiteral("featureTable"));
        QVERIFY(table != nullptr);
        QTRY_VERIFY_WITH_TIMEOUT(table->isVisible() && table->model()->rowCount() > 0, 30000);
        QCOMPARE(m_window->featuresPage()->findChild<QComboBox*>(QStringLiteral("cycleSelector"))->count(),
                 2);
    }
};

QTEST_MAIN(TestMainWindow)
#include "tst_main_window.moc"
