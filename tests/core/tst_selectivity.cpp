// SPDX-License-Identifier: GPL-3.0-or-later
// CSI and U against golden numbers, dense against sparse, and the cases where the formulas degenerate.
#include "evaluation/selectivity.h"

#include "evaluation/selectivity_formulas.h"
#include "support/metrics_golden.h"

#include <QtTest>

#include <stdexcept>

using namespace saeception;
using namespace saeception::test;

class SelectivityTest : public QObject {
    Q_OBJECT

    static void compare(const Selectivity& actual, const Selectivity& expected) {
        QCOMPARE(actual.csi.size(), expected.csi.size());
        for (std::size_t f = 0; f < actual.csi.size(); ++f) {
            COMPARE_CLOSE(actual.csi[f], expected.csi[f], 1e-9);
            COMPARE_CLOSE(actual.usefulness[f], expected.usefulness[f], 1e-9);
        }
        COMPARE_CLOSE(actual.csiMean, expected.csiMean, 1e-9);
        COMPARE_CLOSE(actual.csiStd, expected.csiStd, 1e-9);
        COMPARE_CLOSE(actual.usefulnessMean, expected.usefulnessMean, 1e-9);
        COMPARE_CLOSE(actual.usefulnessStd, expected.usefulnessStd, 1e-9);
    }

private Q_SLOTS:
    void matchesGolden_data() { GOLDEN_METRIC_ROWS(); }
    void matchesGolden() {
        QFETCH(QString, set);
        const MetricsSet data(set.toStdString());
        const Selectivity result = selectivity(data.x, data.labels, data.classes);
        const auto csiExpected = data.expected.at("csi_per_feature").get<std::vector<double>>();
        const auto usefulnessExpected = data.expected.at("u_per_feature").get<std::vector<double>>();
        QCOMPARE(result.csi.size(), csiExpected.size());
        for (std::size_t f = 0; f < csiExpected.size(); ++f) {
            QVERIFY(std::abs(result.csi[f] - csiExpected[f]) < 1e-6);  // golden sums are float32
            COMPARE_CLOSE(result.usefulness[f], usefulnessExpected[f], 1e-7);
        }
        COMPARE_CLOSE(result.csiMean, data.number("csi_mean"), 1e-6);
        COMPARE_CLOSE(result.csiStd, data.number("csi_std"), 1e-6);
        COMPARE_CLOSE(result.usefulnessMean, data.number("u_mean"), 1e-9);
        // The reference divided nats by bits.
        COMPARE_CLOSE(result.usefulnessMean * std::log(2.0), data.number("u_mean_reference_nats_over_bits"),
                      1e-6);
    }

    void sparseEqualsDense_data() { GOLDEN_METRIC_ROWS(); }
    void sparseEqualsDense() {
        QFETCH(QString, set);
        const MetricsSet data(set.toStdString());
        compare(selectivity(toSparse(data.x), data.labels, data.classes),
                selectivity(data.x, data.labels, data.classes));
    }

    void rowOrderDoesNotMatter() {
        const MetricsSet data("separated");
        const auto order = permutation(data.x.size(0), 4);
        compare(selectivity(reordered(data.x, order), reordered(data.labels, order), data.classes),
                selectivity(data.x, data.labels, data.classes));
    }

    void multiplicitiesAreRepetitions_data() { GOLDEN_METRIC_ROWS(); }
    void multiplicitiesAreRepetitions() {
        QFETCH(QString, set);
        const MetricsSet data(set.toStdString());
        const Repetition repetition(data.x.size(0), 7);
        const Selectivity repeated = selectivity(reordered(data.x, repetition.order),
                                                 reordered(data.labels, repetition.order), data.classes);
        compare(selectivity(data.x, data.labels, data.classes, repetition.times), repeated);
        compare(selectivity(toSparse(data.x), data.labels, data.classes, repetition.times), repeated);
        const Selectivity once =
            selectivity(data.x, data.labels, data.classes, std::vector<std::int32_t>(data.labels.size(), 1));
        QCOMPARE(once.usefulnessMean, selectivity(data.x, data.labels, data.classes).usefulnessMean);
    }

    void weighsTheRestByRows() {
        // Means 4, 1 (over 3 rows) and 3 (over 1 row): the rest is (3 * 1 + 3) / 4 = 1.5, not (1 + 3) / 2.
        COMPARE_CLOSE(csi(std::vector<double>{4, 3, 3}, std::vector<std::int64_t>{1, 3, 1}), 2.5 / 5.5,
                      1e-12);
        // A class without rows takes no part, even where its mean of nothing would be the largest.
        COMPARE_CLOSE(csi(std::vector<double>{-4, 0, -6}, std::vector<std::int64_t>{2, 0, 2}), 1.0 / 5,
                      1e-12);
    }

    void degeneratesToZero() {
        const std::vector<std::int64_t> rows = {5, 5};
        QCOMPARE(csi(std::vector<double>{0, 0}, rows), 0.0);
        QCOMPARE(csi(std::vector<double>{3, 0}, std::vector<std::int64_t>{5, 0}), 0.0);
        QCOMPARE(usefulness(std::vector<std::int64_t>{0, 0}, rows), 0.0);
        QCOMPARE(usefulness(std::vector<std::int64_t>{5, 5}, rows), 0.0);
        QCOMPARE(usefulness(std::vector<std::int64_t>{3, 0}, std::vector<std::int64_t>{5, 0}), 0.0);
        QCOMPARE(usefulness(std::vector<std::int64_t>{5, 0}, rows), 1.0);
        const Selectivity none = selectivity(at::zeros({4, 2}), Labels{0, 1, 0, 1}, 2);
        QCOMPARE(none.csiMean, 0.0);
        QCOMPARE(none.usefulnessMean, 0.0);
    }

    void refusesWhatDoesNotFit() {
        QVERIFY_THROWS_EXCEPTION(std::invalid_argument, selectivity(at::zeros({2, 2}), Labels{0}, 2));
        QVERIFY_THROWS_EXCEPTION(std::invalid_argument, selectivity(at::zeros({2, 2}), Labels{0, 2}, 2));
    }
};

QTEST_GUILESS_MAIN(SelectivityTest)
#include "tst_selectivity.moc"
