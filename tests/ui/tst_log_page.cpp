// SPDX-License-Identifier: GPL-3.0-or-later
// The log: lines from many threads, bounded, filtered, followed; and the Log page as a person uses it.
#include "base/files.h"
#include "ui/jobs/run_log_reader.h"
#include "ui/models/log_filter_model.h"
#include "ui/pages/log_page.h"
#include "ui/pages/log_view.h"
#include "ui/theme.h"
#include "ui/widgets/notice_banner.h"

#include <spdlog/spdlog.h>

#include <QAbstractItemModelTester>
#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QDir>
#include <QFileDialog>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QScrollBar>
#include <QSettings>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>

#include <memory>
#include <thread>

using namespace saeception;
namespace fs = std::filesystem;

namespace {

LogLine line(const std::string& text, LogLevel level = LogLevel::Info, const std::string& run = {},
             double time = 1'000'000) {
    return {time, level, run, text};
}

}  // namespace

class TestLogPage : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_home;
    std::unique_ptr<LogPage> m_page;

    template <typename Widget>
    Widget& find(const char* name) const {
        auto* widget = m_page->findChild<Widget*>(QString::fromLatin1(name));
        if (!widget)
            qFatal("the page has no %s", name);
        return *widget;
    }
    void openPage() {
        m_page = std::make_unique<LogPage>();
        m_page->resize(1216, 700);
        m_page->show();
        QVERIFY(QTest::qWaitForWindowActive(m_page.get()));
    }
    LogView& view() const { return *m_page->view(); }
    int shown() const { return view().model()->rowCount(); }
    QString cell(int row, int column) const { return view().model()->index(row, column).data().toString(); }
    void choose(int row, Qt::KeyboardModifiers modifiers = {}) const {
        const QModelIndex index = view().model()->index(row, LogModel::Text);
        view().scrollTo(index);
        QTest::mouseClick(view().viewport(), Qt::LeftButton, modifiers, view().visualRect(index).center());
    }
    bool isAtNewest() const {
        return view().verticalScrollBar()->value() == view().verticalScrollBar()->maximum();
    }
    void fill(int lines, const std::string& run = {}) const {
        LogBatch batch;
        for (int i = 0; i < lines; ++i)
            batch.push_back(line("line " + std::to_string(i), LogLevel::Info, run));
        m_page->model()->append(batch);
        QCoreApplication::processEvents();
    }
    fs::path runFolder(const char* name) const {
        return fs::path(m_home.path().toStdString()) / "outputs" / name;
    }

