// SPDX-License-Identifier: GPL-3.0-or-later
// The Evolution page driven as a person drives it: steps, tabs, filters, rows and dots, and the history that
// follows.
#include "support/evolution_fixture.h"
#include "ui/models/concept_table_model.h"
#include "ui/models/match_table_model.h"
#include "ui/models/raw_filter_model.h"
#include "ui/models/salient_model.h"
#include "ui/models/top_sentences_model.h"
#include "ui/pages/evolution_page.h"
#include "ui/pages/evolution_selectivity.h"
#include "ui/pages/feature_history.h"
#include "ui/pages/history_column.h"
#include "ui/plots/fate_bars.h"
#include "ui/plots/quartile_lines.h"
#include "ui/plots/selectivity_plot.h"
#include "ui/theme.h"
#include "ui/widgets/action_list.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/raw_table_view.h"

#include <QAbstractItemModelTester>
#include <QAction>
#include <QApplication>
#include <QCheckBox>
#include <QComboBox>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QPushButton>
#include <QScrollArea>
#include <QScrollBar>
#include <QSettings>
#include <QSignalSpy>
#include <QSplitter>
#include <QStandardPaths>
#include <QTabBar>
#include <QTemporaryDir>
#include <QTest>

using namespace saeception;
namespace fs = std::filesystem;

class TestEvolutionPage : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<RunFeatures> m_store;
    std::unique_ptr<EvolutionPage> m_page;

    template <typename Widget>
    Widget& find(const char* name) const {
        auto* widget = m_page->findChild<Widget*>(QString::fromLatin1(name));
        if (!widget)
            qFatal("the page has no %s", name);
        return *widget;
    }
    fs::path run(const char* name = "run") const {
        return m_folder->filePath(QLatin1String(name)).toStdString();
    }
    bool shows(const char* name) const { return find<QWidget>(name).isVisibleTo(m_page.get()); }
    QTabBar& tabs() const { return find<QTabBar>("evolutionTabs"); }
    QComboBox& chooser() const { return find<QComboBox>("stepSelector"); }
    RawTableView& matches() const { return find<RawTableView>("matchTable"); }
    const MatchTableModel& matchTable() const {
        return *static_cast<const MatchTableModel*>(matches().rows()->sourceModel());
    }
    const FeaturePair& chosenPair() const { return matchTable().pair(matches().currentSourceRow()); }
    FeatureHistory& history() const { return find<FeatureHistory>("featureHistory"); }
    HistoryColumn& column(int cycle) const {
        return find<HistoryColumn>(qPrintable(QStringLiteral("history%1").arg(cycle)));
    }
    QString in(int cycle, const char* name) const {
        return column(cycle).findChild<QLabel*>(QString::fromLatin1(name))->text();
    }
    const EmptyState& state() const { return find<EmptyState>("evolutionState"); }

    void clickTab(int tab) {
        QTest::mouseClick(&tabs(), Qt::LeftButton, {}, tabs().tabRect(tab).center());
        QCOMPARE(tabs().currentIndex(), tab);
    }
    void openWide(int cycles) {
        fixture::writeWideRun(run(), cycles);
        m_store->setRun(run());
        QTRY_VERIFY(!m_page->isLoading());
        QVERIFY(matches().rows()->rowCount() > 0);
    }
    void clickRow(RawTableView& view, int row, int column = 0) {
        view.scrollTo(view.rows()->index(row, column));
        QTest::mouseClick(view.viewport(), Qt::LeftButton, {},
                          view.visualRect(view.rows()->index(row, column)).center());
    }
    /// The row of the table in sight that shows the pair.
    int rowOf(int before, int after) const {
        for (int row = 0; row < matches().rows()->rowCount(); ++row) {
            const FeaturePair& pair = matchTable().pair(matches().rows()->sourceRow(row));
            if (pair.before == before && pair.after == after)
                return row;
        }
        return -1;
    }

