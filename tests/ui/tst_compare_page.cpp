// SPDX-License-Identifier: GPL-3.0-or-later
// The Compare page: cycles and runs side by side, what is better and what worse in words, small plots,
// copies, and configurations where they differ.
#include "support/page_driver.h"
#include "support/run_fixture.h"
#include "ui/models/comparison_model.h"
#include "ui/models/config_diff_model.h"
#include "ui/models/run_table_model.h"
#include "ui/pages/compare_page.h"
#include "ui/plots/small_multiples.h"
#include "ui/table_text.h"
#include "ui/theme.h"
#include "ui/widgets/notice_banner.h"

#include <QAbstractItemModelTester>
#include <QApplication>
#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QHeaderView>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QTabBar>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>

#include <cmath>
#include <memory>

using namespace saeception;
using fixture::RunSpec;
namespace fs = std::filesystem;

class TestComparePage : public QObject, PageDriver<ComparePage> {
    Q_OBJECT

private:
    std::unique_ptr<RunTableModel> m_runs;

    fs::path in(const std::string& name) const { return fs::path(m_folder->path().toStdString()) / name; }
    ComparisonModel& metrics() const { return *m_page->metrics(); }
    int rowOf(const QString& key) const {
        for (int row = 0; row < metrics().rowCount(); ++row)
            if (metrics().headerData(row, Qt::Vertical, ComparisonModel::KeyRole).toString() == key)
                return row;
        return -1;
    }
    QVariant at(const QString& key, int column, int role = Qt::DisplayRole) const {
        return metrics().index(rowOf(key), column).data(role);
    }
    void compare(const std::vector<fs::path>& roots) {
        QSignalSpy loaded(m_page.get(), &ComparePage::loaded);
        m_page->setRuns(roots);
        QTRY_VERIFY(!loaded.isEmpty());
    }
    void writeTwo() {
        RunSpec spec;
        fixture::writeFinishedRun(in("first"), spec);
        spec.firstAccuracy = 0.905;
        spec.k = 32;
        fixture::writeFinishedRun(in("second"), spec);
    }
    static RunContents contents(const std::string& title, const std::map<int, MetricTable>& results) {
        RunContents run;
        run.root = "/runs/" + title;
        run.title = title;
        run.results = results;
        return run;
    }

private Q_SLOTS:
    void initTestCase() { begin("tst_compare_page"); }
    void init() {
        m_folder = std::make_unique<QTemporaryDir>();
        m_runs = std::make_unique<RunTableModel>();
        m_page = std::make_unique<ComparePage>(m_runs.get());
        m_page->resize(1216, 700);
        m_page->show();
        QVERIFY(QTest::qWaitForWindowActive(m_page.get()));
    }
    void cleanup() {
        m_page.reset();
        m_runs.reset();
    }

    void emptyStateLeadsToTheRuns() {
        QVERIFY(find<QLabel>("emptyText").isVisible());
        QSignalSpy wanted(m_page.get(), &ComparePage::runsPageRequested);
        QTest::mouseClick(&find<QPushButton>("goToRuns"), Qt::LeftButton);
        QCOMPARE(wanted.size(), 1);
    }

