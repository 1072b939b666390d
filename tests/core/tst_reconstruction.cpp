// SPDX-License-Identifier: GPL-3.0-or-later
// Reconstruction and sparsity metrics against golden numbers, in whatever batches they come.
#include "evaluation/reconstruction.h"

#include "evaluation/sparsity.h"
#include "support/metrics_golden.h"

#include <QtTest>

#include <stdexcept>

using namespace saeception;
using namespace saeception::test;

namespace {

/// `rows` rows spread over `examples` examples in ascending order.
std::vector<std::int64_t> examplesOfRows(std::int64_t rows, std::int64_t examples) {
    std::vector<std::int64_t> result;
    for (std::int64_t i = 0; i < rows; ++i)
        result.push_back(i * i * examples / (rows * rows));
    return result;
}

}  // namespace

class ReconstructionTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void matchesGolden_data() { GOLDEN_METRIC_ROWS(); }
    void matchesGolden() {
        QFETCH(QString, set);
        const MetricsSet data(set.toStdString());
        ReconstructionStats stats;
        stats.add(data.x, data.reconstruction);
        QCOMPARE(stats.rows(), std::int64_t(240));
        COMPARE_CLOSE(stats.meanSquaredError(), data.number("mse_vs_recon"), 1e-6);
        COMPARE_CLOSE(stats.fvu(), data.number("fvu_centered"), 1e-6);
        COMPARE_CLOSE(stats.explainedVariance(), 1 - data.number("fvu_centered"), 1e-7);
        COMPARE_CLOSE(stats.explainedVarianceCentred(), data.number("explained_variance_vs_recon"), 1e-6);
    }

    void batchesAndOrderDoNotMatter() {
        const MetricsSet data("overlapping");
        ReconstructionStats whole;
        whole.add(data.x, data.reconstruction);
        ReconstructionStats pieces;
        const auto order = permutation(240, 2);
        const at::Tensor x = reordered(data.x, order);
        const at::Tensor reconstruction = reordered(data.reconstruction, order);
        for (std::int64_t begin = 0; begin < 240; begin += 37)
            pieces.add(x.slice(0, begin, std::min<std::int64_t>(begin + 37, 240)),
                       reconstruction.slice(0, begin, std::min<std::int64_t>(begin + 37, 240)));
        COMPARE_CLOSE(pieces.meanSquaredError(), whole.meanSquaredError(), 1e-12);
        COMPARE_CLOSE(pieces.fvu(), whole.fvu(), 1e-12);
        COMPARE_CLOSE(pieces.explainedVarianceCentred(), whole.explainedVarianceCentred(), 1e-12);
    }

    void survivesHugeMeans() {
        // Spread 1 around a mean of 1e6: sums of squares would lose what matters.
        const at::Tensor x = normalRows(3000, 4, 3).to(at::kDouble);
        const at::Tensor residual = normalRows(3000, 4, 4).to(at::kDouble) * 0.1;
        ReconstructionStats centred;
        ReconstructionStats shifted;
        centred.add(x, x - residual);
        shifted.add(x + 1e6, x + 1e6 - residual);
        COMPARE_CLOSE(shifted.fvu(), centred.fvu(), 1e-6);
    }

    void knowsItsLimits() {
        ReconstructionStats none;
        QVERIFY(std::isnan(none.meanSquaredError()));
        QVERIFY(std::isnan(none.fvu()));
        ReconstructionStats constant;
        constant.add(at::ones({5, 2}), at::zeros({5, 2}));
        QCOMPARE(constant.meanSquaredError(), 1.0);
        QVERIFY(std::isnan(constant.fvu()));
        QVERIFY_THROWS_EXCEPTION(std::invalid_argument, constant.add(at::ones({5, 3}), at::zeros({5, 3})));
        QVERIFY_THROWS_EXCEPTION(std::invalid_argument, constant.add(at::ones({5, 2}), at::zeros({4, 2})));
        // The mean of the set explains nothing; a constant offset is forgiven only by the centred form.
        const at::Tensor x = normalRows(100, 2, 5);
        ReconstructionStats mean;
        mean.add(x, x.mean(0).expand_as(x));
        COMPARE_CLOSE(mean.fvu(), 1, 1e-5);
        ReconstructionStats offset;
        offset.add(x, x + 10);
        QVERIFY(offset.explainedVariance() < -10);
        COMPARE_CLOSE(offset.explainedVarianceCentred(), 1, 1e-9);
    }

    void multiplicitiesAreRepetitions() {
        // 240 rows in 80 examples of one to five rows, added in batches that cut examples in two.
        const MetricsSet data("sparse");
        const std::vector<std::int64_t> examples = examplesOfRows(240, 80);
        const Repetition repetition(80, 11);
        std::vector<std::int64_t> rows;
        for (const std::int64_t example : repetition.order)
            for (std::int64_t i = 0; i < 240; ++i)
                if (examples[static_cast<std::size_t>(i)] == example)
                    rows.push_back(i);
        ReconstructionStats counted(80);
        const std::span all(examples);
        counted.add(data.x.slice(0, 0, 101), data.reconstruction.slice(0, 0, 101), all.subspan(0, 101));
        counted.add(data.x.slice(0, 101), data.reconstruction.slice(0, 101), all.subspan(101));
        ReconstructionStats repeated;
        repeated.add(reordered(data.x, rows), reordered(data.reconstruction, rows));
        QCOMPARE(counted.rows(repetition.times), static_cast<std::int64_t>(rows.size()));
        COMPARE_CLOSE(counted.meanSquaredError(repetition.times), repeated.meanSquaredError(), 1e-12);
        COMPARE_CLOSE(counted.fvu(repetition.times), repeated.fvu(), 1e-12);
        COMPARE_CLOSE(counted.explainedVarianceCentred(repetition.times), repeated.explainedVarianceCentred(),
                      1e-12);
        const std::vector<std::int32_t> once(80, 1);
        QCOMPARE(counted.fvu(once), counted.fvu());
        ReconstructionStats plain;
        plain.add(data.x, data.reconstruction);
        COMPARE_CLOSE(counted.fvu(), plain.fvu(), 1e-12);

        const SparseCode code = toSparse(data.x.clamp_min(0));
        SparsityStats sparsity(code.features);
        sparsity.add(toSparse(data.x.clamp_min(0).slice(0, 0, 101)), all.subspan(0, 101));
        sparsity.add(toSparse(data.x.clamp_min(0).slice(0, 101)), all.subspan(101));
        SparsityStats again(code.features);
        const std::vector<std::int64_t> one(rows.size());
        again.add(toSparse(reordered(data.x, rows).clamp_min(0)), one);
        const SparsitySummary few = sparsity.summary(repetition.times);
        const SparsitySummary many = again.summary();
        COMPARE_CLOSE(few.l0Mean, many.l0Mean, 1e-12);
        COMPARE_CLOSE(few.l0Std, many.l0Std, 1e-9);
        QCOMPARE(few.l0Low, many.l0Low);
        QCOMPARE(few.l0Median, many.l0Median);
        QCOMPARE(few.l0High, many.l0High);
        COMPARE_CLOSE(few.l1Mean, many.l1Mean, 1e-12);
        COMPARE_CLOSE(few.l1Std, many.l1Std, 1e-9);
        QCOMPARE(few.deadPct, many.deadPct);
        COMPARE_CLOSE(few.usageEntropy, many.usageEntropy, 1e-12);
        QCOMPARE(sparsity.summary(once).usageEntropy, sparsity.summary().usageEntropy);
    }

    void sparsityMatchesGolden_data() { GOLDEN_METRIC_ROWS(); }
    void sparsityMatchesGolden() {
        QFETCH(QString, set);
        const MetricsSet data(set.toStdString());
        // The golden numbers count activations above 0; the L1 norm takes all of them.
        SparsityStats positive(data.x.size(1));
        const at::Tensor firing = data.x.clamp_min(0);
        const std::vector<std::int64_t> examples = examplesOfRows(240, 200);
        positive.add(toSparse(firing.slice(0, 0, 100)), std::span(examples).subspan(0, 100));
        positive.add(toSparse(firing.slice(0, 100)), std::span(examples).subspan(100));
        const SparsitySummary summary = positive.summary();
        const auto features = static_cast<double>(data.x.size(1));
        COMPARE_CLOSE(summary.l0Mean, data.number("l0_mean"), 1e-6);
        COMPARE_CLOSE(summary.deadPct, data.number("dead_pct"), 1e-9);
        COMPARE_CLOSE(summary.usageEntropy, data.number("usage_entropy_nats"), 1e-6);
        COMPARE_CLOSE(summary.usageEntropyNormalised, summary.usageEntropy / std::log(features), 1e-12);
        COMPARE_CLOSE(summary.densityMean, data.number("l0_mean") / features, 1e-6);
        const at::Tensor l0 = (firing > 0).sum(1).to(at::kDouble);
        COMPARE_CLOSE(summary.l0Std, l0.std(0, false).item<double>(), 1e-9);
        COMPARE_CLOSE(summary.l1Std, firing.to(at::kDouble).sum(1).std(0, false).item<double>(), 1e-6);
        QVERIFY(summary.l0Low <= summary.l0Median && summary.l0Median <= summary.l0High);
        QCOMPARE((l0 <= summary.l0Median).sum().item<std::int64_t>() >= 120, true);
        QCOMPARE((l0 < summary.l0Median).sum().item<std::int64_t>() < 120, true);
        SparsityStats all(data.x.size(1));
        all.add(toSparse(data.x), examples);
        COMPARE_CLOSE(all.summary().l1Mean, data.number("l1_mean"), 1e-6);
    }

    void countsDensities() {
        // Densities 1, 0.1, 0.001 and a dead feature, over 1000 rows.
        SparseCode code;
        code.features = 4;
        for (int i = 0; i < 1000; ++i) {
            code.add(0, 1);
            code.add(1, i % 10 == 0 ? 2.0F : 0.0F);
            code.add(2, i == 500 ? 3.0F : 0.0F);
            code.endRow();
        }
        SparsityStats stats(4);
        stats.add(code, examplesOfRows(1000, 300));
        QVERIFY((stats.density() == std::vector<double>{1, 0.1, 0.001, 0}));
        QCOMPARE(stats.rows(), std::int64_t(1000));
        QCOMPARE(stats.summary().deadPct, 25.0);
        QCOMPARE(stats.summary().l0Mean, 1.101);
        COMPARE_CLOSE(stats.summary().l1Mean, (1000 + 200 + 3) / 1000.0, 1e-12);
        QCOMPARE(stats.summary().l0Low, 1.0);
        QCOMPARE(stats.summary().l0High, 2.0);
        const DensityHistogram histogram = stats.densityHistogram();
        QCOMPARE(histogram.edges.size(), histogram.counts.size() + 1);
        QCOMPARE(histogram.edges.front(), -6.0);
        QCOMPARE(histogram.edges.back(), 0.0);
        QCOMPARE(histogram.dead, std::int64_t(1));
        QCOMPARE(histogram.counts.back(), std::int64_t(1));
        std::int64_t counted = 0;
        for (std::size_t b = 0; b < histogram.counts.size(); ++b) {
            counted += histogram.counts[b];
            const bool holds = std::abs(histogram.edges[b + 1]) < 1e-9 ||
                               std::abs(histogram.edges[b + 1] + 1) < 1e-9 ||
                               std::abs(histogram.edges[b + 1] + 3) < 1e-9;
            QCOMPARE(histogram.counts[b], std::int64_t(holds));
        }
        QCOMPARE(counted, std::int64_t(3));
        SparsityStats none(4);
        QVERIFY(std::isnan(none.summary().l0Mean));
        QVERIFY(std::isnan(none.summary().usageEntropy));
        QVERIFY(std::isnan(none.summary().deadPct));
        QVERIFY_THROWS_EXCEPTION(std::invalid_argument, SparsityStats(3).add(code, examplesOfRows(1000, 9)));
        QVERIFY_THROWS_EXCEPTION(std::invalid_argument, SparsityStats(4).add(code, examplesOfRows(999, 9)));
        // Rows on which nothing fires.
        SparseCode silent;
        silent.features = 4;
        silent.endRow();
        silent.endRow();
        SparsityStats dead(4);
        dead.add(silent, examplesOfRows(2, 2));
        QCOMPARE(dead.summary().deadPct, 100.0);
        QCOMPARE(dead.summary().l0Mean, 0.0);
        QCOMPARE(dead.summary().l0High, 0.0);
        QVERIFY(std::isnan(dead.summary().usageEntropy));
        QCOMPARE(dead.densityHistogram().dead, std::int64_t(4));
    }
};

QTEST_GUILESS_MAIN(ReconstructionTest)
#include "tst_reconstruction.moc"
