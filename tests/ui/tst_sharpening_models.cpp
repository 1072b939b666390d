// SPDX-License-Identifier: GPL-3.0-or-later
// What sharpening aimed at and what came of it: salient features, movements of CSI and U, concepts.
#include "support/evolution_fixture.h"
#include "support/evolution_steps.h"
#include "ui/models/change_text.h"
#include "ui/models/concept_table_model.h"
#include "ui/models/cycle_step.h"
#include "ui/models/raw_filter_model.h"
#include "ui/models/salient_model.h"
#include "ui/models/selectivity.h"

#include <QAbstractItemModelTester>
#include <QTest>

#include <cmath>

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

}  // namespace

class TestSharpeningModels : public QObject, EvolutionSteps {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { begin(); }

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
};

QTEST_MAIN(TestSharpeningModels)
#include "tst_sharpening_models.moc"