    void cyclesOfOneRunSideBySide() {
        writeTwo();
        compare({in("first")});
        QAbstractItemModelTester tester(&metrics());
        QCOMPARE(metrics().columnCount(), 2);
        QCOMPARE(metrics().columnText(1), QStringLiteral("Cycle 1"));
        QCOMPARE(at(QStringLiteral("task_accuracy"), 0).toString(), QStringLiteral("0.900"));
        QCOMPARE(at(QStringLiteral("task_accuracy"), 1, ComparisonModel::IntervalRole).toString(),
                 QStringLiteral("[0.902, 0.918]"));
        QCOMPARE(at(QStringLiteral("task_accuracy"), 1, ComparisonModel::ChangeTextRole).toString(),
                 QStringLiteral("▲ 0.010"));
        QCOMPARE(at(QStringLiteral("task_accuracy"), 1, ComparisonModel::VerdictRole).toInt(), 1);
        // Lower is better here, so the fall is the gain.
        QCOMPARE(at(QStringLiteral("task_loss"), 1, ComparisonModel::ChangeTextRole).toString(),
                 QStringLiteral("▼ 0.010"));
        QCOMPARE(at(QStringLiteral("task_loss"), 1, ComparisonModel::VerdictRole).toInt(), 1);
        QVERIFY(at(QStringLiteral("task_accuracy"), 0, ComparisonModel::ChangeTextRole).toString().isEmpty());
        const QString words = at(QStringLiteral("task_accuracy"), 1, Qt::ToolTipRole).toString();
        for (const char* part : {"95 % interval", "[0.902, 0.918]", "against Cycle 0: better", "overlap"})
            QVERIFY2(words.contains(QString::fromLatin1(part)), qPrintable(words));
        const int row = rowOf(QStringLiteral("task_accuracy"));
        const QString meaning = metrics().headerData(row, Qt::Vertical, Qt::ToolTipRole).toString();
        for (const char* part : {"Accuracy", "Higher is better", "task_accuracy", "results_cycle_N.json"})
            QVERIFY2(meaning.contains(QString::fromLatin1(part)), qPrintable(meaning));
        // Ends of intervals are no rows of their own; families are.
        QCOMPARE(rowOf(QStringLiteral("task_accuracy_ci_low")), -1);
        QVERIFY(metrics().headerData(0, Qt::Vertical, ComparisonModel::HeadingRole).toBool());
        QCOMPARE(metrics().headerData(0, Qt::Vertical).toString(), QStringLiteral("Task"));
    }

    void runsSideBySideAndTheReferenceChanges() {
        writeTwo();
        compare({in("first"), in("second")});
        QAbstractItemModelTester tester(&metrics());
        QCOMPARE(metrics().columnCount(), 4);
        QCOMPARE(metrics().columnText(2), QStringLiteral("second · Cycle 0"));
        QCOMPARE(at(QStringLiteral("task_accuracy"), 2, ComparisonModel::ChangeTextRole).toString(),
                 QStringLiteral("▲ 0.005"));
        auto& table = find<QTableView>("comparison");
        QHeaderView& header = *table.horizontalHeader();
        QTest::mouseClick(header.viewport(), Qt::LeftButton, {},
                          QPoint(header.sectionViewportPosition(3) + 8, header.height() / 2));
        QCOMPARE(metrics().reference(), 3);
        QCOMPARE(find<QComboBox>("reference").currentIndex(), 3);
        QCOMPARE(at(QStringLiteral("task_accuracy"), 0, ComparisonModel::ChangeTextRole).toString(),
                 QStringLiteral("▼ 0.015"));
        QCOMPARE(at(QStringLiteral("task_accuracy"), 0, ComparisonModel::VerdictRole).toInt(), -1);
        auto& chooser = find<QComboBox>("reference");
        chooser.setFocus();
        QTest::keyClick(&chooser, Qt::Key_Up);
        QCOMPARE(metrics().reference(), 2);
        // It stays with its column when another run is taken out.
        QSignalSpy loaded(m_page.get(), &ComparePage::loaded);
        QTest::mouseClick(&find<QToolButton>("removeRun0"), Qt::LeftButton);
        QTRY_VERIFY(!loaded.isEmpty());
        QCOMPARE(metrics().columnCount(), 2);
        QCOMPARE(metrics().reference(), 0);
    }

