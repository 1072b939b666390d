// SPDX-License-Identifier: GPL-3.0-or-later
// The whole window: pages by key and click, closing it mid-run, dialogs, and a real tiny run from Run to the
// feature page.
#include "base/error.h"
#include "cycle/scalar_tags.h"
#include "ui/main_window.h"
#include "ui/models/metric_table_model.h"
#include "ui/models/stage_list_model.h"
#include "ui/pages/dashboard_page.h"
#include "ui/pages/features_page.h"
#include "ui/pages/launch_page.h"
#include "ui/theme.h"
#include "ui/widgets/rail.h"
#include "ui/widgets/status_line.h"

#include <QAbstractItemModelTester>
#include <QComboBox>
#include <QFile>
#include <QMessageBox>
#include <QPushButton>
#include <QSemaphore>
#include <QSettings>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>
#include <QThread>

#include <atomic>
#include <memory>

using namespace saeception;

namespace {

// Runs until it is asked to stop, as training does.
Job::Work untilStopped() {
    return [](EventSink& sink, const RunControl& control) {
        sink.handle(makeEvent(RunStarted{"/runs/one", 0, 0}));
        sink.handle(makeEvent(StageStarted{Stage::Baseline, 0, 0}));
        while (!control.stop.stop_requested())
            QThread::yieldCurrentThread();
        throw Cancelled();
    };
}

}  // namespace

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

