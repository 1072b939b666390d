// SPDX-License-Identifier: GPL-3.0-or-later
// Reconstruction and sparsity metrics against golden numbers, in whatever batches they come.
#include "evaluation/reconstruction.h"

#include "evaluation/sparsity.h"
#include "support/metrics_golden.h"

#include <QtTest>

#include <stdexcept>

using namespace saeception;
using namespace saeception::test;

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

    void sparsityMatchesGolden_data() { GOLDEN_METRIC_ROWS(); }
    void sparsityMatchesGolden() {
        QFETCH(QString, set);
        const MetricsSet data(set.toStdString());
        // The golden numbers count activations above 0; the L1 norm takes all of them.
        SparsityStats positive(data.x.size(1));
        const at::Tensor firing = data.x.clamp_min(0);
        positive.add(toSparse(firing.slice(0, 0, 100)));
        positive.add(toSparse(firing.slice(0, 100)));
        COMPARE_CLOSE(positive.meanL0(), data.number("l0_mean"), 1e-6);
        COMPARE_CLOSE(positive.deadPct(), data.number("dead_pct"), 1e-9);
        COMPARE_CLOSE(positive.usageEntropy(), data.number("usage_entropy_nats"), 1e-6);
        COMPARE_CLOSE(positive.meanDensity(), data.number("l0_mean") / static_cast<double>(data.x.size(1)),
                      1e-6);
        SparsityStats all(data.x.size(1));
        all.add(toSparse(data.x));
        COMPARE_CLOSE(all.meanL1(), data.number("l1_mean"), 1e-6);
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
        stats.add(code);
        QVERIFY((stats.density() == std::vector<double>{1, 0.1, 0.001, 0}));
        QCOMPARE(stats.deadPct(), 25.0);
        QCOMPARE(stats.meanL0(), 1.101);
        QCOMPARE(stats.meanL1(), (1000 + 200 + 3) / 1000.0);
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
        QVERIFY(std::isnan(none.meanL0()));
        QVERIFY(std::isnan(none.usageEntropy()));
        QVERIFY(std::isnan(none.deadPct()));
        QVERIFY_THROWS_EXCEPTION(std::invalid_argument, SparsityStats(3).add(code));
    }
};

QTEST_GUILESS_MAIN(ReconstructionTest)
#include "tst_reconstruction.moc"