    void detailsAreShownOnRequest() {
        RunContents run = contents("a", {{0,
                                          {{"task_accuracy", 0.9},
                                           {"base_csi_std", 0.1},
                                           {"sae_concept_acting_f1", 0.4},
                                           {"something_new", 3}}}});
        ComparisonModel model;
        QAbstractItemModelTester tester(&model);
        QSignalSpy resets(&model, &QAbstractItemModel::modelReset);
        model.setRuns({run});
        const auto titles = [&] {
            QStringList list;
            for (int row = 0; row < model.rowCount(); ++row)
                list.append(model.headerData(row, Qt::Vertical).toString());
            return list;
        };
        QCOMPARE(titles(), (QStringList{QStringLiteral("Task"), QStringLiteral("Accuracy"),
                                        QStringLiteral("Other"), QStringLiteral("something new")}));
        model.setDetails(true);
        QVERIFY(titles().contains(QStringLiteral("CSI of activations, spread")));
        QVERIFY(titles().contains(QStringLiteral("Concept acting, F1")));
        QCOMPARE(titles().last(), QStringLiteral("something new"));
        // A cycle with other metrics comes and goes; what stays keeps its place.
        RunContents more = run;
        more.results[1] = {{"task_accuracy", 0.8}, {"sae_l0", 16}};
        model.setRuns({run, contents("b", {{0, {{"task_loss", 0.1}}}}), more});
        model.setRuns({more});
        QCOMPARE(model.columnCount(), 2);
        QVERIFY(titles().contains(QStringLiteral("L0")));
        model.setRuns({contents("b", {{0, {{"task_loss", 0.1}}}}), run});
        model.setRuns({run, contents("b", {{0, {{"task_loss", 0.1}}}})});
        QCOMPARE(model.headerData(1, Qt::Horizontal, ComparisonModel::TitleRole).toString(),
                 QStringLiteral("b"));
        model.setDetails(false);
        model.setRuns({});
        QCOMPARE(model.rowCount(), 0);
        QCOMPARE(model.columnCount(), 0);
        QCOMPARE(resets.size(), 0);
    }

    void allMetricsByTheBox() {
        fixture::writeFinishedRun(in("run"));
        MetricTable table = fixture::metricsOf(0.9);
        table.emplace_back("base_csi_std", 0.2);
        saveResults(RunDirectory::at(in("run")), 0, table);
        compare({in("run")});
        QCOMPARE(rowOf(QStringLiteral("base_csi_std")), -1);
        auto& box = find<QCheckBox>("allMetrics");
        box.setFocus();
        QTest::keyClick(&box, Qt::Key_Space);
        QVERIFY(rowOf(QStringLiteral("base_csi_std")) > 0);
        QCOMPARE(at(QStringLiteral("base_csi_std"), 1).toString(), QStringLiteral("–"));
    }

    void warningsAreToldInFull() {
        RunSpec spec;
        fixture::writeFinishedRun(in("run"), spec);
        MetricTable bad = fixture::metricsOf(0.8);
        for (auto& [key, value] : bad)
            if (key == "sae_dead_pct")
                value = 80;
        saveResults(RunDirectory::at(in("run")), 1, bad);
        compare({in("run")});
        auto* warnings = m_page->findChild<NoticeBanner*>(QStringLiteral("resultWarnings"));
        QVERIFY(warnings->isVisible());
        const QString text = warnings->lines().join(QLatin1Char('\n'));
        QVERIFY2(text.contains(QStringLiteral("10.0 points below cycle 0")), qPrintable(text));
        QVERIFY2(text.contains(QStringLiteral("never fire")), qPrintable(text));
    }

    void copiesAsMarkdownAndCsv() {
        writeTwo();
        compare({in("first"), in("second")});
        auto& table = find<QTableView>("comparison");
        table.setFocus();
        QTest::keyClick(&table, Qt::Key_C, Qt::ControlModifier);
        const QString markdown = QGuiApplication::clipboard()->text();
        const QStringList lines = markdown.split(QLatin1Char('\n'));
        QVERIFY(lines[0].contains(QStringLiteral("second · Cycle 1")));
        QVERIFY2(lines[1].contains(QStringLiteral("-:")), qPrintable(lines[1]));
        QVERIFY2(markdown.contains(QStringLiteral("**Task**")), qPrintable(markdown));
        QVERIFY2(markdown.contains(QStringLiteral("0.910 [0.902, 0.918] (▲ 0.010 better)")),
                 qPrintable(markdown));
        QTest::keyClick(&table, Qt::Key_C, Qt::ControlModifier | Qt::ShiftModifier);
        const QStringList csv = QGuiApplication::clipboard()->text().split(QLatin1Char('\n'));
        QVERIFY(csv[0].startsWith(QStringLiteral("key,Metric,first · Cycle 0,first · Cycle 0 low")));
        QVERIFY2(csv[1].startsWith(QStringLiteral("task_accuracy,Accuracy,0.9,0.892,0.908,0.91")),
                 qPrintable(csv[1]));
        QCOMPARE(csvTable({QStringLiteral("a,b"), QStringLiteral("c")},
                          {{QStringLiteral("say \"x\""), QStringLiteral("two\nlines")}}),
                 QStringLiteral("\"a,b\",c\n\"say \"\"x\"\"\",\"two\nlines\"\n"));
        QCOMPARE(markdownTable({QStringLiteral("a|b"), QStringLiteral("n")},
                               {{QStringLiteral("x"), QStringLiteral("1")}}, 1),
                 QStringLiteral("| a\\|b |   n |\n| ---- | --: |\n| x    |   1 |\n"));
    }