private Q_SLOTS:
    void initTestCase() {
        QCoreApplication::setOrganizationName(QStringLiteral("saeception-test"));
        QCoreApplication::setApplicationName(QStringLiteral("tst_main_window"));
        QSettings::setDefaultFormat(QSettings::IniFormat);
        QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, m_settings.path());
        Theme::instance().install(*qApp, ThemeChoice::Light);
    }
    void init() {
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
        QTest::keyClick(m_window.get(), Qt::Key_2, Qt::ControlModifier);
        QCOMPARE(m_window->currentPage(), MainWindow::Dashboard);
        QTest::keyClick(m_window.get(), Qt::Key_3, Qt::ControlModifier);
        QCOMPARE(m_window->currentPage(), MainWindow::Features);
        auto* rail = m_window->findChild<Rail*>();
        QCOMPARE(rail->current(), int(MainWindow::Features));
        QTest::mouseClick(rail->button(MainWindow::Launch), Qt::LeftButton);
        QCOMPARE(m_window->currentPage(), MainWindow::Launch);
        // The rail is reached by Tab and worked by Space as well.
        rail->button(MainWindow::Dashboard)->setFocus();
        QTest::keyClick(rail->button(MainWindow::Dashboard), Qt::Key_Space);
        QCOMPARE(m_window->currentPage(), MainWindow::Dashboard);
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
        m_window->startWork(QStringLiteral("test"), 2, untilStopped());
        QCOMPARE(m_window->currentPage(), MainWindow::Dashboard);
        QVERIFY(!m_window->close());
        click("keepRunning");
        QVERIFY(m_window->isVisible());
        QVERIFY(m_window->isRunActive());
        QSignalSpy ended(m_window.get(), &MainWindow::runFinished);
        click("dashboardStop");
        QTRY_COMPARE(ended.size(), 1);
        QCOMPARE(ended[0][0].value<RunState>(), RunState::Stopped);
        QVERIFY(m_window->isVisible());
        QVERIFY2(m_window->statusLine()->message().contains(QStringLiteral("saved")),
                 qPrintable(m_window->statusLine()->message()));
    }

    void closingMidRunStopsFirst() {
        std::atomic<bool> cleanedUp{false};
        QSemaphore mayEnd;
        m_window->startWork(QStringLiteral("test"), 2, [&](EventSink&, const RunControl& control) {
            while (!control.stop.stop_requested())
                QThread::yieldCurrentThread();
            mayEnd.acquire();
            cleanedUp = true;
            throw Cancelled();
        });
        QVERIFY(!m_window->close());
        click("stopAndClose");
        // The window stays, answers, and says what it waits for.
        QTRY_VERIFY(m_window->statusLine()->message().contains(QStringLiteral("Stopping")));
        QVERIFY(m_window->isVisible());
        QVERIFY(!m_window->close());
        mayEnd.release();
        QTRY_VERIFY(!m_window->isVisible());
        QVERIFY(cleanedUp);
    }

    void runThatEndsAnswersTheOpenQuestion() {
        QSemaphore mayEnd;
        m_window->startWork(QStringLiteral("test"), 2,
                            [&](EventSink&, const RunControl&) { mayEnd.acquire(); });
        QVERIFY(!m_window->close());
        QTRY_VERIFY(find<QMessageBox>("closeQuestion") != nullptr);
        mayEnd.release();
        QTRY_VERIFY(find<QMessageBox>("closeQuestion") == nullptr);
        QVERIFY(m_window->isVisible());
        QVERIFY(m_window->close());
    }

    void errorsOfARunAreADialogOfOneLine_data() {
        QTest::addColumn<QStringList>("overrides");
        QTest::addColumn<QString>("names");
        QTest::newRow("bad label") << QStringList{QStringLiteral("dataset=sst2")}
                                   << QStringLiteral("train.tsv:3");
        QTest::newRow("folder cannot be written")
            << QStringList{QStringLiteral("experiment=demo"), QStringLiteral("output_dir=/proc/outputs")}
            << QStringLiteral("/proc/outputs");
    }
    void errorsOfARunAreADialogOfOneLine() {
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
        m_window->launchPage()->load(overrides);
        m_window->showPage(MainWindow::Launch);
        click("run");
        QTRY_VERIFY_WITH_TIMEOUT(find<QMessageBox>("errorDialog") != nullptr, 30000);
        const QString text = find<QMessageBox>("errorDialog")->text();
        QVERIFY2(text.contains(names), qPrintable(text));
        QVERIFY(!text.contains(QLatin1Char('\n')));
        QTest::keyClick(find<QMessageBox>("errorDialog"), Qt::Key_Escape);
        QTRY_VERIFY(find<QMessageBox>("errorDialog") == nullptr);
        QVERIFY(!m_window->isRunActive());
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
            {QStringLiteral("experiment=demo"), QStringLiteral("dataset.limit=240"),
             QStringLiteral("model.epochs_per_cycle=1"), QStringLiteral("model.hidden_size=32"),
             QStringLiteral("model.num_layers=2"), QStringLiteral("model.num_heads=2"),
             QStringLiteral("model.vocab_size=400"), QStringLiteral("sae.epochs=1"),
             QStringLiteral("sae.expansion_factor=2"), QStringLiteral("sae.k=4"),
             QStringLiteral("sae.aux_k=4"), QStringLiteral("threads=2"),
             QStringLiteral("hydra.run.dir=") + run});
        m_window->showPage(MainWindow::Launch);
        QCOMPARE(m_window->launchPage()->error(), QString());
        QSignalSpy ended(m_window.get(), &MainWindow::runFinished);
        click("run");
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
        QTemporaryDir pictures;
        QCOMPARE(m_window->savePictures(pictures.path()).size(), int(MainWindow::PageCount));
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
        QTest::keyClick(m_window.get(), Qt::Key_3, Qt::ControlModifier);
        auto* table = m_window->featuresPage()->findChild<QTableView*>(QStringLiteral("featureTable"));
        QVERIFY(table != nullptr);
        QTRY_VERIFY_WITH_TIMEOUT(table->isVisible() && table->model()->rowCount() > 0, 30000);
        QCOMPARE(m_window->featuresPage()->findChild<QComboBox*>(QStringLiteral("cycleSelector"))->count(),
                 2);
    }
};

QTEST_MAIN(TestMainWindow)
#include "tst_main_window.moc"
