// SPDX-License-Identifier: GPL-3.0-or-later
// The figures of the Evolution page: bars of fates, dots of matched features, lines by cycle, compact
// sentences.
#include "support/evolution_fixture.h"
#include "support/evolution_steps.h"
#include "ui/models/concept_table_model.h"
#include "ui/models/match_table_model.h"
#include "ui/models/raw_filter_model.h"
#include "ui/models/token_shading_delegate.h"
#include "ui/models/top_sentences_model.h"
#include "ui/plots/fate_bars.h"
#include "ui/plots/fate_look.h"
#include "ui/plots/quartile_lines.h"
#include "ui/plots/selectivity_plot.h"
#include "ui/theme.h"
#include "ui/widgets/raw_table_view.h"

#include <QApplication>
#include <QHeaderView>
#include <QListView>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTest>
#include <QToolTip>

#include <cmath>
#include <set>

using namespace saeception;

namespace {

const double none = std::numeric_limits<double>::quiet_NaN();

}  // namespace

class TestEvolutionPlots : public QObject, EvolutionSteps {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { begin(); }

    void barsAreAsWideAsTheirFatesAreMany() {
        FateBars bars;
        bars.resize(1128, 200);
        bars.setSteps({StepFates::of(wide(1)), StepFates::of(wide(2))});
        bars.setChosen(2, -1);
        bars.show();
        const QRect kept = bars.segmentRect(1, false, Fate::Kept);
        const QRect drifted = bars.segmentRect(1, false, Fate::Drifted);
        const QRect split = bars.segmentRect(1, false, Fate::SplitUp);
        const QRect died = bars.segmentRect(1, false, Fate::Gone);
        QCOMPARE(kept.right() + 1, drifted.left());
        QVERIFY(std::abs(kept.width() - drifted.width()) <= 1);
        QVERIFY(std::abs(kept.width() - 2 * split.width()) <= 2);
        QVERIFY(died.width() > 3 * kept.width());
        QVERIFY(bars.segmentRect(1, true, Fate::Kept).top() > kept.bottom());
        const FateSums sums = fateSums(wide(1).matches->before, *wide(1).before);
        QCOMPARE(bars.segmentText(1, false, Fate::Kept),
                 QStringLiteral("Kept 6 of 54 features of cycle 0 · %1 of firings")
                     .arg(firingsText(sums[static_cast<std::size_t>(Fate::Kept)].firings)));
        QVERIFY(bars.segmentText(1, true, Fate::SplitUp).startsWith(QStringLiteral("From a split 6 of 54")));
        QVERIFY(bars.accessibleDescription().contains(QStringLiteral("Born ")));
        // What has no features has no bar.
        bars.setSteps({StepFates::of(m_small), {2, QStringLiteral("Matching features…"), {}, {}}});
        QVERIFY(bars.segmentRect(1, false, Fate::Merged).isEmpty());
        QVERIFY(bars.segmentRect(2, false, Fate::Kept).isEmpty());
        QVERIFY(!bars.stepRect(2).isEmpty());
    }

    void barsAreChosenByMouseAndKeys() {
        FateBars bars;
        bars.resize(1128, bars.sizeHint().height());
        bars.setSteps({StepFates::of(wide(1)), StepFates::of(wide(2))});
        bars.resize(1128, bars.sizeHint().height());
        bars.setChosen(2, -1);
        bars.show();
        QVERIFY(QTest::qWaitForWindowActive(&bars));
        QSignalSpy steps(&bars, &FateBars::stepChosen);
        QSignalSpy fates(&bars, &FateBars::fateChosen);
        const auto click = [&](const QPoint& at) {
            QTest::mouseClick(bars.viewport(), Qt::LeftButton, {}, at);
        };
        click(bars.stepRect(1).topLeft() + QPoint(20, 20));
        QCOMPARE(steps.size(), 1);
        QCOMPARE(steps.takeFirst().front().toInt(), 1);
        click(bars.segmentRect(2, true, Fate::Gone).center());
        QCOMPARE(fates.size(), 1);
        QCOMPARE(fates.takeFirst(), (QList<QVariant>{2, static_cast<int>(PairFate::Born)}));
        click(bars.segmentRect(1, false, Fate::Gone).center());
        QCOMPARE(fates.takeFirst(), (QList<QVariant>{1, static_cast<int>(PairFate::Died)}));
        // Once more gives it up.
        bars.setChosen(2, static_cast<int>(PairFate::Kept));
        click(bars.segmentRect(2, false, Fate::Kept).center());
        QCOMPARE(fates.takeFirst(), (QList<QVariant>{2, -1}));
        bars.setFocus();
        QTest::keyClick(&bars, Qt::Key_Right);
        QCOMPARE(fates.takeFirst(), (QList<QVariant>{2, static_cast<int>(PairFate::Drifted)}));
        QTest::keyClick(&bars, Qt::Key_Up);
        QCOMPARE(steps.takeFirst().front().toInt(), 1);
        QTest::keyClick(&bars, Qt::Key_Down);
        QVERIFY(steps.isEmpty());
        QTest::keyClick(&bars, Qt::Key_Escape);
        QCOMPARE(fates.takeFirst(), (QList<QVariant>{2, -1}));
        QHelpEvent help(QEvent::ToolTip, bars.segmentRect(1, false, Fate::Kept).center(),
                        bars.mapToGlobal(QPoint()));
        QApplication::sendEvent(bars.viewport(), &help);
        QCOMPARE(QToolTip::text(), bars.segmentText(1, false, Fate::Kept));
    }