    void configurationsShowDifferencesOnly() {
        writeTwo();
        fixture::appendTo(in("second/.hydra/config.yaml"), "extra: 1\n");
        compare({in("first"), in("second")});
        ConfigDiffModel& configs = *m_page->configs();
        QAbstractItemModelTester tester(&configs);
        auto& tabs = find<QTabBar>("compareTabs");
        tabs.setFocus();
        QTest::keyClick(&tabs, Qt::Key_Right);
        QVERIFY(find<QTableView>("configDiff").isVisible());
        QCOMPARE(configs.rowCount(), 2);
        QCOMPARE(configs.headerData(0, Qt::Vertical).toString(), QStringLiteral("sae.k"));
        QCOMPARE(configs.index(0, 0).data().toString(), QStringLiteral("16"));
        QCOMPARE(configs.index(0, 1).data().toString(), QStringLiteral("32"));
        QVERIFY(configs.index(0, 1).data(ConfigDiffModel::DiffersRole).toBool());
        QVERIFY(configs.index(1, 0).data(ConfigDiffModel::MissingRole).toBool());
        QTest::keyClick(&find<QTableView>("configDiff"), Qt::Key_C, Qt::ControlModifier);
        QVERIFY(QGuiApplication::clipboard()->text().contains(QStringLiteral("| sae.k | 16")));
        compare({in("first")});
        QVERIFY(find<QLabel>("configHint").text().contains(QStringLiteral("second run")));
        compare({in("first"), in("first")});
        QCOMPARE(m_page->roots().size(), std::size_t(1));
    }

    void smallPlotsTellTheirNumbers() {
        writeTwo();
        compare({in("first"), in("second")});
        auto& plots = find<SmallMultiples>("smallMultiples");
        QVERIFY(plots.plotCount() >= 4);
        QCOMPARE(plots.plotTitle(0), QStringLiteral("Accuracy"));
        const QString text = plots.plotText(0);
        QVERIFY2(text.contains(QStringLiteral("second · Cycle 1: 0.915 [0.907, 0.923]")), qPrintable(text));
        QCOMPARE(plots.accessibleDescription().count(QStringLiteral("second · Cycle 1")), plots.plotCount());
        // Something is painted in each run's colour.
        const QImage image = plots.grab().toImage();
        for (const int run : {0, 1}) {
            const QRgb colour = Theme::instance().series(run).rgb();
            int hits = 0;
            for (int y = 0; y < image.height(); ++y)
                for (int x = 0; x < image.width(); ++x)
                    hits += image.pixel(x, y) == colour ? 1 : 0;
            QVERIFY2(hits > 20, qPrintable(QString::number(run)));
        }
        for (int plot = 0; plot < plots.plotCount(); ++plot)
            QVERIFY(plots.rect().contains(plots.plotRect(plot)));
    }

    void runsAreAddedFromTheMenu() {
        writeTwo();
        RunReader reader;
        m_runs->update({*reader.read(in("first"), {}), *reader.read(in("second"), {})});
        compare({in("first")});
        auto* menu = find<QPushButton>("addRun").menu();
        Q_EMIT menu->aboutToShow();
        QCOMPARE(menu->actions().size(), 3);  // the other run, a line, the way to the Runs page
        QVERIFY(menu->actions().first()->text().startsWith(QStringLiteral("second")));
        QSignalSpy loaded(m_page.get(), &ComparePage::loaded);
        menu->actions().first()->trigger();
        QTRY_VERIFY(!loaded.isEmpty());
        QCOMPARE(metrics().columnCount(), 4);
    }

