// SPDX-License-Identifier: GPL-3.0-or-later
// The Runs page driven as a person drives it: runs that come, change and go, the filter, names and notes, the
// trash, and five hundred runs at once.
#include "cycle/append_file.h"
#include "support/run_fixture.h"
#include "ui/jobs/run_scanner.h"
#include "ui/main_window.h"
#include "ui/models/run_filter_model.h"
#include "ui/models/run_table_model.h"
#include "ui/pages/run_list.h"
#include "ui/pages/runs_page.h"
#include "ui/theme.h"
#include "ui/widgets/notice_banner.h"

#include <QAbstractItemModelTester>
#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QDir>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QMessageBox>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSettings>
#include <QTemporaryDir>
#include <QTest>

#include <memory>

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

class TestRunsPage : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_home;
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<RunsPage> m_page;

    template <typename Widget>
    Widget& find(const char* name) const {
        auto* widget = m_page->findChild<Widget*>(QString::fromLatin1(name));
        if (!widget)
            qFatal("the page has no %s", name);
        return *widget;
    }
    fs::path in(const std::string& name) const { return fs::path(m_folder->path().toStdString()) / name; }
    fs::path runAt(const std::string& name) const { return in("outputs") / name; }
    RunList& table() const { return find<RunList>("runTable"); }
    QAbstractItemModel& rows() const { return *table().model(); }
    QString cell(int row, int column) const { return rows().index(row, column).data().toString(); }
    QAction& action(const char* name) const { return find<QAction>(name); }
    QString banner() const {
        auto* found = m_page->findChild<NoticeBanner*>();
        return found->isVisibleTo(m_page.get()) ? found->text() : QString();
    }
    int rowNamed(const QString& name) const {
        for (int row = 0; row < rows().rowCount(); ++row)
            if (cell(row, RunTableModel::Name) == name)
                return row;
        return -1;
    }
    void choose(int row, Qt::KeyboardModifiers modifiers = {}) const {
        const QModelIndex index = rows().index(row, RunTableModel::Name);
        table().scrollTo(index);
        QTest::mouseClick(table().viewport(), Qt::LeftButton, modifiers, table().visualRect(index).center());
    }
    void openPage() {
        m_page = std::make_unique<RunsPage>();
        m_page->resize(1216, 700);
        m_page->setOutputFolders({QString::fromStdString(in("outputs").string())});
        m_page->show();
        QVERIFY(QTest::qWaitForWindowActive(m_page.get()));
    }
    void openWith(int runs) {
        openPage();
        QTRY_COMPARE_WITH_TIMEOUT(rows().rowCount(), runs, 20000);
    }
    void writeRuns() {
        RunSpec spec;
        fixture::writeFinishedRun(runAt("2026-01-02/10-00-00"), spec);
        spec.firstAccuracy = 0.8;
        spec.cycles = 1;
        spec.lastWord = "[error] no space left on the disk";
        spec.model = "gpt2_small";
        spec.dataset = "sst2";
        spec.experiment.clear();
        fixture::writeFinishedRun(runAt("named/first"), spec);
        spec.cycles = 0;
        spec.lastWord.clear();
        fixture::writeFinishedRun(runAt("zero"), spec);
    }
    void editIn(QWidget* cellEditor, const QString& text) {
        auto* line = qobject_cast<QLineEdit*>(cellEditor);
        QVERIFY(line != nullptr);
        line->selectAll();
        QTest::keyClicks(line, text);
        QTest::keyClick(line, Qt::Key_Return);
    }

