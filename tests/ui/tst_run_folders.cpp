// SPDX-License-Identifier: GPL-3.0-or-later
// The folders behind the Runs page: runs that come, change and go, imports, the trash, damaged ones, and five
// hundred at once.
#include "cycle/append_file.h"
#include "support/runs_page_driver.h"
#include "ui/jobs/run_scanner.h"
#include "ui/main_window.h"
#include "ui/run_viewer.h"

#include <QAbstractItemModelTester>
#include <QLineEdit>
#include <QMessageBox>
#include <QPushButton>

using namespace saeception;
using fixture::RunSpec;
namespace fs = std::filesystem;

namespace {

// Counts the posted calls that an object receives: each is an event of its own.
class PostedCalls : public QObject {
public:
    int count = 0;

protected:
    bool eventFilter(QObject*, QEvent* event) override {
        count += event->type() == QEvent::MetaCall ? 1 : 0;
        return false;
    }
};

}  // namespace

class TestRunFolders : public QObject, private RunsPageDriver {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { begin("tst_run_folders"); }
    void init() { beginTest(); }
    void cleanup() { endTest(); }

    void trashAsksFirst() {
        writeRuns();
        openWith(3);
        choose(rowNamed(QStringLiteral("zero")));
        QTest::keyClick(&table(), Qt::Key_Delete);
        QTest::mouseClick(&find<QPushButton>("keepRuns"), Qt::LeftButton);
        QTRY_VERIFY(m_page->findChild<QMessageBox*>() == nullptr);
        QVERIFY(fs::exists(runAt("zero")));
        m_page->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(m_page.get()));
        QTest::keyClick(&table(), Qt::Key_Delete);
        QVERIFY(find<QMessageBox>("trashQuestion").informativeText().contains(QStringLiteral("zero")));
        QTest::mouseClick(&find<QPushButton>("moveToTrash"), Qt::LeftButton);
        QTRY_COMPARE(rows().rowCount(), 2);
        QVERIFY(!fs::exists(runAt("zero")));
        QVERIFY(QDir(m_home.filePath(QStringLiteral("data/Trash/files"))).exists(QStringLiteral("zero")));
        QCOMPARE(banner(), QString());
    }

    void aRunningRunIsNeverTrashed() {
        writeRuns();
        {
            const AppendFile writer(runAt("zero/metrics.jsonl"), AppendFile::Mode::Continue);
            openWith(3);
            const int row = rowNamed(QStringLiteral("zero"));
            QCOMPARE(cell(row, RunTableModel::State), QStringLiteral("Running"));
            choose(row);
            QVERIFY(!action("trashRun").isEnabled());
            QTest::keyClick(&table(), Qt::Key_Delete);
            QVERIFY(m_page->findChild<QMessageBox*>() == nullptr);
        }
        m_page->refresh();
        QTRY_COMPARE(cell(rowNamed(QStringLiteral("zero")), RunTableModel::State),
                     QStringLiteral("Interrupted"));
        choose(rowNamed(QStringLiteral("zero")));
        QTest::keyClick(&table(), Qt::Key_Delete);
        // It goes on again while the question is open.
        const AppendFile again(runAt("zero/metrics.jsonl"), AppendFile::Mode::Continue);
        QTest::mouseClick(&find<QPushButton>("moveToTrash"), Qt::LeftButton);
        QTRY_VERIFY(banner().contains(QStringLiteral("is running and stays")));
        QVERIFY(fs::exists(runAt("zero")));
    }

    void runsComeChangeAndGoByThemselves() {
        writeRuns();
        openWith(3);
        QAbstractItemModelTester tester(m_page->model());
        fixture::writeFinishedRun(runAt("2026-01-02/12-00-00"));
        QTRY_VERIFY_WITH_TIMEOUT(rowNamed(QStringLiteral("2026-01-02 12-00-00")) >= 0, 10000);
        choose(rowNamed(QStringLiteral("first")));
        fs::remove_all(runAt("zero"));
        QTRY_COMPARE_WITH_TIMEOUT(rowNamed(QStringLiteral("zero")), -1, 10000);
        // The choice stays with its run.
        QCOMPARE(table().chosenRows().size(), std::size_t(1));
        QCOMPARE(m_page->model()->run(table().chosenRows()[0]).root, runAt("named/first"));
    }

    void importedFoldersAreRemembered() {
        writeRuns();
        fixture::writeFinishedRun(in("elsewhere/run_x"));
        fixture::writeFinishedRun(in("elsewhere/run_y"));
        openWith(3);
        m_page->scanner()->probe(QString::fromStdString(in("elsewhere/run_x").string()));
        QTRY_COMPARE(rows().rowCount(), 4);
        openWith(4);
        choose(rowNamed(QStringLiteral("run_x")));
        QVERIFY(action("forgetRun").isVisible());
        action("forgetRun").trigger();
        QTRY_COMPARE(rows().rowCount(), 3);
        QVERIFY(fs::exists(in("elsewhere/run_x")));
        choose(0);
        QVERIFY(!action("forgetRun").isVisible());
        // A folder of runs brings all of them; what is found anyway is not kept twice.
        m_page->remember(QString::fromStdString(in("elsewhere").string()));
        m_page->remember(QString::fromStdString(runAt("zero").string()));
        QTRY_COMPARE(rows().rowCount(), 5);
        QCOMPARE(QSettings().value(QStringLiteral("runs/imported")).toStringList().size(), 1);
    }

    void aFolderWithoutRunsIsNotImported() {
        writeRuns();
        openWith(3);
        createDirectories(in("nothing/here"));
        m_page->scanner()->probe(QString::fromStdString(in("nothing").string()));
        QTRY_VERIFY(banner().contains(QStringLiteral("holds no run")));
        QVERIFY(QSettings().value(QStringLiteral("runs/imported")).toStringList().isEmpty());
    }

    void fiveHundredRunsLeaveTheWindowFree() {
        RunSpec spec;
        spec.features = false;
        fixture::writeFinishedRun(in("one"), spec);
        constexpr int count = 500;
        for (int i = 0; i < count; ++i) {
            const fs::path root =
                runAt("2026-02-" + std::to_string(10 + i / 100) + "/run-" + std::to_string(i));
            fs::create_directories(root.parent_path());
            fs::copy(in("one"), root, fs::copy_options::recursive);
        }
        m_page = std::make_unique<RunsPage>();
        m_page->resize(1216, 700);
        PostedCalls calls;
        m_page->scanner()->installEventFilter(&calls);
        int largest = 0;
        int seenWhenTyped = -1;
        connect(
            m_page->model(), &QAbstractItemModel::rowsInserted, this,
            [&](const QModelIndex&, int first, int last) { largest = std::max(largest, last - first + 1); });
        connect(m_page->model(), &QAbstractItemModel::rowsInserted, m_page.get(), [&] {
            if (seenWhenTyped < 0) {
                seenWhenTyped = 0;
                // A key that is pressed as the first runs appear.
                QMetaObject::invokeMethod(
                    m_page.get(),
                    [&] {
                        QTest::keyClicks(&find<QLineEdit>("runFilter"), QStringLiteral("run-49"));
                        seenWhenTyped = m_page->model()->rowCount();
                    },
                    Qt::QueuedConnection);
            }
        });
        m_page->setOutputFolders({QString::fromStdString(in("outputs").string())});
        // Nothing was read on this thread.
        QCOMPARE(m_page->model()->rowCount(), 0);
        m_page->show();
        QTRY_COMPARE_WITH_TIMEOUT(m_page->model()->rowCount(), count, 60000);
        QVERIFY(largest <= RunScanner::batchSize);
        QVERIFY(calls.count >= count / RunScanner::batchSize);
        QVERIFY2(seenWhenTyped > 0 && seenWhenTyped < count, qPrintable(QString::number(seenWhenTyped)));
        QCOMPARE(rows().rowCount(), 11);  // run-49 and run-490 to run-499
        // A second look finds nothing new and changes nothing.
        int changes = 0;
        connect(m_page->model(), &QAbstractItemModel::dataChanged, this, [&] { ++changes; });
        bool finished = false;
        connect(m_page->scanner(), &RunScanner::scanFinished, this, [&] { finished = true; });
        m_page->refresh();
        QTRY_VERIFY_WITH_TIMEOUT(finished, 60000);
        QCOMPARE(changes, 0);
    }

    void closingWhileReadingIsSafe() {
        writeRuns();
        m_page = std::make_unique<RunsPage>();
        m_page->setOutputFolders({QString::fromStdString(in("outputs").string())});
        m_page->show();
        m_page.reset();
        QCoreApplication::processEvents();
    }

    void openingADamagedRunSaysWhatIsWrong() {
        fixture::writeFinishedRun(runAt("run"));
        fs::remove(runAt("run/.hydra/config.yaml"));
        writeFile(runAt("run/checkpoints/results_cycle_1.json"), "{");
        MainWindow window;
        window.show();
        window.openRun(runAt("run"));
        auto* notice = window.findChild<NoticeBanner*>(QStringLiteral("runNotice"));
        QVERIFY(notice != nullptr);
        QTRY_VERIFY(notice->isVisible());
        const QString lines = notice->lines().join(QLatin1Char('\n'));
        QVERIFY2(lines.contains(QStringLiteral("config.yaml")), qPrintable(lines));
        QVERIFY2(lines.contains(QStringLiteral("results_cycle_1.json")), qPrintable(lines));
        QTRY_VERIFY(!window.viewer()->isReading());
        QVERIFY(window.findChild<QMessageBox*>() == nullptr);
        // A healthy one takes the banner away.
        fixture::writeFinishedRun(runAt("good"));
        window.openRun(runAt("good"));
        QTRY_VERIFY(!window.viewer()->isReading());
        QVERIFY(!notice->isVisible());
    }
};

QTEST_MAIN(TestRunFolders)
#include "tst_run_folders.moc"
