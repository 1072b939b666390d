// SPDX-License-Identifier: GPL-3.0-or-later
// The Evolution page: runs as they come, its steps, and the table of matches.
#include "support/evolution_fixture.h"
#include "support/evolution_page_driver.h"
#include "ui/models/match_table_model.h"
#include "ui/pages/evolution_page.h"
#include "ui/plots/fate_bars.h"
#include "ui/theme.h"
#include "ui/widgets/action_list.h"

#include <QAbstractItemModelTester>
#include <QAction>
#include <QComboBox>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QSplitter>
#include <QTest>

using namespace saeception;
namespace fs = std::filesystem;

class TestEvolutionPage : public QObject, EvolutionPageDriver {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { begin("tst_evolution_page"); }
    void init() { beginTest(); }
    void cleanup() { endTest(); }

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