private Q_SLOTS:
    void initTestCase() {
        QStandardPaths::setTestModeEnabled(true);
        QCoreApplication::setOrganizationName(QStringLiteral("saeception-test"));
        QCoreApplication::setApplicationName(QStringLiteral("tst_evolution_page"));
        Theme::instance().install(*qApp, ThemeChoice::Light);
    }
    void init() {
        QSettings().clear();
        m_folder = std::make_unique<QTemporaryDir>();
        m_store = std::make_unique<RunFeatures>();
        m_page = std::make_unique<EvolutionPage>(m_store.get());
        m_page->resize(1160, 740);
        m_page->show();
        QVERIFY(QTest::qWaitForWindowActive(m_page.get()));
    }
    void cleanup() {
        m_page.reset();
        m_store.reset();
        QSettings().clear();
    }

    void saysThatNoRunIsOpen() {
        QCOMPARE(state().title(), QStringLiteral("No run is open"));
        QVERIFY(shows("evolutionState") && !shows("evolutionTabs") && !shows("featureHistory"));
        QSignalSpy launch(m_page.get(), &EvolutionPage::launchPageRequested);
        QSignalSpy open(m_page.get(), &EvolutionPage::openRequested);
        QTest::mouseClick(&find<QPushButton>("evolutionLaunch"), Qt::LeftButton);
        QTest::mouseClick(&find<QPushButton>("evolutionOpen"), Qt::LeftButton);
        QCOMPARE(launch.size() + open.size(), 2);
        m_store->setRun(run("nowhere"));
        QVERIFY(state().text().contains(QStringLiteral("nowhere")));
        QVERIFY(shows("evolutionOpen"));
        fixture::writeRun(run(), 0);
        m_store->setRun(run());
        QCOMPARE(state().title(), QStringLiteral("No features yet"));
        QVERIFY(!shows("evolutionLaunch") && !shows("evolutionRebuild"));
    }

    void oneCycleHasNothingToCompareWith() {
        fixture::writeWideRun(run(), 1);
        m_store->setRun(run());
        QTRY_VERIFY(!m_page->isLoading());
        QVERIFY2(state().text().startsWith(QStringLiteral("There is nothing before cycle 0 to compare with")),
                 qPrintable(state().text()));
        QVERIFY(shows("evolutionTabs") && !shows("stepSelector") && !shows("featureHistory"));
        QCOMPARE(m_page->step(), -1);
        clickTab(EvolutionPage::SharpeningTab);
        QVERIFY(shows("evolutionState"));
        // A history of one cycle can be told.
        m_page->showFeature(0, 3);
        QVERIFY(shows("featureHistory"));
        QCOMPARE(column(0).feature(), 3);
        // The next cycle makes it a step.
        fixture::writeWideIndex(fixture::indexFile(run(), 1), fixture::fixtureOrigin(1), 60);
        fixture::writeMatches(run(), 1, fixture::wideLinks(60));
        m_store->reload();
        QTRY_VERIFY(!m_page->isLoading());
        QCOMPARE(m_page->step(), 1);
        QCOMPARE(chooser().currentText(), QStringLiteral("Cycle 0 → 1"));
        QCOMPARE(column(1).feature(), 3);
    }

    void cyclesWithAGapAreNamed() {
        fixture::writeWideRun(run(), 1);
        fixture::writeWideIndex(fixture::indexFile(run(), 2), fixture::fixtureOrigin(2), 60);
        m_store->setRun(run());
        QTRY_VERIFY(!m_page->isLoading());
        QVERIFY2(state().text().contains(QStringLiteral("cycle 1 has no feature index")),
                 qPrintable(state().text()));
    }

    void nothingIsReadOutOfSight() {
        m_page->hide();
        fixture::writeWideRun(run(), 2);
        m_store->setRun(run());
        QCOMPARE(m_store->state(1), RunFeatures::State::Unread);
        QVERIFY(!m_page->isLoading());
        m_page->show();
        QVERIFY(m_page->isLoading());
        QCOMPARE(state().title(), QStringLiteral("Reading features…"));
        QTRY_VERIFY(!m_page->isLoading());
        QVERIFY(shows("matchTable") && shows("featureHistory"));
    }

    void unusableIndexCanBeBuiltAgain() {
        fixture::writeWideRun(run(), 3);
        const std::string whole = readFile(fixture::indexFile(run(), 0));
        writeFile(fixture::indexFile(run(), 0), whole.substr(0, 2000));
        m_store->setRun(run());
        QTRY_VERIFY(!m_page->isLoading());
        // The newest step can be told; the other says why it cannot.
        QVERIFY(shows("matchTable"));
        QSignalSpy rebuild(m_page.get(), &EvolutionPage::rebuildRequested);
        chooser().setFocus();
        QTest::keyClick(&chooser(), Qt::Key_Up);
        QVERIFY(shows("evolutionState"));
        QVERIFY2(state().text().contains(QStringLiteral("cycle_0")), qPrintable(state().text()));
        QTest::mouseClick(&find<QPushButton>("evolutionRebuild"), Qt::LeftButton);
        QCOMPARE(rebuild.takeFirst().front().toInt(), 0);
        clickTab(EvolutionPage::ConceptsTab);
        QVERIFY(shows("conceptsProblem"));
        QTest::mouseClick(&find<QPushButton>("conceptsRebuild"), Qt::LeftButton);
        QCOMPARE(rebuild.takeFirst().front().toInt(), 0);
        clickTab(EvolutionPage::SelectivityTab);
        QVERIFY(shows("evolutionState"));
        writeFile(fixture::indexFile(run(), 0), whole);
        m_store->reload();
        QTRY_VERIFY(shows("csiPlot"));
        QVERIFY(!shows("conceptsProblem"));
    }

    void matchesThatCannotBeMadeSayWhy() {
        fixture::writeWideRun(run(), 2);
        fs::remove(RunDirectory::at(run()).matches(1));
        m_store->setRun(run());
        QTRY_VERIFY(shows("evolutionRebuild"));
        QVERIFY2(state().text().contains(QStringLiteral("sae_cycle_0_best.pt")), qPrintable(state().text()));
        QSignalSpy rebuild(m_page.get(), &EvolutionPage::rebuildRequested);
        QTest::mouseClick(&find<QPushButton>("evolutionRebuild"), Qt::LeftButton);
        QCOMPARE(rebuild.takeFirst().front().toInt(), 1);
    }

    void beginsWithTheNewestStepAndItsMostUsefulFeature() {
        openWide(3);
        QCOMPARE(chooser().count(), 2);
        QCOMPARE(chooser().currentText(), QStringLiteral("Cycle 1 → 2"));
        QCOMPARE(tabs().currentIndex(), int(EvolutionPage::MatchesTab));
        QCOMPARE(matches().currentIndex().row(), 0);
        QCOMPARE(matches().rows()->sortColumn(), int(MatchTableModel::UsefulnessBefore));
        QCOMPARE(matchTable().step().cycle(), 2);
        QVERIFY(find<QLabel>("matchCount").text().endsWith(QStringLiteral(" rows")));
        // The history is that of the first row.
        QVERIFY(history().feature() >= 0);
        QVERIFY(history().feature() == chosenPair().before || history().feature() == chosenPair().after);
        QAbstractItemModelTester tester(matches().rows(),
                                        QAbstractItemModelTester::FailureReportingMode::QtTest);
        matches().rows()->sort(MatchTableModel::Cosine, Qt::AscendingOrder);
    }

    void stepsAreChosenInTheFigure() {
        openWide(3);
        auto& bars = find<FateBars>("fateBars");
        QTest::mouseClick(bars.viewport(), Qt::LeftButton, {}, bars.stepRect(1).topLeft() + QPoint(10, 12));
        QCOMPARE(m_page->step(), 1);
        QCOMPARE(chooser().currentText(), QStringLiteral("Cycle 0 → 1"));
        QCOMPARE(matchTable().step().cycle(), 1);
        // A bar of the other step chooses both.
        QTest::mouseClick(bars.viewport(), Qt::LeftButton, {},
                          bars.segmentRect(2, true, Fate::Merged).center());
        QCOMPARE(m_page->step(), 2);
        QCOMPARE(find<QComboBox>("matchFate").currentText(), QStringLiteral("Merged"));
        QCOMPARE(matches().rows()->rowCount(), 6);
        for (int row = 0; row < 6; ++row)
            QCOMPARE(matchTable().fate(matches().rows()->sourceRow(row)), PairFate::Merged);
        QCOMPARE(find<QLabel>("matchCount").text().section(QLatin1Char(' '), 0, 1), QStringLiteral("6 of"));
        QCOMPARE(chosenPair().fate, Fate::Merged);
        QTest::mouseClick(bars.viewport(), Qt::LeftButton, {},
                          bars.segmentRect(2, true, Fate::Merged).center());
        QCOMPARE(find<QComboBox>("matchFate").currentText(), QStringLiteral("Any fate"));
        QVERIFY(matches().rows()->rowCount() > 6);
    }

    void filtersNarrowTheTable() {
        openWide(2);
        auto& words = find<QLineEdit>("matchWords");
        words.setFocus();
        QTest::keyClicks(&words, QStringLiteral("11"));
        // What became of 11, and the 11 that was born.
        QCOMPARE(matches().rows()->rowCount(), 2);
        QCOMPARE(chosenPair().after, 12);
        QCOMPARE(history().feature(), 12);
        QTest::keyClicks(&words, QStringLiteral("x"));
        QCOMPARE(matches().rows()->rowCount(), 0);
        QVERIFY(matches().findChild<QLabel*>(QStringLiteral("tableHint"))->isVisible());
        words.clear();
        QVERIFY(!matches().findChild<QLabel*>(QStringLiteral("tableHint"))->isVisible());
        auto& fate = find<QComboBox>("matchFate");
        fate.setFocus();
        QTest::keyClick(&fate, Qt::Key_Down);
        QCOMPARE(fate.currentText(), QStringLiteral("Kept"));
        QCOMPARE(matches().rows()->rowCount(), 6);
        // What a filter hides gives way to the first row that it shows.
        QCOMPARE(matches().currentIndex().row(), 0);
        QCOMPARE(history().feature(), chosenPair().after);
    }

    void rowsAreOpenedByKeyAndMouse() {
        openWide(2);
        QSignalSpy opened(m_page.get(), &EvolutionPage::featureRequested);
        const auto last = [&] {
            const QList<QVariant> call = opened.isEmpty() ? QList<QVariant>{-1, -1} : opened.takeLast();
            return std::pair(call[0].toInt(), call[1].toInt());
        };
        matches().rows()->sort(MatchTableModel::Before, Qt::AscendingOrder);
        clickRow(matches(), rowOf(1, 2), MatchTableModel::FateColumn);
        QTest::keyClick(&matches(), Qt::Key_Return);
        QCOMPARE(last(), std::pair(1, 2));
        clickRow(matches(), rowOf(1, 2), MatchTableModel::BeforeWords);
        QTest::keyClick(&matches(), Qt::Key_Enter);
        QCOMPARE(last(), std::pair(0, 1));
        const QModelIndex died = matches().rows()->index(rowOf(5, -1), MatchTableModel::After);
        matches().scrollTo(died);
        QTest::mouseClick(matches().viewport(), Qt::LeftButton, {}, matches().visualRect(died).center());
        QTest::mouseDClick(matches().viewport(), Qt::LeftButton, {}, matches().visualRect(died).center());
        QCOMPARE(last(), std::pair(0, 5));
        // Keys move, and the history follows.
        matches().setFocus();
        const int row = matches().currentIndex().row();
        QTest::keyClick(&matches(), Qt::Key_Down);
        QCOMPARE(matches().currentIndex().row(), row + 1);
        QCOMPARE(history().feature(), chosenPair().after >= 0 ? chosenPair().after : chosenPair().before);
        // The menu's action is one of the window's, under the same words.
        bool isListed = false;
        for (const ListedAction& action : listedActions(*m_page))
            isListed = isListed || action.text == QStringLiteral("Show on the Features page");
        QVERIFY(isListed);
        find<QAction>("showMatchedFeature").trigger();
        QCOMPARE(last().second, history().feature());
    }

    void historyGoesThroughAllCycles() {
        openWide(3);
        m_page->showFeature(2, 10);
        for (int cycle = 0; cycle < 3; ++cycle) {
            QCOMPARE(column(cycle).feature(), 10);
            QVERIFY(in(cycle, "historyLink").contains(QStringLiteral("Feature 10")));
            const auto* sentences = column(cycle).findChild<QListView*>(QStringLiteral("historySentences"));
            const auto count = static_cast<int>(m_store->index(cycle)->sentences(10, Band::Top).size());
            QCOMPARE(sentences->model()->rowCount(), std::min(8, count));
            QVERIFY(sentences->model()->rowCount() > 0);
        }
        QCOMPARE(in(0, "historyArrow"), QStringLiteral("kept 0.92 ⟶"));
        QCOMPARE(in(2, "historyArrow"), QString());
        // 12 came from 11, which was born; it dies.
        m_page->showFeature(1, 12);
        QCOMPARE(column(0).feature(), 11);
        QCOMPARE(in(0, "historyArrow"), QStringLiteral("drifted 0.50 ⟶"));
        QCOMPARE(in(2, "historyMessage"), QStringLiteral("Died after cycle 1"));
        m_page->showFeature(2, 12);
        QCOMPARE(in(0, "historyMessage"), QStringLiteral("Not there yet: born in cycle 1"));
        m_page->showFeature(2, 3);
        QCOMPARE(in(1, "historyArrow"), QStringLiteral("from a split ⟶"));
        m_page->showFeature(1, 9);
        QCOMPARE(in(1, "historyMessage"), QStringLiteral("Never fires in cycle 1"));
        QVERIFY(in(0, "historyMessage").contains(QStringLiteral("nothing stands for it")));
        m_page->showFeature(1, 99);
        QCOMPARE(in(1, "historyMessage"), QStringLiteral("Cycle 1 has no feature 99"));
    }

    void historyTellsFiguresAndLabels() {
        openWide(2);
        m_page->showFeature(1, 0);
        const FeatureIndex& index = *m_store->index(1);
        QCOMPARE(in(1, "historyFigure2"), QString::number(static_cast<double>(index.csi()[0]), 'f', 3));
        QCOMPARE(in(1, "historyFigure4"), QStringLiteral("positive +0.500"));
        QVERIFY(in(1, "historyFigure0").endsWith(QStringLiteral(" %")));
        QVERIFY(!column(1).findChild<QLabel*>(QStringLiteral("historyLabel"))->isVisible());
        m_store->setLabel(1, 0, {"Praise", "", false, {}});
        QCOMPARE(in(1, "historyLabel"), QStringLiteral("Praise"));
        QVERIFY(column(1).findChild<QLabel*>(QStringLiteral("historyLabel"))->isVisible());
        QCOMPARE(matches().rows()->index(rowOf(0, 0), MatchTableModel::AfterWords).data().toString(),
                 QStringLiteral("Praise"));
    }

    void historyLeadsToFeaturesAndSentences() {
        openWide(2);
        m_page->showFeature(1, 12);
        QSignalSpy features(m_page.get(), &EvolutionPage::featureRequested);
        QSignalSpy sentences(m_page.get(), &EvolutionPage::sentenceRequested);
        auto* link = column(0).findChild<QLabel*>(QStringLiteral("historyLink"));
        QTest::mouseClick(link, Qt::LeftButton, {}, QPoint(12, link->height() / 2));
        QCOMPARE(features.size(), 1);
        QCOMPARE(features.takeFirst(), (QList<QVariant>{0, 11}));
        auto* list = column(1).findChild<QListView*>(QStringLiteral("historySentences"));
        list->setFocus();
        list->setCurrentIndex(list->model()->index(1, 0));
        QTest::keyClick(list, Qt::Key_Return);
        QCOMPARE(sentences.size(), 1);
        const ShadedSentence expected = m_store->index(1)->sentences(12, Band::Top)[1];
        QCOMPARE(sentences.front()[0].toInt(), 1);
        QCOMPARE(sentences.front()[1].value<SplitKind>(), expected.split);
        QCOMPARE(sentences.front()[2].toLongLong(), qint64(expected.example));
    }

    void askingForAFeatureChoosesItsStepAndRow() {
        openWide(4);
        find<QComboBox>("matchFate").setCurrentIndex(1);
        clickTab(EvolutionPage::ConceptsTab);
        m_page->showFeature(0, 5);
        QCOMPARE(tabs().currentIndex(), int(EvolutionPage::MatchesTab));
        QCOMPARE(m_page->step(), 1);
        // The filter that would hide it is gone.
        QCOMPARE(find<QComboBox>("matchFate").currentText(), QStringLiteral("Any fate"));
        QCOMPARE(chosenPair().before, 5);
        QCOMPARE(chosenPair().after, -1);
        QVERIFY(
            matches().viewport()->rect().contains(matches().visualRect(matches().currentIndex()).center()));
        // The step in sight has that cycle already.
        m_page->showFeature(1, 0);
        QCOMPARE(m_page->step(), 1);
        QCOMPARE(chosenPair().after, 0);
        m_page->showFeature(3, 0);
        QCOMPARE(m_page->step(), 3);
        // One that never fires has no row.
        m_page->showFeature(3, 9);
        QCOMPARE(matches().currentSourceRow(), -1);
        QCOMPARE(history().feature(), 9);
    }

    void askingBeforeItIsReadIsAnsweredLater() {
        fixture::writeWideRun(run(), 3);
        m_page->hide();
        m_store->setRun(run());
        m_page->showFeature(0, 3);
        m_page->show();
        QTRY_VERIFY(!m_page->isLoading());
        QCOMPARE(m_page->step(), 1);
        QCOMPARE(column(0).feature(), 3);
        QCOMPARE(chosenPair().before, 3);
    }

    void newCyclesLeaveTheSelectionAlone() {
        openWide(2);
        m_page->showFeature(1, 12);
        find<QComboBox>("matchFate").setCurrentIndex(2);
        clickTab(EvolutionPage::SelectivityTab);
        fixture::writeWideIndex(fixture::indexFile(run(), 2), fixture::fixtureOrigin(2), 60);
        fixture::writeMatches(run(), 2, fixture::wideLinks(60));
        m_store->reload();
        QTRY_VERIFY(!m_page->isLoading());
        QCOMPARE(chooser().count(), 2);
        QCOMPARE(chooser().currentText(), QStringLiteral("Cycle 0 → 1"));
        QCOMPARE(tabs().currentIndex(), int(EvolutionPage::SelectivityTab));
        QCOMPARE(history().feature(), 12);
        QCOMPARE(in(2, "historyMessage"), QStringLiteral("Died after cycle 1"));
        clickTab(EvolutionPage::MatchesTab);
        QCOMPARE(chosenPair().after, 12);
        QVERIFY(!find<FateBars>("fateBars").segmentRect(2, false, Fate::Kept).isEmpty());
        // Another run begins anew.
        fixture::writeWideRun(run("other"), 3);
        const std::weak_ptr<const FeatureIndex> before = m_store->index(1);
        m_store->setRun(run("other"));
        QTRY_VERIFY(before.expired());
        QCOMPARE(m_page->step(), 2);
        QTRY_VERIFY(!m_page->isLoading());
        QCOMPARE(matches().currentIndex().row(), 0);
    }

    void rebuiltIndexKeepsTheChosenFeature() {
        openWide(2);
        m_page->showFeature(1, 0);
        IndexOrigin origin = fixture::fixtureOrigin(1, "another");
        fixture::writeWideIndex(fixture::indexFile(run(), 1), origin, 60);
        fixture::writeMatches(run(), 1, {{4, 0, Fate::Drifted, 0.5F, 0.5F}});
        m_store->reload();
        QTRY_VERIFY(m_store->index(1)->origin().sae == "another" && !m_page->isLoading());
        QCOMPARE(chosenPair().after, 0);
        QCOMPARE(chosenPair().before, 4);
        QCOMPARE(column(0).feature(), 4);
    }

    void sharpeningTellsWhatItAimedAt() {
        openWide(2);
        clickTab(EvolutionPage::SharpeningTab);
        auto& table = find<RawTableView>("salientTable");
        QVERIFY(find<QLabel>("sharpeningStory")
                    .text()
                    .contains(QStringLiteral("for each label, the 2 features")));
        QVERIFY(find<QLabel>("sharpeningSummary").text().startsWith(QStringLiteral("Of the ")));
        QCOMPARE(table.rows()->rowCount(), 4);
        auto& label = find<QComboBox>("sharpeningLabel");
        label.setFocus();
        QTest::keyClick(&label, Qt::Key_Down);
        QCOMPARE(label.currentText(), QStringLiteral("For negative"));
        QCOMPARE(table.rows()->rowCount(), 2);
        const int expected = m_store->index(0)->salientFeatures(0, m_store->index(1)->origin())[1];
        clickRow(table, 1, SalientModel::Before);
        QCOMPARE(history().cycle(), 0);
        QCOMPARE(history().feature(), expected);
        QSignalSpy opened(m_page.get(), &EvolutionPage::featureRequested);
        QTest::keyClick(&table, Qt::Key_Return);
        QCOMPARE(opened.takeFirst(), (QList<QVariant>{0, expected}));
        // What was chosen here is chosen there.
        clickTab(EvolutionPage::MatchesTab);
        QCOMPARE(chosenPair().before, expected);
    }

    void sharpeningWithoutAListSaysWhatItDid() {
        fixture::writeWideRun(run(), 1);
        IndexOrigin origin = fixture::fixtureOrigin(1);
        origin.sharpening = "per_example";
        fixture::writeWideIndex(fixture::indexFile(run(), 0), fixture::fixtureOrigin(0), 60);
        fixture::writeWideIndex(fixture::indexFile(run(), 1), origin, 60);
        fixture::writeMatches(run(), 1, fixture::wideLinks(60));
        m_store->setRun(run());
        QTRY_VERIFY(!m_page->isLoading());
        clickTab(EvolutionPage::SharpeningTab);
        QVERIFY(shows("sharpeningNothing") && !shows("salientTable"));
        QVERIFY(find<EmptyState>("sharpeningNothing")
                    .text()
                    .contains(QStringLiteral("its own strongest features")));
    }

    void dotsOfMatchedFeatures() {
        openWide(3);
        clickTab(EvolutionPage::SelectivityTab);
        auto& csi = find<SelectivityPlot>("csiPlot");
        auto& usefulness = find<SelectivityPlot>("usefulnessPlot");
        QCOMPARE(csi.dotCount(), 12);
        QVERIFY2(csi.text().startsWith(QStringLiteral("Median ")) &&
                     csi.text().contains(QStringLiteral(" rose, ")),
                 qPrintable(csi.text()));
        auto& drifted = find<QCheckBox>("showDrifted");
        QTest::mouseClick(&drifted, Qt::LeftButton, {}, QPoint(8, drifted.height() / 2));
        QCOMPARE(csi.dotCount(), 6);
        QCOMPARE(usefulness.dotCount(), 6);
        auto& kept = find<QCheckBox>("showKept");
        QTest::mouseClick(&kept, Qt::LeftButton, {}, QPoint(8, kept.height() / 2));
        QCOMPARE(csi.text(), QStringLiteral("No feature is shown."));
        QTest::mouseClick(&kept, Qt::LeftButton, {}, QPoint(8, kept.height() / 2));
        // A click chooses the feature, here and everywhere. Points come in the order of pairs: 2 is
        // feature 10.
        QTRY_VERIFY(!csi.positionOf(2).isNull());
        QTest::mouseClick(csi.plotWidget(), Qt::LeftButton, {}, csi.positionOf(2));
        QCOMPARE(history().cycle(), 2);
        QCOMPARE(history().feature() % 10, 0);
        auto* sheet = m_page->findChild<EvolutionSelectivity*>();
        const QString words = sheet->describe(2);
        QVERIFY2(words.startsWith(QStringLiteral("Feature 10 → 10, kept, CSI ")), qPrintable(words));
        QVERIFY(words.contains(QStringLiteral(" · ")));
    }

    void linesNeedMoreThanTwoCycles() {
        openWide(2);
        clickTab(EvolutionPage::SelectivityTab);
        QVERIFY(!shows("selectivityLines"));
        fixture::writeWideIndex(fixture::indexFile(run(), 2), fixture::fixtureOrigin(2), 60);
        fixture::writeMatches(run(), 2, fixture::wideLinks(60));
        m_store->reload();
        QTRY_VERIFY(!m_page->isLoading());
        QVERIFY(shows("selectivityLines"));
        const QString text = find<QuartileLines>("csiLines").text();
        QCOMPARE(text.count(QLatin1Char('\n')), 5);
        QVERIFY2(text.contains(QStringLiteral("all that fire, Cycle 0: median ")) &&
                     text.contains(QStringLiteral("of 54 features")) &&
                     text.contains(QStringLiteral("6 matched throughout, Cycle 2: ")),
                 qPrintable(text));
    }

    void conceptsOfEveryCycle() {
        createDirectories(run() / ".hydra");
        writeFile(run() / ".hydra" / "config.yaml", "seed: 42\n");
        fixture::writeConceptIndex(fixture::indexFile(run(), 0), 0, {{"acting", 0, 0.25}, {"plot", 1, 0.6}});
        m_store->setRun(run());
        QTRY_VERIFY(!m_page->isLoading());
        clickTab(EvolutionPage::ConceptsTab);
        // One cycle is enough.
        QVERIFY(shows("conceptTable") && shows("featureHistory"));
        QCOMPARE(find<QLabel>("conceptsSummary").text(),
                 QStringLiteral(
                     "Recovered 50 % of 2 concepts: some feature detects them with an F1 of 0.5 or more."));
        fixture::writeConceptIndex(fixture::indexFile(run(), 1), 1, {{"acting", 0, 0.75}, {"plot", 3, 0.6}});
        fixture::writeMatches(run(), 1, {{0, 0, Fate::Kept, 0.9F, 0.9F}});
        m_store->reload();
        QTRY_COMPARE(find<QLabel>("conceptsSummary").text(),
                     QStringLiteral("Recovered 50 % → 100 % of 2 concepts: some feature detects them with an "
                                    "F1 of 0.5 or more."));
        QVERIFY(!chooser().isEnabled());
        auto& table = find<RawTableView>("conceptTable");
        const auto* model = static_cast<const ConceptTableModel*>(table.rows()->sourceModel());
        QCOMPARE(model->columnCount(), 7);
        QSignalSpy opened(m_page.get(), &EvolutionPage::featureRequested);
        clickRow(table, 1, 3);
        QCOMPARE(history().cycle(), 1);
        QCOMPARE(history().feature(), 3);
        QVERIFY(opened.isEmpty());
        QTest::keyClick(&table, Qt::Key_Return);
        QCOMPARE(opened.takeFirst(), (QList<QVariant>{1, 3}));
        clickRow(table, 1, 2);
        QCOMPARE(opened.takeFirst(), (QList<QVariant>{0, 1}));
    }

    void conceptsThatAreNotKnownAreExplained() {
        openWide(2);
        clickTab(EvolutionPage::ConceptsTab);
        QVERIFY(shows("conceptsNothing") && !shows("featureHistory"));
        QVERIFY(find<EmptyState>("conceptsNothing").text().contains(QStringLiteral("Only the demo")));
    }

    void twelveCyclesScroll() {
        openWide(12);
        QCOMPARE(chooser().count(), 11);
        m_page->showFeature(11, 10);
        QCOMPARE(history().chain().size(), std::size_t(12));
        auto& area = find<QScrollArea>("historyArea");
        QVERIFY(area.horizontalScrollBar()->maximum() > 0);
        for (int cycle = 0; cycle < 12; ++cycle)
            QVERIFY(column(cycle).width() >= HistoryColumn::leastWidth(true));
        const auto isInSight = [&](int cycle) {
            return area.viewport()->rect().contains(
                column(cycle).mapTo(area.viewport(), column(cycle).rect().center()));
        };
        QTRY_VERIFY(isInSight(11));
        QVERIFY(!isInSight(0));
        m_page->showFeature(0, 10);
        QTRY_VERIFY(isInSight(0));
        QCOMPARE(m_page->step(), 1);
        QVERIFY(
            find<FateBars>("fateBars").viewport()->rect().contains(find<FateBars>("fateBars").stepRect(1)));
    }

    void fitsASmallWindowInBothThemes() {
        openWide(3);
        QVERIFY2(m_page->minimumSizeHint().width() <= 1100,
                 qPrintable(QString::number(m_page->minimumSizeHint().width())));
        QVERIFY2(m_page->minimumSizeHint().height() <= 640,
                 qPrintable(QString::number(m_page->minimumSizeHint().height())));
        for (const ThemeChoice theme : {ThemeChoice::Light, ThemeChoice::Dark}) {
            Theme::instance().setChoice(theme);
            QCoreApplication::processEvents();
            const QString accent = Theme::instance().colours().accent.name();
            QVERIFY(in(1, "historyLink").contains(accent));
            const QHeaderView& header = *matches().horizontalHeader();
            QVERIFY(header.length() <= matches().viewport()->width());
            for (const int tab : {1, 2, 3, 0}) {
                clickTab(tab);
                QVERIFY(!m_page->grab().isNull());
            }
        }
        Theme::instance().setChoice(ThemeChoice::Light);
    }

    void splitterProportionsAreRemembered() {
        openWide(2);
        auto& splitter = find<QSplitter>("evolutionSplitter");
        QWidget* handle = splitter.handle(1);
        QTRY_COMPARE(splitter.sizes()[0] + splitter.sizes()[1] + splitter.handleWidth(), splitter.height());
        const QList<int> before = splitter.sizes();
        const QPoint grip = handle->rect().center();
        QTest::mousePress(handle, Qt::LeftButton, {}, grip);
        QTest::mouseMove(handle, grip - QPoint(0, 40));
        QTest::mouseRelease(handle, Qt::LeftButton, {}, grip - QPoint(0, 40));
        const QList<int> dragged = splitter.sizes();
        QVERIFY(dragged[1] > before[1]);
        m_page = std::make_unique<EvolutionPage>(m_store.get());
        m_page->resize(1160, 740);
        m_page->show();
        QTRY_COMPARE(find<QSplitter>("evolutionSplitter").sizes(), dragged);
    }

    void closingWhileReadingIsSafe() {
        fixture::writeWideRun(run(), 3);
        m_store->setRun(run());
        m_page.reset();
        QTRY_VERIFY(!m_store->isReading());
    }
};

QTEST_MAIN(TestEvolutionPage)
#include "tst_evolution_page.moc"