    void manyStepsScrollToTheChosenOne() {
        FateBars bars;
        std::vector<StepFates> steps;
        for (int cycle = 1; cycle <= 11; ++cycle) {
            steps.push_back(StepFates::of(wide(1)));
            steps.back().cycle = cycle;
        }
        bars.setSteps(steps);
        QVERIFY(bars.minimumSizeHint().height() < bars.sizeHint().height());
        bars.resize(1128, bars.sizeHint().height());
        bars.show();
        for (const int chosen : {11, 1, 6}) {
            bars.setChosen(chosen, -1);
            QVERIFY(bars.viewport()->rect().contains(bars.stepRect(chosen)));
        }
        QVERIFY(bars.verticalScrollBar()->maximum() > 0);
    }

    void fatesAreToldApartInBothThemes() {
        for (const ThemeChoice theme : {ThemeChoice::Light, ThemeChoice::Dark}) {
            Theme::instance().setChoice(theme);
            const QColor surface = Theme::instance().colours().surface;
            std::set<QRgb> colours;
            for (const Fate fate : shownFates) {
                QVERIFY2(contrastRatio(fateColour(fate), surface) >= 3, qPrintable(fateTitle(fate, false)));
                colours.insert(fateColour(fate).rgb());
                for (const int label : {0, 1})
                    QVERIFY(fateColour(fate) != Theme::instance().classColour(label));
            }
            QCOMPARE(colours.size(), std::size_t(shownFateCount));
        }
        Theme::instance().setChoice(ThemeChoice::Light);
    }

    void dotsAreWhereTheirFeaturesAre() {
        SelectivityPlot plot(SelectivityPlot::Scale::Logarithmic);
        plot.resize(500, 420);
        plot.show();
        QVERIFY(QTest::qWaitForWindowActive(&plot));
        plot.setDescriber([](int id) { return QStringLiteral("dot %1").arg(id); });
        plot.setDots({{0.01, 0.1, 0, false, 7}, {0.1, 0.01, 1, true, 8}, {0, 1e-9, -1, false, 9}});
        QTRY_VERIFY(plot.plotWidget()->rect().contains(plot.positionOf(9)));
        // Above the diagonal it rose; what is next to nothing lies in the corner.
        QVERIFY(plot.positionOf(7).y() < plot.positionOf(8).y());
        QVERIFY(plot.positionOf(7).x() < plot.positionOf(8).x());
        QVERIFY(plot.positionOf(9).x() < plot.positionOf(7).x());
        QVERIFY(plot.positionOf(9).y() > plot.positionOf(8).y());
        QVERIFY(plot.positionOf(1).isNull());
        QSignalSpy clicked(&plot, &SelectivityPlot::dotClicked);
        QTest::mouseClick(plot.plotWidget(), Qt::LeftButton, {}, plot.positionOf(8) + QPoint(2, 2));
        QCOMPARE(clicked.size(), 1);
        QCOMPARE(clicked.takeFirst().front().toInt(), 8);
        QTest::mouseClick(plot.plotWidget(), Qt::LeftButton, {},
                          (plot.positionOf(7) + plot.positionOf(8)) / 2);
        QVERIFY(clicked.isEmpty());
        QTest::mouseMove(plot.plotWidget(), plot.positionOf(7));
        QTRY_COMPARE(QToolTip::text(), QStringLiteral("dot 7"));
        // A box zooms, a double click shows all again.
        const QPoint before = plot.positionOf(9);
        QTest::mousePress(plot.plotWidget(), Qt::LeftButton, {}, plot.positionOf(7) - QPoint(30, 4));
        QTest::mouseMove(plot.plotWidget(), plot.positionOf(8) + QPoint(30, 20));
        QTest::mouseRelease(plot.plotWidget(), Qt::LeftButton, {}, plot.positionOf(8) + QPoint(30, 20));
        QVERIFY(clicked.isEmpty());
        QVERIFY(plot.positionOf(9).x() < before.x() - 50);
        QTest::mouseDClick(plot.plotWidget(), Qt::LeftButton, {}, plot.plotWidget()->rect().center());
        QCOMPARE(plot.positionOf(9), before);
    }

