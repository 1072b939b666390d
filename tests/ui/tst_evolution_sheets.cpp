// SPDX-License-Identifier: GPL-3.0-or-later
// The Evolution page: the history of a feature, and its sheets on sharpening, selectivity and concepts.
#include "support/evolution_fixture.h"
#include "support/evolution_page_driver.h"
#include "ui/models/concept_table_model.h"
#include "ui/models/match_table_model.h"
#include "ui/models/salient_model.h"
#include "ui/pages/evolution_page.h"
#include "ui/pages/evolution_selectivity.h"
#include "ui/pages/history_column.h"
#include "ui/plots/fate_bars.h"
#include "ui/plots/quartile_lines.h"
#include "ui/plots/selectivity_plot.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/raw_table_view.h"

#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QListView>
#include <QScrollArea>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTest>

using namespace saeception;

class TestEvolutionSheets : public QObject, EvolutionPageDriver {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { begin("tst_evolution_sheets"); }
    void init() { beginTest(); }
    void cleanup() { endTest(); }

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
};

QTEST_MAIN(TestEvolutionSheets)
#include "tst_evolution_sheets.moc"
