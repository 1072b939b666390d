// SPDX-License-Identifier: GPL-3.0-or-later
// The list of the Runs page: what it shows, how it is sorted and filtered, names, tags and notes, what is
// opened and compared.
#include "support/runs_page_driver.h"

#include <QAbstractItemModelTester>
#include <QClipboard>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>

using namespace saeception;
using fixture::RunSpec;
namespace fs = std::filesystem;

class TestRunsPage : public QObject, private RunsPageDriver {
    Q_OBJECT

private:
    void editIn(QWidget* cellEditor, const QString& text) {
        auto* line = qobject_cast<QLineEdit*>(cellEditor);
        QVERIFY(line != nullptr);
        line->selectAll();
        QTest::keyClicks(line, text);
        QTest::keyClick(line, Qt::Key_Return);
    }

private Q_SLOTS:
    void initTestCase() { begin("tst_runs_page"); }
    void init() { beginTest(); }
    void cleanup() { endTest(); }

    void emptyStateSaysWhatToDo() {
        openPage();
        QTRY_VERIFY(find<QLabel>("emptyText").text().contains(QStringLiteral("Launch")));
        QVERIFY(find<QLabel>("emptyText").text().contains(QString::fromStdString(in("outputs").string())));
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