    void chosenDotHasARing() {
        SelectivityPlot plot(SelectivityPlot::Scale::Linear);
        plot.resize(500, 420);
        plot.show();
        plot.setDots({{0.3, 0.5, 0, false, 0}, {0.6, 0.7, 1, false, 1}});
        QCoreApplication::processEvents();
        QTRY_VERIFY(!plot.positionOf(1).isNull());
        const QImage before = plot.plotWidget()->grab().toImage();
        plot.setChosen(1);
        const QImage after = plot.plotWidget()->grab().toImage();
        const QPoint ring = plot.positionOf(1) + QPoint(7, 0);
        QVERIFY(before.pixelColor(ring) != after.pixelColor(ring));
        QCOMPARE(before.pixelColor(plot.positionOf(0) + QPoint(7, 0)),
                 after.pixelColor(plot.positionOf(0) + QPoint(7, 0)));
    }

    void linesTellTheirNumbers() {
        QuartileLines lines(QStringLiteral("CSI by cycle"), QuartileLines::Scale::Linear);
        lines.setLines({{QStringLiteral("all"), {{0, {0.1, 0.2, 0.3, 10}}, {1, {none, none, none, 0}}}},
                        {QStringLiteral("some"), {{0, {0.15, 0.25, 0.35, 3}}}}});
        QCOMPARE(lines.text(),
                 QStringLiteral("all, Cycle 0: median 0.20, quartiles 0.10 and 0.30 of 10 features\n"
                                "some, Cycle 0: median 0.25, quartiles 0.15 and 0.35 of 3 features"));
        lines.resize(300, 160);
        lines.show();
        QVERIFY(!lines.grab().isNull());
    }

    void compactSentencesUseTheWholeWidth() {
        TopSentencesModel model;
        model.setSentences(m_small.before->sentences(1, Band::Top), m_small.before->classNames(), 4);
        QListView view;
        view.setModel(&model);
        view.resize(280, 500);
        view.show();
        TokenShadingDelegate full(&view);
        TokenShadingDelegate compact(&view, TokenShadingDelegate::Form::Compact);
        QStyleOptionViewItem option;
        option.initFrom(&view);
        option.font = view.font();
        option.widget = &view;
        const QModelIndex longOne = model.index(1);
        QVERIFY(compact.sizeHint(option, longOne).height() < full.sizeHint(option, longOne).height());
        option.rect = QRect(QPoint(0, 0), compact.sizeHint(option, longOne));
        const auto tokens = static_cast<int>(
            longOne.data(TopSentencesModel::SentenceRole).value<const ShadedSentence*>()->tokens.size());
        for (int token = 0; token < tokens; ++token) {
            for (const QRectF& rect : compact.tokenRects(option, longOne, token)) {
                QVERIFY(QRectF(option.rect).contains(rect));
                QCOMPARE(compact.tokenAt(option, longOne, rect.center()), token);
            }
            QVERIFY(!compact.tokenRects(option, longOne, token).empty());
        }
        QVERIFY(compact.tokenRects(option, longOne, 1).front().left() <
                full.tokenRects(option, longOne, 1).front().left());
    }

    void tableFitsItsColumnsAndTellsOfLinks() {
        fixture::writeConceptIndex(in("linked"), 0, {{"acting", 0, 0.25}, {"plot", 1, 0.6}});
        ConceptTableModel table;
        RawFilterModel rows(&table);
        RawTableView view(&rows);
        table.setCycles({{0, fixture::openIndex(in("linked"))}});
        view.resize(700, 300);
        view.show();
        QVERIFY(QTest::qWaitForWindowActive(&view));
        QCOMPARE(view.horizontalHeader()->length(), view.viewport()->width());
        QSignalSpy links(&view, &RawTableView::linkClicked);
        QSignalSpy opened(&view, &RawTableView::opened);
        const auto click = [&](int row, int column) {
            QTest::mouseClick(view.viewport(), Qt::LeftButton, {},
                              view.visualRect(rows.index(row, column)).center());
        };
        click(0, 1);
        QVERIFY(links.isEmpty());
        click(1, 2);
        QCOMPARE(links.size(), 1);
        QTest::keyClick(&view, Qt::Key_Return);
        QCOMPARE(opened.size(), 1);
        QCOMPARE(opened.front().front().toModelIndex(), rows.index(1, 2));
        // A third click on a heading takes the order away.
        QHeaderView& header = *view.horizontalHeader();
        const auto clickHeading = [&] {
            QTest::mouseClick(header.viewport(), Qt::LeftButton, {},
                              QPoint(header.sectionViewportPosition(0) + 20, header.height() - 8));
        };
        clickHeading();
        QCOMPARE(rows.sortColumn(), 0);
        QCOMPARE(rows.sortOrder(), Qt::DescendingOrder);
        QCOMPARE(view.currentSourceRow(), 1);
        clickHeading();
        clickHeading();
        QCOMPARE(rows.sortColumn(), -1);
    }
};

QTEST_MAIN(TestEvolutionPlots)
#include "tst_evolution_plots.moc"