private Q_SLOTS:
    void initTestCase() {
        QCoreApplication::setOrganizationName(QStringLiteral("saeception-test"));
        QCoreApplication::setApplicationName(QStringLiteral("tst_log_page"));
        QSettings::setDefaultFormat(QSettings::IniFormat);
        QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, m_home.path());
        Theme::instance().install(*qApp, ThemeChoice::Light);
    }
    void init() { QSettings().clear(); }
    void cleanup() { m_page.reset(); }

    void everyThreadsLinesArriveInOrder() {
        LogBuffer buffer;
        QSignalSpy batches(&buffer, &LogBuffer::linesReady);
        constexpr int threads = 4;
        constexpr int each = 200;
        {
            std::vector<std::jthread> writers;
            for (int thread = 0; thread < threads; ++thread)
                writers.emplace_back([thread] {
                    for (int i = 0; i < each; ++i)
                        spdlog::info("{} {}", thread, i);
                });
        }
        std::vector<int> next(threads, 0);
        int arrived = 0;
        const auto take = [&] {
            while (!batches.isEmpty())
                for (const LogLine& one : batches.takeFirst()[0].value<LogBatch>()) {
                    const int thread = one.text[0] - '0';
                    QCOMPARE(std::stoi(one.text.substr(2)), next[static_cast<std::size_t>(thread)]++);
                    ++arrived;
                }
        };
        QTRY_VERIFY((take(), arrived == threads * each));
        QCOMPARE(buffer.waiting(), std::size_t(0));
    }

    void aFloodIsBoundedAndCounted() {
        LogBuffer buffer;
        QSignalSpy batches(&buffer, &LogBuffer::linesReady);
        for (std::size_t i = 0; i < 3 * LogBuffer::capacity; ++i)
            buffer.add(line(std::to_string(i)));
        QCOMPARE(buffer.waiting(), LogBuffer::capacity);
        QTRY_COMPARE(batches.size(), 1);
        const auto lines = batches[0][0].value<LogBatch>();
        QCOMPARE(lines.size(), LogBuffer::capacity);
        QCOMPARE(lines.back().text, std::to_string(3 * LogBuffer::capacity - 1));
        QCOMPARE(batches[0][1].toLongLong(), static_cast<qint64>(2 * LogBuffer::capacity));
    }

    void aBufferMayGoWhileOthersLog() {
        std::atomic<bool> stop = false;
        std::jthread writer([&] {
            while (!stop)
                spdlog::info("on and on");
        });
        for (int i = 0; i < 50; ++i) {
            LogBuffer buffer;
            QTRY_VERIFY(buffer.waiting() > 0);
        }
        stop = true;
    }

    void theModelIsBoundedAndNeverResets() {
        LogModel model;
        LogFilterModel lines(&model);
        QAbstractItemModelTester raw(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        QAbstractItemModelTester filtered(&lines, QAbstractItemModelTester::FailureReportingMode::QtTest);
        lines.setFilter({LogLevel::Warning, {}, false, {}});
        QSignalSpy resets(&model, &QAbstractItemModel::modelReset);
        QSignalSpy proxyResets(&lines, &QAbstractItemModel::modelReset);
        const int batches = 15;
        for (int batch = 0; batch < batches; ++batch) {
            LogBatch some;
            for (int i = 0; i < 1100; ++i)
                some.push_back(
                    line(std::to_string(batch * 1100 + i), i % 10 == 0 ? LogLevel::Warning : LogLevel::Info));
            model.append(some, 1);
        }
        QVERIFY(model.rowCount() <= LogModel::capacity);
        QVERIFY(model.rowCount() > LogModel::capacity - 2 * LogModel::block);
        QCOMPARE(model.dropped(), batches * 1101 - model.rowCount());
        QCOMPARE(model.row(model.rowCount() - 1).text, QString::number(batches * 1100 - 1));
        // What is shown are exactly the warnings that are left.
        std::vector<int> expected;
        for (int row = 0; row < model.rowCount(); ++row)
            if (model.row(row).level == LogLevel::Warning)
                expected.push_back(row);
        QCOMPARE(lines.rowCount(), static_cast<int>(expected.size()));
        for (int row = 0; row < lines.rowCount(); ++row)
            QCOMPARE(lines.sourceRow(row), expected[static_cast<std::size_t>(row)]);
        // A batch larger than all that is held.
        model.append(LogBatch(LogModel::capacity + 5, line("x")));
        QCOMPARE(model.rowCount(), LogModel::capacity);
        QCOMPARE(resets.size(), 0);
        QCOMPARE(proxyResets.size(), 0);
    }

    void recalledLinesStandAboveAndAreReplaced() {
        LogModel model;
        LogFilterModel lines(&model);
        QAbstractItemModelTester filtered(&lines, QAbstractItemModelTester::FailureReportingMode::QtTest);
        lines.setFilter({LogLevel::Trace, {}, false, QStringLiteral("/runs/old")});
        model.append({line("live", LogLevel::Info, "/runs/new")});
        model.recall({line("one", LogLevel::Info, "/runs/old"), line("two", LogLevel::Info, "/runs/old")});
        QCOMPARE(model.rowCount(), 3);
        QCOMPARE(model.row(2).text, QStringLiteral("live"));
        QCOMPARE(lines.rowCount(), 2);
        QVERIFY(model.hasLive(QStringLiteral("/runs/new/")));
        QVERIFY(!model.hasLive(QStringLiteral("/runs/old")));
        model.recall({line("three", LogLevel::Info, "/runs/old")});
        QCOMPARE(model.rowCount(), 2);
        QCOMPARE(lines.rowCount(), 1);
        model.append(LogBatch(LogModel::capacity + 1, line("flood")));
        QCOMPARE(model.rowCount(), LogModel::capacity + 1);
        QCOMPARE(model.row(0).text, QStringLiteral("three"));
        model.clear();
        QCOMPARE(lines.rowCount(), 0);
        QCOMPARE(model.dropped(), 0);
    }

    void aLogFileIsReadBack() {
        const fs::path run = runFolder("readback");
        createDirectories(run);
        writeFile(run / "train_cycle.log",
                  "2026-01-31 10:00:00.000 [info] first\n"
                  "2026-01-31 10:00:02.500 [error] it broke\n"
                  "  at a place\n"
                  "2026-01-31 10:00:03.000 [warning] cut sho");
        writeFile(run / "evaluate.log", "no head\n2026-01-31 10:00:01.000 [info] between\r\n");
        const RunLogLines found = readRunLog(QString::fromStdString(run.string()));
        QCOMPARE(found.problem, QString());
        QCOMPARE(found.lines.size(), std::size_t(4));
        QCOMPARE(found.lines[1].text, std::string("between"));
        QCOMPARE(found.lines[2].text, std::string("it broke\n  at a place"));
        QCOMPARE(found.lines[2].level, LogLevel::Error);
        QCOMPARE(found.lines[2].time - found.lines[0].time, 2.5);
        QCOMPARE(found.lines[2].run, run.string());
        QCOMPARE(found.lines[3].text, std::string("cut sho"));
        QVERIFY(readRunLog(QStringLiteral("/nowhere/at/all"))
                    .problem.contains(QStringLiteral("/nowhere/at/all")));
    }

    void emptyStateLeadsToLaunch() {
        openPage();
        QSignalSpy asked(m_page.get(), &LogPage::launchPageRequested);
        auto& button = find<QPushButton>("logEmptyLaunch");
        QVERIFY(button.isVisible());
        QTest::mouseClick(&button, Qt::LeftButton);
        QCOMPARE(asked.size(), 1);
        spdlog::warn("here I am");
        QTRY_VERIFY(view().isVisible());
        QVERIFY(!button.isVisible());
        QCOMPARE(shown(), 1);
        QCOMPARE(cell(0, LogModel::Text), QStringLiteral("here I am"));
        QCOMPARE(cell(0, LogModel::Level), QStringLiteral("Warning"));
    }

    void levelAndTextFilter() {
        openPage();
        m_page->model()->append({line("loss 0.5"), line("Loss is NaN", LogLevel::Warning),
                                 line("no space left", LogLevel::Error), line("gone", LogLevel::Critical)});
        QAbstractItemModelTester tester(view().model());
        QCOMPARE(find<QLabel>("logCounts").text(), QStringLiteral("4 lines"));
        auto& level = find<QComboBox>("logLevel");
        level.setFocus();
        QTest::keyClick(&level, Qt::Key_Down);
        QCOMPARE(shown(), 3);
        QTest::keyClick(&level, Qt::Key_Down);
        QCOMPARE(shown(), 2);
        QCOMPARE(find<QLabel>("logCounts").text(), QStringLiteral("2 of 4 lines"));
        QTest::keyClick(&level, Qt::Key_Home);
        QTest::keyClick(&view(), Qt::Key_F, Qt::ControlModifier);
        auto& text = find<QLineEdit>("logFilter");
        QVERIFY(text.hasFocus());
        QTest::keyClicks(&text, QStringLiteral("LOSS"));
        QCOMPARE(shown(), 2);
        QTest::keyClicks(&text, QStringLiteral(" [0-9]"));
        QCOMPARE(shown(), 0);
        auto& nothing = find<QWidget>("noLogLine");
        QVERIFY(nothing.isVisible());
        QTest::mouseClick(&find<QToolButton>("logExpression"), Qt::LeftButton);
        QCOMPARE(shown(), 1);
        QVERIFY(!nothing.isVisible());
        auto& problem = find<QLabel>("logFilterProblem");
        QVERIFY(!problem.isVisible());
        QTest::keyClicks(&text, QStringLiteral("("));
        QVERIFY(problem.isVisible());
        QVERIFY(problem.text().contains(QStringLiteral("parenthes")));
        QCOMPARE(shown(), 0);
        QTest::mouseClick(&find<QPushButton>("showAllLines"), Qt::LeftButton);
        QCOMPARE(shown(), 4);
        QVERIFY(!problem.isVisible());
        // What was chosen is there again in the next window.
        openPage();
        QVERIFY(find<QToolButton>("logExpression").isChecked());
    }

    void anExplodingExpressionEnds() {
        LogModel model;
        model.append(LogBatch(50, line(std::string(60, 'a') + "!")));
        LogFilterModel lines(&model);
        lines.setFilter({LogLevel::Trace, QStringLiteral("^(a+)+$"), true, {}});
        QCOMPARE(lines.rowCount(), 0);
        lines.setFilter({LogLevel::Trace, QStringLiteral("^a+!$"), true, {}});
        QCOMPARE(lines.rowCount(), 50);
    }

    void followsUntilScrolledUp() {
        openPage();
        fill(500);
        auto& follow = find<QToolButton>("logFollow");
        QVERIFY(follow.isChecked());
        QTRY_VERIFY(isAtNewest());
        fill(100);
        QTRY_VERIFY(isAtNewest());
        // Up: the lines in sight stay where they are, whatever arrives.
        QWheelEvent up(QPointF(100, 100), view().viewport()->mapToGlobal(QPointF(100, 100)), QPoint(),
                       QPoint(0, 480), Qt::NoButton, Qt::NoModifier, Qt::NoScrollPhase, false);
        QApplication::sendEvent(view().viewport(), &up);
        QVERIFY(!isAtNewest());
        QVERIFY(!follow.isChecked());
        const int place = view().verticalScrollBar()->value();
        fill(300);
        QCOMPARE(view().verticalScrollBar()->value(), place);
        // Even while the oldest go.
        const QModelIndex top = view().indexAt(QPoint(5, 5));
        QCOMPARE(m_page->model()->dropped(), 0);
        m_page->model()->append({line("marker")});
        fill(2000);
        const QPersistentModelIndex read(view().indexAt(QPoint(5, 5)));
        QCOMPARE(read.row(), top.row());
        fill(8000);
        QVERIFY(m_page->model()->dropped() > 0);
        view().setFollowing(true);
        QVERIFY(isAtNewest());
        view().verticalScrollBar()->setValue(view().verticalScrollBar()->maximum() / 2);
        QVERIFY(!follow.isChecked());
        const QPersistentModelIndex middle(view().indexAt(QPoint(5, 5)));
        fill(1500);
        QVERIFY(middle.isValid());
        QCOMPARE(view().indexAt(QPoint(5, 5)).row(), middle.row());
        // Down at the end it follows again.
        view().setFocus();
        QTest::keyClick(&view(), Qt::Key_End);
        QTRY_VERIFY(isAtNewest());
        QVERIFY(follow.isChecked());
        QTest::keyClick(&view(), Qt::Key_Home);
        QCOMPARE(view().verticalScrollBar()->value(), 0);
        QVERIFY(!follow.isChecked());
        QTest::mouseClick(&follow, Qt::LeftButton);
        QVERIFY(view().isFollowing());
        fill(10);
        QTRY_VERIFY(isAtNewest());
        // To choose a line is to read it.
        choose(view().model()->rowCount() - 5);
        QVERIFY(!follow.isChecked());
    }

    void chosenLinesAreShownWholeAndCopied() {
        openPage();
        const std::string tail(400, 'x');
        m_page->model()->append(
            {line("short"), line("a\nb " + tail, LogLevel::Error, "/runs/one"), line("third")});
        choose(1);
        QVERIFY(find<QPlainTextEdit>("logDetails").toPlainText() == QString::fromStdString("a\nb " + tail));
        QVERIFY(find<QLabel>("logDetailsHead").text().endsWith(QStringLiteral("/runs/one")));
        choose(2, Qt::ShiftModifier);
        QTest::keyClick(&view(), Qt::Key_C, Qt::ControlModifier);
        const QString copied = QGuiApplication::clipboard()->text();
        QVERIFY(copied.startsWith(m_page->model()->lineText(1)));
        QVERIFY(copied.contains(QStringLiteral(" [error] a")));
        QVERIFY(copied.endsWith(QStringLiteral("[info] third")));
    }

    void runsOpenByKeyClickAndMenu() {
        openPage();
        m_page->model()->append({line("own"), line("theirs", LogLevel::Info, "/runs/one")});
        QSignalSpy asked(m_page.get(), &LogPage::runRequested);
        choose(0);
        QTest::keyClick(&view(), Qt::Key_Return);
        QCOMPARE(asked.size(), 0);
        QVERIFY(!find<QAction>("openLineRun").isEnabled());
        choose(1);
        QTest::keyClick(&view(), Qt::Key_Return);
        QCOMPARE(asked.size(), 1);
        QTest::mouseDClick(view().viewport(), Qt::LeftButton, {},
                           view().visualRect(view().model()->index(1, LogModel::Text)).center());
        QCOMPARE(asked.size(), 2);
        QCOMPARE(asked[1][0].toString(), QStringLiteral("/runs/one"));
        find<QAction>("onlyLineRun").trigger();
        QCOMPARE(shown(), 1);
        QCOMPARE(find<QComboBox>("logRun").currentText(), QStringLiteral("one"));
        QCOMPARE(view().chosenRows(), (std::vector<int>{1}));
    }

    void aLiveRunIsShownWithItsLastError() {
        openPage();
        m_page->model()->append(
            {line("fine", LogLevel::Info, "/runs/a"), line("bad", LogLevel::Error, "/runs/a"),
             line("worse", LogLevel::Error, "/runs/a"), line("end", LogLevel::Info, "/runs/a"),
             line("other", LogLevel::Error, "/runs/b")});
        QTest::keyClicks(&find<QLineEdit>("logFilter"), QStringLiteral("nothing"));
        m_page->showRun(QStringLiteral("/runs/a"));
        QVERIFY(!m_page->isReading());
        QCOMPARE(shown(), 4);
        QCOMPARE(view().chosenRows(), (std::vector<int>{2}));
        QTest::keyClick(&view(), Qt::Key_F8, Qt::ShiftModifier);
        QCOMPARE(view().chosenRows(), (std::vector<int>{1}));
        QTest::keyClick(&view(), Qt::Key_F8);
        QCOMPARE(view().chosenRows(), (std::vector<int>{2}));
    }

    void aFinishedRunsOwnLogIsRead() {
        const fs::path run = runFolder("finished");
        createDirectories(run);
        std::string text;
        for (int i = 0; i < 40; ++i)
            text += "2026-01-31 10:00:00.000 [info] step " + std::to_string(i) + "\n";
        writeFile(run / "train_cycle.log", text + "2026-01-31 10:00:01.000 [error] the disk is full\n");
        openPage();
        m_page->model()->append({line("something live", LogLevel::Info, "/runs/live")});
        m_page->showRun(QString::fromStdString(run.string()));
        QVERIFY(m_page->isReading());
        QTRY_COMPARE(shown(), 41);
        QVERIFY(!m_page->isReading());
        QCOMPARE(view().chosenRows(), (std::vector<int>{40}));
        QCOMPARE(find<QLabel>("logDetailsHead").text().section(QStringLiteral("·"), 1, 1).trimmed(),
                 QStringLiteral("Error"));
        // Two in a row: the first answer is dropped.
        m_page->showRun(QStringLiteral("/nowhere"));
        m_page->showRun(QString::fromStdString(run.string()));
        QTRY_COMPARE(shown(), 41);
        auto* banner = m_page->findChild<NoticeBanner*>();
        QVERIFY(!banner->isVisible());
        m_page->showRun(QStringLiteral("/nowhere"));
        QTRY_VERIFY(banner->isVisible());
        QVERIFY(banner->text().contains(QStringLiteral("/nowhere")));
        m_page->showAll();
        QCOMPARE(shown(), 1);
    }

    void linesAreSaved() {
        openPage();
        m_page->model()->append({line("kept", LogLevel::Warning), line("left out")});
        auto& level = find<QComboBox>("logLevel");
        level.setFocus();
        QTest::keyClick(&level, Qt::Key_Down);
        QTest::keyClick(&view(), Qt::Key_S, Qt::ControlModifier);
        auto* dialog = m_page->findChild<QFileDialog*>(QStringLiteral("saveLogDialog"));
        QVERIFY(dialog != nullptr);
        const QString path = m_home.filePath(QStringLiteral("saved.log"));
        Q_EMIT dialog->fileSelected(path);
        QTRY_VERIFY(QFile::exists(path));
        QCOMPARE(QString::fromStdString(readFile(path.toStdString())),
                 m_page->model()->lineText(0) + QLatin1Char('\n'));
        Q_EMIT dialog->fileSelected(QStringLiteral("/nowhere/at/all.log"));
        auto* banner = m_page->findChild<NoticeBanner*>();
        QTRY_VERIFY(banner->text().contains(QStringLiteral("/nowhere/at/all.log")));
        dialog->close();
        find<QAction>("clearLog").trigger();
        QVERIFY(find<QPushButton>("logEmptyLaunch").isVisible());
    }

    void fitsASmallWindow() {
        openPage();
        fill(3, "/runs/a run with a name that is much longer than any name ought to be, and then some");
        QVERIFY(m_page->minimumSizeHint().width() <= 860);
        QVERIFY(m_page->minimumSizeHint().height() <= 560);
    }
};

QTEST_MAIN(TestLogPage)
#include "tst_log_page.moc"
