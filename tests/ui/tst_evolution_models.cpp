// SPDX-License-Identifier: GPL-3.0-or-later
// What became of features, as tables and figures tell it: pairs, fates, chains, sharpening, selectivity,
// concepts.
#include "support/evolution_fixture.h"
#include "ui/models/change_text.h"
#include "ui/models/concept_table_model.h"
#include "ui/models/feature_chain.h"
#include "ui/models/feature_names.h"
#include "ui/models/match_table_model.h"
#include "ui/models/raw_filter_model.h"
#include "ui/models/salient_model.h"
#include "ui/models/selectivity.h"
#include "ui/models/token_shading_delegate.h"
#include "ui/models/top_sentences_model.h"
#include "ui/plots/fate_bars.h"
#include "ui/plots/fate_look.h"
#include "ui/plots/quartile_lines.h"
#include "ui/plots/selectivity_plot.h"
#include "ui/theme.h"
#include "ui/widgets/raw_table_view.h"

#include <QAbstractItemModelTester>
#include <QApplication>
#include <QHeaderView>
#include <QListView>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QToolTip>

#include <cmath>
#include <set>

using namespace saeception;
using fixture::Link;
namespace fs = std::filesystem;

namespace {

constexpr auto qtTest = QAbstractItemModelTester::FailureReportingMode::QtTest;
const double none = std::numeric_limits<double>::quiet_NaN();

QString nameOf(int cycle, int feature) {
    return QStringLiteral("c%1f%2").arg(cycle).arg(feature);
}

QString cell(const QAbstractItemModel& model, int row, int column) {
    return model.index(row, column).data().toString();
}

std::vector<int> shownRows(const RawFilterModel& model) {
    std::vector<int> rows;
    for (int row = 0; row < model.rowCount(); ++row)
        rows.push_back(model.sourceRow(row));
    return rows;
}

}  // namespace

class TestEvolutionModels : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_folder;
    std::vector<CycleStep> m_steps;  ///< of a run of three wide cycles
    CycleStep m_small;               ///< two indexes of six features, with links

    fs::path in(const char* name) const { return m_folder.filePath(QLatin1String(name)).toStdString(); }
    CycleStep wide(int cycle) const { return m_steps[static_cast<std::size_t>(cycle - 1)]; }
    static CycleStep stepOf(const fs::path& root, int cycle) {
        CycleStep step{fixture::openIndex(fixture::indexFile(root, cycle - 1)),
                       fixture::openIndex(fixture::indexFile(root, cycle)), nullptr};
        step.matches = std::make_shared<const FeatureMatches>(
            FeatureMatches::open(RunDirectory::at(root).matches(cycle)));
        return step;
    }
    static CycleStep withLinks(const CycleStep& of, const std::vector<Link>& links) {
        CycleStep step = of;
        step.matches =
            std::make_shared<const FeatureMatches>(fixture::matchesOf(*of.before, *of.after, links));
        return step;
    }

