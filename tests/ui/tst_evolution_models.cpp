// SPDX-License-Identifier: GPL-3.0-or-later
// What became of features from one cycle to the next: pairs, their table and its filters, a feature followed.
#include "support/evolution_fixture.h"
#include "support/evolution_steps.h"
#include "ui/models/change_text.h"
#include "ui/models/cycle_step.h"
#include "ui/models/feature_chain.h"
#include "ui/models/feature_names.h"
#include "ui/models/match_table_model.h"
#include "ui/models/raw_filter_model.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

#include <cmath>
#include <set>

using namespace saeception;

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

class TestEvolutionModels : public QObject, EvolutionSteps {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { begin(); }

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
};

QTEST_MAIN(TestEvolutionModels)
#include "tst_evolution_models.moc"