private Q_SLOTS:
    void initTestCase() {
        QCoreApplication::setOrganizationName(QStringLiteral("saeception-test"));
        QCoreApplication::setApplicationName(QStringLiteral("tst_runs_page"));
        QSettings::setDefaultFormat(QSettings::IniFormat);
        QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, m_home.path());
        qputenv("XDG_DATA_HOME", m_home.filePath(QStringLiteral("data")).toUtf8());
        QDir().mkpath(m_home.filePath(QStringLiteral("data")));
        Theme::instance().install(*qApp, ThemeChoice::Light);
    }
    void init() {
        QSettings().clear();
        // Beside the trash, so that both are on one disk.
        m_folder = std::make_unique<QTemporaryDir>(m_home.filePath(QStringLiteral("runs")));
    }
    void cleanup() {
        m_page.reset();
        QSettings().clear();
    }

    void emptyStateSaysWhatToDo() {
        openPage();
        QTRY_VERIFY(find<QLabel>("runsEmpty").text().contains(QStringLiteral("Launch")));
        QVERIFY(find<QLabel>("runsEmpty").text().contains(QString::fromStdString(in("outputs").string())));
        QVERIFY(!table().isVisible());
        // The first run makes way for the list, without being asked to look again.
        fixture::writeFinishedRun(runAt("first"));
        m_page->refresh();
        QTRY_VERIFY(table().isVisible());
    }

    void runsAreListedWithTheirNumbers() {
        writeRuns();
        openWith(3);
        QAbstractItemModelTester raw(m_page->model());
        QAbstractItemModelTester shown(&rows());
        const int done = rowNamed(QStringLiteral("2026-01-02 10-00-00"));
        QCOMPARE(cell(done, RunTableModel::State), QStringLiteral("Done"));
        QCOMPARE(cell(done, RunTableModel::Experiment), QStringLiteral("demo"));
        QCOMPARE(cell(done, RunTableModel::Cycles), QStringLiteral("2 of 2"));
        QCOMPARE(cell(done, RunTableModel::Accuracy), QStringLiteral("0.910"));
        const int failed = rowNamed(QStringLiteral("first"));
        QCOMPARE(cell(failed, RunTableModel::State), QStringLiteral("Failed"));
        QCOMPARE(cell(failed, RunTableModel::Experiment), QStringLiteral("–"));
        QCOMPARE(cell(failed, RunTableModel::Model), QStringLiteral("gpt2_small"));
        QVERIFY(rows()
                    .index(failed, 0)
                    .data(Qt::ToolTipRole)
                    .toString()
                    .contains(QStringLiteral("no space left")));
        QCOMPARE(cell(rowNamed(QStringLiteral("zero")), RunTableModel::State), QStringLiteral("Interrupted"));
        QCOMPARE(find<QLabel>("runCounts").text(), QStringLiteral("3 runs"));
        choose(failed);
        QVERIFY(find<QLabel>("runTitle").text().contains(QStringLiteral("no space left on the disk")));
        QVERIFY(find<QLabel>("runFolder").text().endsWith(QStringLiteral("named/first")));
    }

    void headersSortAndMissingValuesComeLast() {
        writeRuns();
        openWith(3);
        QHeaderView& header = *table().horizontalHeader();
        const auto click = [&](int section) {
            QTest::mouseClick(header.viewport(), Qt::LeftButton, {},
                              QPoint(header.sectionViewportPosition(section) + 20, header.height() / 2));
        };
        click(RunTableModel::Accuracy);
        const QString first = cell(0, RunTableModel::Accuracy);
        QCOMPARE(cell(2, RunTableModel::Accuracy), QStringLiteral("–"));
        click(RunTableModel::Accuracy);
        QCOMPARE(cell(1, RunTableModel::Accuracy), first);
        QCOMPARE(cell(2, RunTableModel::Accuracy), QStringLiteral("–"));
        // The order is found again by the next window.
        const Qt::SortOrder order = header.sortIndicatorOrder();
        openWith(3);
        QCOMPARE(table().horizontalHeader()->sortIndicatorSection(), int(RunTableModel::Accuracy));
        QCOMPARE(table().horizontalHeader()->sortIndicatorOrder(), order);
    }

    void filterTakesAllItsWords() {
        writeRuns();
        openWith(3);
        QTest::keyClick(&table(), Qt::Key_F, Qt::ControlModifier);
        auto& filter = find<QLineEdit>("runFilter");
        QVERIFY(filter.hasFocus());
        QTest::keyClicks(&filter, QStringLiteral("SST2 fail"));
        QCOMPARE(rows().rowCount(), 1);
        QCOMPARE(cell(0, RunTableModel::Name), QStringLiteral("first"));
        QCOMPARE(find<QLabel>("runCounts").text(), QStringLiteral("1 of 3 runs"));
        QTest::keyClicks(&filter, QStringLiteral(" nowhere"));
        QCOMPARE(rows().rowCount(), 0);
        QVERIFY(find<QLabel>("noRunMatches").isVisible());
        filter.clear();
        QCOMPARE(rows().rowCount(), 3);
        QVERIFY(!find<QLabel>("noRunMatches").isVisible());
        QTest::keyClick(&filter, Qt::Key_Return);
        QVERIFY(table().hasFocus());
        QCOMPARE(table().chosenRows().size(), std::size_t(1));
    }

    void runsOpenByKeyClickAndButton() {
        writeRuns();
        openWith(3);
        std::vector<fs::path> opened;
        connect(m_page.get(), &RunsPage::openRequested, this,
                [&](const fs::path& root) { opened.push_back(root); });
        choose(rowNamed(QStringLiteral("first")));
        QTest::keyClick(&table(), Qt::Key_Return);
        choose(rowNamed(QStringLiteral("zero")));
        const QModelIndex index = rows().index(rowNamed(QStringLiteral("zero")), 1);
        QTest::mouseDClick(table().viewport(), Qt::LeftButton, {}, table().visualRect(index).center());
        QCOMPARE(opened.size(), std::size_t(2));
        QTest::mouseClick(&find<QPushButton>("openButton"), Qt::LeftButton);
        QCOMPARE(opened, (std::vector<fs::path>{runAt("named/first"), runAt("zero"), runAt("zero")}));
        table().selectAll();
        QVERIFY(!find<QPushButton>("openButton").isEnabled());
    }

    void severalRunsAreCompared() {
        writeRuns();
        openWith(3);
        std::vector<fs::path> compared;
        connect(m_page.get(), &RunsPage::compareRequested, this,
                [&](const std::vector<fs::path>& roots) { compared = roots; });
        QVERIFY(!find<QPushButton>("compareButton").isEnabled());
        choose(2);
        choose(0, Qt::ControlModifier);
        QTest::keyClick(&table(), Qt::Key_D, Qt::ControlModifier);
        const auto pathOf = [&](int row) {
            return fs::path(rows().index(row, 0).data(RunTableModel::PathRole).toString().toStdString());
        };
        QCOMPARE(compared, (std::vector<fs::path>{pathOf(0), pathOf(2)}));
        QVERIFY(find<QLabel>("runFolder").text().startsWith(QStringLiteral("2 runs chosen")));
        QTest::keyClick(&table(), Qt::Key_C, Qt::ControlModifier);
        QCOMPARE(QGuiApplication::clipboard()->text(),
                 QString::fromStdString(pathOf(0).string() + "\n" + pathOf(2).string()));
    }

    void aRunIsRenamedWithoutMovingIt() {
        writeRuns();
        openWith(3);
        QAbstractItemModelTester tester(m_page->model());
        choose(rowNamed(QStringLiteral("first")));
        QTest::keyClick(&table(), Qt::Key_F2);
        editIn(table().focusWidget() == &table() ? nullptr : QApplication::focusWidget(),
               QStringLiteral("the good one"));
        QTRY_VERIFY(rowNamed(QStringLiteral("the good one")) >= 0);
        QTRY_COMPARE(loadRunNotes(runAt("named/first")).name, std::string("the good one"));
        QVERIFY(fs::exists(runAt("named/first")));
        // Another window sees it; without a name the folder's own shows again.
        openWith(3);
        choose(rowNamed(QStringLiteral("the good one")));
        auto& name = find<QLineEdit>("runName");
        QCOMPARE(name.text(), QStringLiteral("the good one"));
        name.setFocus();
        name.selectAll();
        QTest::keyClick(&name, Qt::Key_Delete);
        QTest::keyClick(&name, Qt::Key_Return);
        QTRY_COMPARE(loadRunNotes(runAt("named/first")).name, std::string());
        QVERIFY(rowNamed(QStringLiteral("first")) >= 0);
    }

    void tagsAndNotesAreKeptAndFound() {
        writeRuns();
        openWith(3);
        choose(rowNamed(QStringLiteral("zero")));
        auto& tags = find<QLineEdit>("runTags");
        auto& note = find<QPlainTextEdit>("runNote");
        tags.setFocus();
        QTest::keyClicks(&tags, QStringLiteral("good, rerun,good"));
        QTest::keyClick(&tags, Qt::Key_Tab);
        QVERIFY(note.hasFocus());
        QTest::keyClicks(&note, QStringLiteral("k was too small"));
        QTest::keyClick(&note, Qt::Key_Return);
        QTest::keyClicks(&note, QStringLiteral("try 32"));
        // Choosing another run hands over what was typed.
        choose(rowNamed(QStringLiteral("first")));
        QCOMPARE(note.toPlainText(), QString());
        const RunNotes expected{"", {"good", "rerun"}, "k was too small\ntry 32"};
        QTRY_COMPARE(loadRunNotes(runAt("zero")), expected);
        const int row = rowNamed(QStringLiteral("zero"));
        QCOMPARE(cell(row, RunTableModel::Tags), QStringLiteral("good, rerun"));
        QCOMPARE(cell(row, RunTableModel::Note), QStringLiteral("k was too small"));
        QTest::keyClicks(&find<QLineEdit>("runFilter"), QStringLiteral("rerun 32"));
        QCOMPARE(rows().rowCount(), 1);
    }

    void typingIsNotOverwrittenByARescan() {
        writeRuns();
        openWith(3);
        choose(rowNamed(QStringLiteral("zero")));
        auto& note = find<QPlainTextEdit>("runNote");
        note.setFocus();
        QTest::keyClicks(&note, QStringLiteral("half a sen"));
        saveRunNotes(runAt("zero"), {"renamed elsewhere", {}, ""});
        m_page->refresh();
        QTRY_VERIFY(rowNamed(QStringLiteral("renamed elsewhere")) >= 0);
        QCOMPARE(note.toPlainText(), QStringLiteral("half a sen"));
        QTest::keyClicks(&note, QStringLiteral("tence"));
        QTest::keyClick(&note, Qt::Key_Return, Qt::ControlModifier);
        const RunNotes expected{"renamed elsewhere", {}, "half a sentence"};
        QTRY_COMPARE(loadRunNotes(runAt("zero")), expected);
    }

    void notesThatCannotBeSavedAreTold() {
        writeRuns();
        writeFile(runAt("zero/notes.json"), "{broken");
        openWith(3);
        const int row = rowNamed(QStringLiteral("zero"));
        QVERIFY(rows().index(row, 0).data(Qt::ToolTipRole).toString().contains(QStringLiteral("notes.json")));
        choose(row);
        auto& name = find<QLineEdit>("runName");
        name.setFocus();
        QTest::keyClicks(&name, QStringLiteral("mine"));
        QTest::keyClick(&name, Qt::Key_Return);
        QTRY_VERIFY(banner().contains(QStringLiteral("notes.json")));
        QTRY_VERIFY(rowNamed(QStringLiteral("zero")) >= 0);
        QCOMPARE(readFile(runAt("zero/notes.json")), std::string("{broken"));
        QTest::mouseClick(m_page->findChild<QWidget*>(QStringLiteral("dismissNotice")), Qt::LeftButton);
        QCOMPARE(banner(), QString());
    }

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
        QTRY_VERIFY(!window.isRunActive());
        QVERIFY(window.findChild<QMessageBox*>() == nullptr);
        // A healthy one takes the banner away.
        fixture::writeFinishedRun(runAt("good"));
        window.openRun(runAt("good"));
        QTRY_VERIFY(!window.isRunActive());
        QVERIFY(!notice->isVisible());
    }

    void fitsASmallWindowInBothThemes() {
        writeRuns();
        openWith(3);
        QVERIFY(m_page->minimumSizeHint().width() <= 860);
        QVERIFY(m_page->minimumSizeHint().height() <= 560);
        Theme::instance().setChoice(ThemeChoice::Dark);
        QCoreApplication::processEvents();
        const ThemeColours& colours = Theme::instance().colours();
        QCOMPARE(find<QLabel>("runCounts").palette().color(QPalette::WindowText), colours.faintText);
        QCOMPARE(find<QLabel>("runFolder").palette().color(QPalette::WindowText), colours.faintText);
        Theme::instance().setChoice(ThemeChoice::Light);
    }
};

QTEST_MAIN(TestRunsPage)
#include "tst_runs_page.moc"