private Q_SLOTS:
    void initTestCase() {
        Theme::instance().install(*qApp, ThemeChoice::Light);
        fixture::writeWideRun(in("wide"), 3);
        for (const int cycle : {1, 2})
            m_steps.push_back(stepOf(in("wide"), cycle));
        fixture::writeRun(in("small"), 2);
        fixture::writeMatches(in("small"), 1,
                              {{0, 0, Fate::Kept, 0.9F, 0.8F}, {1, 3, Fate::Drifted, 0.5F, 0.4F}});
        m_small = stepOf(in("small"), 1);
    }

    void everyFeatureThatFiresHasItsPairs() {
        const std::vector<FeaturePair> pairs = pairsOf(m_small);
        // 0 kept, 1 drifted to 3, 3 and 5 died; then 1 and 5 were born. 2 and 4 never fire.
        QCOMPARE(pairs.size(), std::size_t(6));
        const std::vector<std::pair<int, int>> expected = {{0, 0},  {1, 3},  {3, -1},
                                                           {5, -1}, {-1, 1}, {-1, 5}};
        for (std::size_t i = 0; i < pairs.size(); ++i)
            QCOMPARE(std::pair(pairs[i].before, pairs[i].after), expected[i]);
        QCOMPARE(pairs[1].fate, Fate::Drifted);
        QCOMPARE(pairs[1].cosine, 0.5F);
        QVERIFY(std::isnan(pairs[2].coactivation));
        // A whole that splits comes once for each part, the best first.
        const CycleStep split =
            withLinks(m_small, {{0, 3, Fate::SplitUp, 0.3F, 0.3F}, {0, 1, Fate::SplitUp, 0.6F, 0.6F}});
        QCOMPARE(pairsOf(split)[0].after, 1);
        QCOMPARE(pairsOf(split)[1].after, 3);
        QCOMPARE(pairsOf(split)[1].before, 0);
    }

    void fatesAreCountedWithTheirShareOfFirings() {
        const FateSums before = fateSums(m_small.matches->before, *m_small.before);
        const auto fires = m_small.before->fires();
        const double all = static_cast<double>(fires[0] + fires[1] + fires[3] + fires[5]);
        const auto of = [](const FateSums& sums, Fate fate) { return sums[static_cast<std::size_t>(fate)]; };
        QCOMPARE(of(before, Fate::Kept).features, 1);
        QCOMPARE(of(before, Fate::Drifted).features, 1);
        QCOMPARE(of(before, Fate::Gone).features, 2);
        QCOMPARE(of(before, Fate::Silent).features, 2);
        QCOMPARE(of(before, Fate::Kept).firings, static_cast<double>(fires[0]) / all);
        QCOMPARE(of(before, Fate::Gone).firings, static_cast<double>(fires[3] + fires[5]) / all);
        QCOMPARE(of(before, Fate::Silent).firings, 0.0);
        double sum = 0;
        for (const FateSum& fate : fateSums(wide(1).matches->after, *wide(1).after))
            sum += fate.firings;
        QVERIFY(std::abs(sum - 1) < 1e-12);
    }

    void changesAndSmallFiguresAreWritten() {
        QCOMPARE(changeText(0.0124, 3), QStringLiteral("▲ 0.012"));
        QCOMPARE(changeText(-0.5, 2), QStringLiteral("▼ 0.50"));
        QCOMPARE(changeText(0, 3), QStringLiteral("="));
        QCOMPARE(changeText(-0.0001, 3), QStringLiteral("≈ 0"));
        QCOMPARE(changeText(none, 3), QStringLiteral("–"));
        QCOMPARE(plainFigure(0.0000178), QStringLiteral("0.000018"));
        QCOMPARE(plainFigure(0.523), QStringLiteral("0.52"));
        QCOMPARE(plainFigure(12.6), QStringLiteral("13"));
        QCOMPARE(plainFigure(0), QStringLiteral("0"));
        QCOMPARE(plainFigure(none), QStringLiteral("–"));
    }

    void tableTellsBeforeAndAfter() {
        MatchTableModel table(nameOf);
        QAbstractItemModelTester tester(&table, qtTest);
        QCOMPARE(table.columnCount(), 0);
        table.setStep(m_small);
        QCOMPARE(table.rowCount(), 6);
        QCOMPARE(cell(table, 0, MatchTableModel::Before), QStringLiteral("0"));
        QCOMPARE(cell(table, 0, MatchTableModel::BeforeWords), QStringLiteral("c0f0"));
        QCOMPARE(cell(table, 0, MatchTableModel::AfterWords), QStringLiteral("c1f0"));
        QCOMPARE(cell(table, 0, MatchTableModel::FateColumn), QStringLiteral("kept"));
        QCOMPARE(cell(table, 0, MatchTableModel::Cosine), QStringLiteral("0.90"));
        QCOMPARE(cell(table, 0, MatchTableModel::Coactivation), QStringLiteral("0.80"));
        // Twice the activations: the selectivity is the same.
        QCOMPARE(cell(table, 0, MatchTableModel::CsiChange), QStringLiteral("="));
        // Feature 1 raises negative by 0.25; 3, to which it drifted, by nothing.
        QCOMPARE(cell(table, 1, MatchTableModel::EffectChange), QStringLiteral("negative ▼ 0.250"));
        QCOMPARE(
            table.value(1, MatchTableModel::CsiChange),
            static_cast<double>(m_small.after->csi()[3]) - static_cast<double>(m_small.before->csi()[1]));
        QVERIFY(table.value(1, MatchTableModel::CsiChange) < 0);
        // It died, it was born.
        QCOMPARE(cell(table, 2, MatchTableModel::FateColumn), QStringLiteral("died"));
        QCOMPARE(cell(table, 2, MatchTableModel::After), QStringLiteral("–"));
        QVERIFY(cell(table, 2, MatchTableModel::AfterWords).isEmpty());
        QVERIFY(std::isnan(table.value(2, MatchTableModel::CsiChange)));
        QCOMPARE(cell(table, 4, MatchTableModel::FateColumn), QStringLiteral("born"));
        QCOMPARE(cell(table, 4, MatchTableModel::Before), QStringLiteral("–"));
        QCOMPARE(cell(table, 4, MatchTableModel::UsefulnessBefore), QStringLiteral("–"));
        QCOMPARE(
            table.headerData(MatchTableModel::Before, Qt::Horizontal, RawTableModel::GroupRole).toString(),
            QStringLiteral("Cycle 0"));
        QCOMPARE(
            table.headerData(MatchTableModel::After, Qt::Horizontal, RawTableModel::GroupRole).toString(),
            QStringLiteral("Cycle 1"));
        for (int column = 0; column < table.columnCount(); ++column)
            QVERIFY(!table.headerData(column, Qt::Horizontal, Qt::ToolTipRole).toString().isEmpty());
        table.setStep({});
        QCOMPARE(table.rowCount(), 0);
    }

    void rowsAreFoundByTheirBestPair() {
        MatchTableModel table(nameOf);
        table.setStep(
            withLinks(m_small, {{0, 3, Fate::Merged, 0.4F, 0.4F}, {1, 3, Fate::Merged, 0.7F, 0.6F}}));
        QCOMPARE(table.pair(table.rowOf(1, 3)).before, 1);
        QCOMPARE(table.pair(table.rowOf(0, 0)).after, 3);
        QCOMPARE(table.rowOf(0, 2), -1);
        QCOMPARE(table.rowOf(2, 3), -1);
        table.setStep(wide(1));
        const int row = table.rowOf(0, 3);
        QCOMPARE(table.pair(row).after, 3);
        QCOMPARE(table.fate(row), PairFate::Split);
        QCOMPARE(table.pair(row + 1).after, 4);
    }

    void sortsByValuesWithNothingLast() {
        MatchTableModel table(nameOf);
        RawFilterModel rows(&table);
        QAbstractItemModelTester tester(&rows, qtTest);
        table.setStep(wide(1));
        QCOMPARE(rows.rowCount(), table.rowCount());
        for (const Qt::SortOrder order : {Qt::AscendingOrder, Qt::DescendingOrder})
            for (int column = 0; column < rows.columnCount(); ++column) {
                rows.sort(column, order);
                const std::vector<int> shown = shownRows(rows);
                QCOMPARE(std::set<int>(shown.begin(), shown.end()).size(), std::size_t(table.rowCount()));
                for (std::size_t i = 1; i < shown.size(); ++i) {
                    if (column == MatchTableModel::BeforeWords || column == MatchTableModel::AfterWords) {
                        const QString a = table.text(shown[i - 1], column);
                        const QString b = table.text(shown[i], column);
                        QVERIFY(b.isEmpty() ||
                                (!a.isEmpty() && (order == Qt::AscendingOrder ? a <= b : a >= b)));
                        continue;
                    }
                    const double a = table.value(shown[i - 1], column);
                    const double b = table.value(shown[i], column);
                    if (std::isnan(a))
                        QVERIFY(std::isnan(b));
                    if (a == b || (std::isnan(a) && std::isnan(b)))
                        QVERIFY(shown[i - 1] < shown[i]);
                    else if (!std::isnan(b))
                        QVERIFY(order == Qt::AscendingOrder ? a < b : a > b);
                }
            }
        // The table's own order again.
        const QPersistentModelIndex kept = rows.index(0, MatchTableModel::Cosine);
        const int source = rows.sourceRow(0);
        rows.sort(-1);
        QCOMPARE(kept.row(), source);
        QCOMPARE(rows.sourceRow(5), 5);
        QCOMPARE(rows.mapFromSource(table.index(7, 2)).row(), 7);
        QCOMPARE(rows.mapToSource(rows.index(3, 1)), table.index(3, 1));
    }

    void filtersByFateWordsAndNumbers() {
        MatchTableModel table(nameOf);
        RawFilterModel rows(&table);
        QAbstractItemModelTester tester(&rows, qtTest);
        table.setStep(wide(1));
        for (int fate = 0; fate < pairFateCount; ++fate) {
            rows.setFilter({{}, fate});
            QVERIFY(rows.rowCount() > 0);
            for (const int row : shownRows(rows))
                QCOMPARE(static_cast<int>(table.fate(row)), fate);
        }
        // Feature 12 drifted from 11: both numbers lead to the row.
        for (const char* term : {"11", "12", "C0F11", "c1f12"}) {
            rows.setFilter({{QString::fromLatin1(term)}, static_cast<int>(PairFate::Drifted)});
            QCOMPARE(rows.rowCount(), 1);
            QCOMPARE(table.pair(rows.sourceRow(0)).after, 12);
        }
        rows.setFilter({{QStringLiteral("c0f11"), QStringLiteral("c1f12")}, -1});
        QCOMPARE(rows.rowCount(), 1);
        rows.setFilter({{QStringLiteral("c0f11"), QStringLiteral("c1f13")}, -1});
        QCOMPARE(rows.rowCount(), 0);
        QCOMPARE(rows.headerData(0, Qt::Horizontal).toString(), QStringLiteral("Feature"));
        table.setStep({});
        QCOMPARE(rows.rowCount(), 0);
        rows.setFilter({});
        table.setStep(m_small);
        QCOMPARE(rows.rowCount(), 6);
        QSignalSpy changed(&rows, &QAbstractItemModel::dataChanged);
        table.namesChanged();
        QCOMPARE(changed.size(), 2);
    }

    void namesAreLabelsOrTokens() {
        fixture::writeWideRun(in("named"), 2);
        RunFeatures store;
        FeatureNames names(&store);
        store.setRun(in("named"));
        QVERIFY(names.of(1, 3).isEmpty());
        store.want(1);
        QTRY_COMPARE(store.state(1), RunFeatures::State::Ready);
        const QString tokens = names.of(1, 3);
        QVERIFY2(tokens.contains(QStringLiteral(" · ")), qPrintable(tokens));
        QCOMPARE(names.of(1, 9), QStringLiteral("never fires"));
        QSignalSpy changed(&names, &FeatureNames::changed);
        store.setLabel(1, 3, {"  Film\nwords ", "", false, {}});
        QCOMPARE(changed.size(), 1);
        QCOMPARE(names.of(1, 3), QStringLiteral("Film words"));
        store.setLabel(1, 3, {});
        QCOMPARE(names.of(1, 3), tokens);
        // Another index of the cycle has other names.
        fixture::writeIndex(fixture::indexFile(in("named"), 1), 1);
        store.reload();
        QTRY_COMPARE(names.of(1, 1), QStringLiteral("dull"));
        QVERIFY(names.of(1, 30).isEmpty());
    }

    void featureIsFollowedBothWays() {
        using State = ChainEntry::State;
        const auto stepOf = [this](int cycle) { return wide(cycle); };
        const std::vector<int> cycles = {0, 1, 2};
        // 10 is kept, kept; 11 drifts to 12, which dies; 13 merges with 14 into 13, which merges again.
        std::vector<ChainEntry> chain = followFeature(cycles, stepOf, 1, 10);
        for (const ChainEntry& entry : chain) {
            QCOMPARE(entry.state, State::Present);
            QCOMPARE(entry.feature, 10);
        }
        QCOMPARE(chain[0].fate, Fate::Gone);
        QCOMPARE(chain[1].fate, Fate::Kept);
        QCOMPARE(chain[2].link.cosine, 0.95F);
        chain = followFeature(cycles, stepOf, 0, 11);
        QCOMPARE(chain[1].feature, 12);
        QCOMPARE(chain[1].fate, Fate::Drifted);
        QCOMPARE(chain[2].state, State::Died);
        QCOMPARE(chain[2].edge, 1);
        chain = followFeature(cycles, stepOf, 2, 12);
        QCOMPARE(chain[1].feature, 11);
        QCOMPARE(chain[0].state, State::Unborn);
        QCOMPARE(chain[0].edge, 1);
        // Backwards to the better of the two that merged.
        chain = followFeature(cycles, stepOf, 2, 13);
        QCOMPARE(chain[1].feature, 14);
        QCOMPARE(chain[2].fate, Fate::Merged);
        QCOMPARE(chain[2].parts, 2);
        // Forwards to the better part.
        chain = followFeature(cycles, stepOf, 0, 3);
        QCOMPARE(chain[1].feature, 3);
        QCOMPARE(chain[1].fate, Fate::SplitUp);
        QCOMPARE(chain[1].parts, 2);
        chain = followFeature(cycles, stepOf, 1, 9);
        QCOMPARE(chain[1].state, State::Present);
        QCOMPARE(chain[0].state, State::Unmatched);
        QCOMPARE(chain[2].state, State::Unmatched);
    }

    void whatIsNotKnownEndsTheChain() {
        using State = ChainEntry::State;
        const auto stepOf = [this](int cycle) { return cycle == 2 ? CycleStep() : wide(1); };
        std::vector<ChainEntry> chain = followFeature({0, 1, 2, 3}, stepOf, 0, 10);
        QCOMPARE(chain[1].state, State::Present);
        QCOMPARE(chain[2].state, State::Unknown);
        QCOMPARE(chain[2].edge, 2);
        QCOMPARE(chain[3].state, State::Unknown);
        // A cycle is missing between.
        chain = followFeature({0, 1, 3}, stepOf, 3, 10);
        QCOMPARE(chain[2].state, State::Present);
        QCOMPARE(chain[1].state, State::Unknown);
        QCOMPARE(chain[0].state, State::Unknown);
        chain = followFeature({4}, stepOf, 4, 10);
        QCOMPARE(chain.size(), std::size_t(1));
        QCOMPARE(chain[0].feature, 10);
    }

    void matchedThroughoutAreKeptOrDriftedInEveryStep() {
        const auto chains = matchedThroughout({wide(1), wide(2)});
        // Of each ten the first alone: the drifted one goes on as 2, 12, ..., which dies.
        QCOMPARE(chains.size(), std::size_t(6));
        QCOMPARE(chains[1], (std::vector<int>{10, 10, 10}));
        QCOMPARE(matchedThroughout({wide(1)}).size(), std::size_t(12));
        QVERIFY(matchedThroughout({}).empty());
    }

    void quartilesAndMovements() {
        const Spread spread = spreadOf(std::vector<double>{4, 1, none, 2, 3});
        QCOMPARE(spread.count, 4);
        QCOMPARE(spread.median, 2.5);
        QCOMPARE(spread.low, 1.75);
        QCOMPARE(spread.high, 3.25);
        QVERIFY(std::isnan(spreadOf(std::vector<double>{}).median));
        const std::vector<SelectivityPoint> points = selectivityPoints(m_small);
        QCOMPARE(points.size(), std::size_t(2));
        QCOMPARE(points[0].pair.after, 0);
        QCOMPARE(points[0].favouredClass, 1);
        QVERIFY(points[0].salient);
        QCOMPARE(points[1].csiAfter, static_cast<double>(m_small.after->csi()[3]));
        const Movement csi = movementOf(points, SelectivityFigure::Csi);
        QCOMPARE(csi.count, 2);
        QCOMPARE(csi.rose, 0);
        QCOMPARE(csi.fell, 1);
        QCOMPARE(csi.after, (points[0].csiAfter + points[1].csiAfter) / 2);
        QVERIFY(std::isnan(movementOf({}, SelectivityFigure::Usefulness).before));
        QCOMPARE(spreadOfAlive(*m_small.before, SelectivityFigure::Csi).count, 4);
        QCOMPARE(spreadOf(*m_small.before, {0, 5}, SelectivityFigure::Csi).count, 2);
    }

    void sharpeningIsToldByStrategy() {
        const auto storyOf = [this](const char* strategy) {
            CycleStep step;
            fixture::writeIndex(in("story"), fixture::fixtureOrigin(4), 6, 1, {});
            step.before = fixture::openIndex(in("story"));
            IndexOrigin origin = fixture::fixtureOrigin(5);
            origin.sharpening = strategy;
            fixture::writeIndex(in("next"), origin, 6, 1, {});
            step.after = fixture::openIndex(in("next"));
            return sharpeningText(step);
        };
        QVERIFY(storyOf("per_class")
                    .contains(QStringLiteral("for each label, the 2 features of cycle 4 with the "
                                             "largest mean activation at the last token")));
        QVERIFY(storyOf("per_class").contains(QStringLiteral("trained cycle 5")));
        QVERIFY(storyOf("per_example").contains(QStringLiteral("its own strongest features")));
        QVERIFY(storyOf("random").contains(QStringLiteral("random unit vectors")));
        QVERIFY(storyOf("").contains(QStringLiteral("does not say")));
    }

    void salientFeaturesByLabelAndRank() {
        SalientModel table(nameOf);
        RawFilterModel rows(&table);
        QAbstractItemModelTester tester(&rows, qtTest);
        table.setStep(m_small);
        // Two for each of two labels.
        QCOMPARE(table.rowCount(), 4);
        for (int label = 0; label < 2; ++label)
            for (int rank = 1; rank <= 2; ++rank) {
                const int row = 2 * label + rank - 1;
                QCOMPARE(table.label(row), label);
                QCOMPARE(table.value(row, SalientModel::Rank), double(rank));
                QCOMPARE(table.pair(row).before,
                         m_small.before->salientFeatures(
                             label, m_small.after->origin())[static_cast<std::size_t>(rank - 1)]);
            }
        const int row = 2;
        QCOMPARE(table.pair(row).before, 0);
        QCOMPARE(cell(table, row, SalientModel::Words), QStringLiteral("c0f0"));
        QCOMPARE(cell(table, row, SalientModel::FateColumn), QStringLiteral("kept"));
        QCOMPARE(table.value(row, SalientModel::MeanAfter), 2 * table.value(row, SalientModel::MeanBefore));
        QVERIFY(table.value(row, SalientModel::MeanBefore) > 0);
        QCOMPARE(cell(table, row, SalientModel::EffectAfter), QStringLiteral("positive +0.500"));
        // Of two lists that hold it the first; not the counterpart of a feature that died.
        QCOMPARE(table.pair(table.rowOf(1, 0)).after, 0);
        QCOMPARE(table.rowOf(0, 4), -1);
        rows.setFilter({{}, 1});
        QCOMPARE(rows.rowCount(), 2);
        rows.sort(SalientModel::Rank, Qt::DescendingOrder);
        QCOMPARE(cell(rows, 0, SalientModel::Rank), QStringLiteral("2"));
        // Without a list there are no rows.
        IndexOrigin origin = m_small.after->origin();
        origin.sharpening = "random";
        fixture::writeIndex(in("random"), origin, 6, 1, fixture::fixtureSupplement(6));
        CycleStep random = m_small;
        random.after = fixture::openIndex(in("random"));
        table.setStep(random);
        QCOMPARE(table.rowCount(), 0);
        QCOMPARE(salientSummary(random).features, 0);
        QVERIFY(summaryText(salientSummary(random)).isEmpty());
    }

    void salientFeaturesAreSummedUpOnce() {
        const SalientSummary summary = salientSummary(wide(1));
        const std::vector<char> flags = salientFlags(wide(1));
        QCOMPARE(summary.features, static_cast<int>(std::count(flags.begin(), flags.end(), char(1))));
        int counted = 0;
        for (const int fate : summary.fates)
            counted += fate;
        QCOMPARE(counted, summary.features);
        const int matched = summary.fates[static_cast<std::size_t>(Fate::Kept)] +
                            summary.fates[static_cast<std::size_t>(Fate::Drifted)];
        QCOMPARE(summary.csi.count, matched);
        QCOMPARE(summary.otherCsi.count, 12 - matched);
        // 0 was kept, and 1 or 3 or 5 beside it; the words say so.
        const SalientSummary small = salientSummary(m_small);
        const QString words = summaryText(small);
        QVERIFY2(words.startsWith(QStringLiteral("Of the %1 salient features: 1 kept").arg(small.features)),
                 qPrintable(words));
        QVERIFY2(words.contains(QStringLiteral("CSI ") + plainFigure(small.csi.before) +
                                QStringLiteral(" → ") + plainFigure(small.csi.after)),
                 qPrintable(words));
    }

    void conceptsByCycle() {
        const auto write = [this](const char* name, int cycle, double acting, double plot) {
            fixture::writeConceptIndex(in(name), cycle,
                                       {{"acting", 0, acting}, {"plot", 1, plot}, {"music", -1, 0}});
            return fixture::openIndex(in(name));
        };
        ConceptTableModel table;
        RawFilterModel rows(&table);
        QAbstractItemModelTester tester(&rows, qtTest);
        const auto first = write("concepts0", 0, 0.25, 0.6);
        const auto second = write("concepts1", 1, 0.75, 0.55);
        table.setCycles({{0, first}, {1, second}, {2, nullptr}});
        QCOMPARE(table.rowCount(), 3);
        QCOMPARE(table.columnCount(), 3 + 4 + 4);
        QCOMPARE(table.headerData(0, Qt::Vertical).toString(), QStringLiteral("acting"));
        QCOMPARE(table.cycle(3), 1);
        QCOMPARE(table.part(4), ConceptTableModel::Change);
        QCOMPARE(cell(table, 0, 3), QStringLiteral("0.750"));
        QCOMPARE(cell(table, 0, 4), QStringLiteral("▲ 0.500"));
        QCOMPARE(cell(table, 1, 4), QStringLiteral("▼ 0.050"));
        QCOMPARE(cell(table, 0, 5), QStringLiteral("0.875"));
        QCOMPARE(cell(table, 1, 6), QStringLiteral("1"));
        QCOMPARE(table.feature(1, 3), 1);
        QVERIFY(!table.index(0, 0).data(ConceptTableModel::RecoveredRole).toBool());
        QVERIFY(table.index(0, 3).data(ConceptTableModel::RecoveredRole).toBool());
        QCOMPARE(table.index(0, 3).data(Qt::AccessibleTextRole).toString(),
                 QStringLiteral("0.750, recovered"));
        // No feature, and no index yet.
        QCOMPARE(cell(table, 2, 2), QStringLiteral("–"));
        QCOMPARE(table.feature(2, 2), -1);
        QCOMPARE(cell(table, 0, 7), QStringLiteral("–"));
        QCOMPARE(
            table.summary(),
            QStringLiteral(
                "Recovered 33 % → 67 % → … of 3 concepts: some feature detects them with an F1 of 0.5 or "
                "more."));
        rows.sort(4, Qt::DescendingOrder);
        QCOMPARE(rows.headerData(0, Qt::Vertical).toString(), QStringLiteral("acting"));
        rows.sort(0, Qt::DescendingOrder);
        QCOMPARE(rows.headerData(0, Qt::Vertical).toString(), QStringLiteral("plot"));
        rows.setFilter({{QStringLiteral("MUS")}, -1});
        QCOMPARE(rows.rowCount(), 1);
        rows.setFilter({});
        table.setCycles({{0, m_small.before}});
        QCOMPARE(table.rowCount(), 0);
        QCOMPARE(table.columnCount(), 0);
        QVERIFY(table.summary().isEmpty());
    }

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

QTEST_MAIN(TestEvolutionModels)
#include "tst_evolution_models.moc"