    void followsTheOpenRunUntilRunsAreChosen() {
        writeTwo();
        m_page->follow(in("first"));
        QTRY_COMPARE(metrics().columnCount(), 2);
        m_page->follow(in("second"));
        QTRY_COMPARE(metrics().headerData(0, Qt::Horizontal, ComparisonModel::TitleRole).toString(),
                     QStringLiteral("second"));
        compare({in("first")});
        m_page->follow(in("second"));
        QCOMPARE(m_page->roots(), std::vector<fs::path>{in("first")});
    }

    void supersededRunsNeverShow() {
        writeTwo();
        QStringList seen;
        connect(&metrics(), &QAbstractItemModel::columnsInserted, this, [&] {
            seen << metrics().headerData(0, Qt::Horizontal, ComparisonModel::TitleRole).toString();
        });
        m_page->setRuns({in("first")});
        m_page->setRuns({in("second")});
        QTRY_COMPARE(metrics().columnCount(), 2);
        QVERIFY(!seen.contains(QStringLiteral("first")));
        m_page->setRuns({in("first")});
        m_page.reset();
        QCoreApplication::processEvents();
    }

    void aNewCycleAppearsOnReload() {
        RunSpec spec;
        spec.cycles = 1;
        fixture::writeFinishedRun(in("run"), spec);
        compare({in("run")});
        QCOMPARE(metrics().columnCount(), 1);
        saveResults(RunDirectory::at(in("run")), 1, fixture::metricsOf(0.95));
        m_page->reload();
        QTRY_COMPARE(metrics().columnCount(), 2);
    }

    void damagedRunsShowWhatIsLeft() {
        writeTwo();
        writeFile(in("second/checkpoints/results_cycle_1.json"), "{");
        compare({in("first"), in("second"), in("gone")});
        QCOMPARE(metrics().columnCount(), 3);
        auto* problems = m_page->findChild<NoticeBanner*>(QStringLiteral("noticeBanner"));
        QVERIFY(problems->isVisible());
        const QString text = problems->lines().join(QLatin1Char('\n'));
        QVERIFY2(text.contains(QStringLiteral("results_cycle_1.json")), qPrintable(text));
        QVERIFY2(text.contains(QStringLiteral("gone")), qPrintable(text));
        // A run without any result says so in place of a table.
        compare({in("gone")});
        QVERIFY(find<QLabel>("metricHint").isVisible());
        QVERIFY(!find<QTableView>("comparison").isVisible());
    }

    void moreThanEightRunsAreNotTakenSilently() {
        std::vector<fs::path> roots;
        for (int i = 0; i < 9; ++i)
            roots.push_back(in("run" + std::to_string(i)));
        compare(roots);
        QCOMPARE(m_page->roots().size(), std::size_t(ComparePage::mostRuns));
        QVERIFY(!find<QPushButton>("addRun").isEnabled());
        auto* problems = m_page->findChild<NoticeBanner*>(QStringLiteral("noticeBanner"));
        QVERIFY2(problems->lines().join(QLatin1Char('\n')).contains(QStringLiteral("first 8")),
                 qPrintable(problems->text()));
    }

    void fitsASmallWindowInBothThemes() {
        writeTwo();
        compare({in("first"), in("second")});
        QVERIFY(m_page->minimumSizeHint().width() <= 860);
        QVERIFY2(m_page->minimumSizeHint().height() <= 560,
                 qPrintable(QString::number(m_page->minimumSizeHint().height())));
        Theme::instance().setChoice(ThemeChoice::Dark);
        QCoreApplication::processEvents();
        const QImage image = find<QTableView>("comparison").horizontalHeader()->grab().toImage();
        QCOMPARE(image.pixelColor(1, 1), Theme::instance().colours().surface);
        Theme::instance().setChoice(ThemeChoice::Light);
    }
};

QTEST_MAIN(TestComparePage)
#include "tst_compare_page.moc"
