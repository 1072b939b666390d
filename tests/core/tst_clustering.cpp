// SPDX-License-Identifier: GPL-3.0-or-later
// k-means and the cluster indices against scikit-learn's numbers, brute force, and their own invariances.
#include "evaluation/clustering.h"

#include "base/error.h"
#include "support/metrics_golden.h"

#include <QtTest>

using namespace saeception;
using namespace saeception::test;

namespace {

/// The same partition under other names.
Labels renamed(const Labels& labels) {
    Labels result;
    for (const std::int32_t label : labels)
        result.push_back(100 - 7 * label);
    return result;
}

/// Straight from Rousseeuw's definition.
double plainSilhouette(const at::Tensor& x, const Labels& labels, int clusters) {
    const at::Tensor rows = x.to(at::kDouble);
    double total = 0;
    for (std::int64_t i = 0; i < rows.size(0); ++i) {
        std::vector<double> sums(static_cast<std::size_t>(clusters));
        std::vector<double> counts(static_cast<std::size_t>(clusters));
        for (std::int64_t j = 0; j < rows.size(0); ++j) {
            const auto c = static_cast<std::size_t>(labels[static_cast<std::size_t>(j)]);
            sums[c] += (rows[i] - rows[j]).norm().item<double>();
            counts[c] += 1;
        }
        const auto own = static_cast<std::size_t>(labels[static_cast<std::size_t>(i)]);
        double nearest = 1e300;
        for (std::size_t c = 0; c < sums.size(); ++c)
            if (c != own)
                nearest = std::min(nearest, sums[c] / counts[c]);
        const double within = counts[own] > 1 ? sums[own] / (counts[own] - 1) : 0;
        total += counts[own] > 1 ? (nearest - within) / std::max(nearest, within) : 0;
    }
    return total / static_cast<double>(rows.size(0));
}

}  // namespace

class ClusteringTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void indicesMatchGolden_data() { GOLDEN_METRIC_ROWS(); }
    void indicesMatchGolden() {
        QFETCH(QString, set);
        const MetricsSet data(set.toStdString());
        COMPARE_CLOSE(adjustedRandIndex(data.labels, data.predictions), data.number("ari_of_pred"), 1e-9);
        COMPARE_CLOSE(adjustedRandIndex(data.labels, data.clusters), data.number("ari_of_kmeans"), 1e-9);
        COMPARE_CLOSE(silhouette(data.x, data.labels), data.number("silhouette_supervised"), 1e-5);
        COMPARE_CLOSE(silhouette(data.x, data.clusters), data.number("silhouette_unsupervised"), 1e-5);
        COMPARE_CLOSE(classIndices(data.x, data.labels).daviesBouldin, data.number("davies_bouldin"), 1e-5);
        COMPARE_CLOSE(classIndices(data.x, data.labels).calinskiHarabasz, data.number("calinski_harabasz"),
                      1e-5);
    }

    void sparseEqualsDense_data() { GOLDEN_METRIC_ROWS(); }
    void sparseEqualsDense() {
        QFETCH(QString, set);
        const MetricsSet data(set.toStdString());
        const SparseCode code = toSparse(data.x);
        COMPARE_CLOSE(silhouette(code, data.labels), silhouette(data.x, data.labels), 1e-9);
        COMPARE_CLOSE(classIndices(code, data.labels).daviesBouldin,
                      classIndices(data.x, data.labels).daviesBouldin, 1e-9);
        COMPARE_CLOSE(classIndices(code, data.labels).calinskiHarabasz,
                      classIndices(data.x, data.labels).calinskiHarabasz, 1e-9);
        KMeansOptions options;
        options.clusters = data.classes;
        const KMeansResult sparse = kMeans(code, options);
        const KMeansResult dense = kMeans(data.x, options);
        COMPARE_CLOSE(sparse.inertia, dense.inertia, 1e-9);
        QVERIFY(sparse.labels == dense.labels);
    }

    void kMeansReachesScikitLearnsInertia_data() { GOLDEN_METRIC_ROWS(); }
    void kMeansReachesScikitLearnsInertia() {
        QFETCH(QString, set);
        const MetricsSet data(set.toStdString());
        KMeansOptions options;
        options.clusters = data.classes;
        options.seed = 3;
        const KMeansResult result = kMeans(data.x, options);
        const double expected = data.number("kmeans_inertia_best_of_10");
        // The two groups that were drawn on purpose have one best partition; the unstructured set has many
        // local optima, of which ten starts find a good one but not always the same.
        if (set != QLatin1String("sparse")) {
            COMPARE_CLOSE(result.inertia, expected, 1e-5);
            COMPARE_CLOSE(adjustedRandIndex(data.labels, result.labels), data.number("ari_of_kmeans"), 1e-5);
        } else {
            QVERIFY(result.inertia <= expected * 1.01);
        }
        // What is returned is consistent: each label is the nearest centre, and the inertia is theirs.
        const at::Tensor distances =
            (data.x.to(at::kDouble).unsqueeze(1) - result.centres.unsqueeze(0)).square().sum(2);
        const auto [nearest, which] = distances.min(1);
        COMPARE_CLOSE(result.inertia, nearest.sum().item<double>(), 1e-9);
        QVERIFY(toLabels(which) == result.labels);
    }

    void kMeansIsReproducible() {
        const MetricsSet data("sparse");
        KMeansOptions options;
        options.clusters = 5;
        const KMeansResult first = kMeans(data.x, options);
        const KMeansResult second = kMeans(data.x, options);
        QVERIFY(first.labels == second.labels);
        QCOMPARE(first.inertia, second.inertia);
        QVERIFY(first.iterations > 1);
    }

    void kMeansFindsAsManyPointsAsClusters() {
        // Three distinct points, many copies: greedy seeding must hit each, at inertia 0.
        const at::Tensor points =
            at::tensor({0.0F, 0.0F, 5.0F, 0.0F, 0.0F, 9.0F}).view({3, 2}).repeat({50, 1});
        KMeansOptions options;
        options.clusters = 3;
        options.starts = 2;
        const KMeansResult result = kMeans(points, options);
        QVERIFY(result.inertia < 1e-9);
        // More clusters than distinct points still ends, with nothing lost.
        options.clusters = 4;
        QVERIFY(kMeans(points, options).inertia < 1e-9);
    }

    void hugeOffsetsDoNotBlurClusters() {
        // GPT-2's residual stream has columns around 3000 whose spread is about 1.
        const MetricsSet data("overlapping");
        const at::Tensor shifted = data.x.to(at::kDouble) + 3000;
        COMPARE_CLOSE(silhouette(shifted, data.labels), silhouette(data.x, data.labels), 1e-6);
        COMPARE_CLOSE(classIndices(shifted, data.labels).daviesBouldin,
                      classIndices(data.x, data.labels).daviesBouldin, 1e-6);
        COMPARE_CLOSE(classIndices(shifted, data.labels).calinskiHarabasz,
                      classIndices(data.x, data.labels).calinskiHarabasz, 1e-6);
        KMeansOptions options;
        COMPARE_CLOSE(kMeans(shifted, options).inertia, data.number("kmeans_inertia_best_of_10"), 1e-5);
    }

    void namesAndOrderDoNotMatter_data() { GOLDEN_METRIC_ROWS(); }
    void namesAndOrderDoNotMatter() {
        QFETCH(QString, set);
        const MetricsSet data(set.toStdString());
        const auto order = permutation(data.x.size(0), 12);
        const at::Tensor x = reordered(data.x, order);
        const Labels labels = reordered(renamed(data.labels), order);
        COMPARE_CLOSE(adjustedRandIndex(labels, reordered(data.predictions, order)),
                      data.number("ari_of_pred"), 1e-9);
        COMPARE_CLOSE(adjustedRandIndex(data.predictions, data.labels), data.number("ari_of_pred"), 1e-9);
        COMPARE_CLOSE(silhouette(x, labels), silhouette(data.x, data.labels), 1e-9);
        COMPARE_CLOSE(classIndices(x, labels).daviesBouldin, classIndices(data.x, data.labels).daviesBouldin,
                      1e-9);
        COMPARE_CLOSE(classIndices(x, labels).calinskiHarabasz,
                      classIndices(data.x, data.labels).calinskiHarabasz, 1e-9);
    }

    void kMeansDoesNotDependOnRowOrder_data() { GOLDEN_METRIC_ROWS(); }
    void kMeansDoesNotDependOnRowOrder() {
        QFETCH(QString, set);
        const MetricsSet data(set.toStdString());
        KMeansOptions options;
        options.clusters = 5;  // many local optima
        const KMeansResult result = kMeans(data.x, options);
        for (const std::uint64_t seed : {1, 2, 3}) {
            const auto order = permutation(data.x.size(0), seed);
            const at::Tensor x = reordered(data.x, order);
            QVERIFY(kMeans(x, options).labels == reordered(result.labels, order));
            QVERIFY(kMeans(toSparse(x), options).labels == reordered(result.labels, order));
            QCOMPARE(kMeans(x, options).inertia, result.inertia);
        }
    }

    void contentOrderIsThatOfTheValues() {
        // Negative values sort before absent ones, and equal rows keep their order.
        const at::Tensor x =
            at::tensor({0.0F, 2.0F, 0.0F, 0.0F, -1.0F, 5.0F, 0.0F, 2.0F, 0.0F, -3.0F, 0.0F, 2.5F})
                .view({6, 2});
        const std::vector<std::int64_t> expected = {2, 4, 1, 0, 3, 5};
        QVERIFY(RowMatrix(x).contentOrder() == expected);
        QVERIFY(RowMatrix(x.to(at::kDouble)).contentOrder() == expected);
        const SparseCode code = toSparse(x);
        QVERIFY(RowMatrix(code).contentOrder() == expected);
        Rng rng(8);
        at::Tensor many = at::zeros({200, 6});
        for (std::int64_t i = 0; i < many.numel(); ++i)
            many.data_ptr<float>()[i] = static_cast<float>(rng.below(3)) - 1;
        const SparseCode sparse = toSparse(many);
        QVERIFY(RowMatrix(sparse).contentOrder() == RowMatrix(many).contentOrder());
        const RowMatrix copy = RowMatrix(sparse).reordered(RowMatrix(many).contentOrder());
        QVERIFY(at::equal(copy.block(0, 200),
                          RowMatrix(many).reordered(RowMatrix(many).contentOrder()).block(0, 200)));
    }

    void variancesAddUp_data() { GOLDEN_METRIC_ROWS(); }
    void variancesAddUp() {
        QFETCH(QString, set);
        const MetricsSet data(set.toStdString());
        const ClassIndices indices = classIndices(data.x, data.labels);
        const at::Tensor x = data.x.to(at::kDouble);
        const double total = (x - x.mean(0)).square().sum().item<double>() / 240;
        COMPARE_CLOSE(indices.withinVariance + indices.betweenVariance, total, 1e-9);
        const int k = data.classes;
        COMPARE_CLOSE(indices.varianceRatio() * (240 - k) / (k - 1), data.number("calinski_harabasz"), 1e-5);
        const ClassIndices sparse = classIndices(toSparse(data.x), data.labels);
        COMPARE_CLOSE(sparse.withinVariance, indices.withinVariance, 1e-9);
        COMPARE_CLOSE(sparse.betweenVariance, indices.betweenVariance, 1e-9);
    }

    // Counting an example n times is having it n times.
    void multiplicitiesAreRepetitions_data() { GOLDEN_METRIC_ROWS(); }
    void multiplicitiesAreRepetitions() {
        QFETCH(QString, set);
        const MetricsSet data(set.toStdString());
        const Repetition repetition(240, 9);
        const at::Tensor x = reordered(data.x, repetition.order);
        const Labels labels = reordered(data.labels, repetition.order);
        const Labels clusters = reordered(data.predictions, repetition.order);
        COMPARE_CLOSE(adjustedRandIndex(data.labels, data.predictions, repetition.times),
                      adjustedRandIndex(labels, clusters), 1e-12);
        const ClassIndices repeated = classIndices(x, labels);
        const SparseCode code = toSparse(data.x);
        for (const ClassIndices& counted : {classIndices(data.x, data.labels, repetition.times),
                                            classIndices(code, data.labels, repetition.times)}) {
            COMPARE_CLOSE(counted.daviesBouldin, repeated.daviesBouldin, 1e-9);
            COMPARE_CLOSE(counted.calinskiHarabasz, repeated.calinskiHarabasz, 1e-9);
            COMPARE_CLOSE(counted.withinVariance, repeated.withinVariance, 1e-9);
            COMPARE_CLOSE(counted.betweenVariance, repeated.betweenVariance, 1e-9);
        }
        // A class that is not drawn takes no part.
        std::vector<std::int32_t> one(240);
        for (std::size_t i = 0; i < one.size(); ++i)
            one[i] = data.labels[i] == 0;
        QVERIFY(std::isnan(classIndices(data.x, data.labels, one).daviesBouldin));
        QCOMPARE(adjustedRandIndex(data.labels, data.labels, one), 1.0);
        const std::vector<std::int32_t> once(240, 1);
        QCOMPARE(classIndices(data.x, data.labels, once).daviesBouldin,
                 classIndices(data.x, data.labels).daviesBouldin);
    }

    void silhouetteEqualsItsDefinition() {
        // More rows than one block of the blocked computation, a cluster of one row, and duplicated rows.
        at::Tensor x = normalRows(300, 3, 7);
        x[1].copy_(x[0]);
        Labels labels;
        for (int i = 0; i < 300; ++i)
            labels.push_back(i == 299 ? 2 : i % 2);
        COMPARE_CLOSE(silhouette(x, labels), plainSilhouette(x, labels, 3), 1e-9);
        const at::Tensor sparse = at::where(x > 0.5, x, at::zeros_like(x));
        COMPARE_CLOSE(silhouette(toSparse(sparse), labels), plainSilhouette(sparse, labels, 3), 1e-7);
    }

    void degenerateCasesAreNan() {
        const at::Tensor x = normalRows(4, 2, 1);
        for (const Labels& labels : {Labels{1, 1, 1, 1}, Labels{0, 1, 2, 3}}) {
            QVERIFY(std::isnan(silhouette(x, labels)));
            QVERIFY(std::isnan(classIndices(x, labels).daviesBouldin));
            QVERIFY(std::isnan(classIndices(x, labels).calinskiHarabasz));
        }
        QVERIFY(std::isnan(adjustedRandIndex({}, {})));
        QCOMPARE(adjustedRandIndex(Labels{1, 1}, Labels{0, 0}), 1.0);
        KMeansOptions options;
        options.clusters = 5;
        const KMeansResult none = kMeans(x, options);
        QVERIFY(std::isnan(none.inertia));
        QVERIFY(none.labels.empty());
        QVERIFY(silhouetteWidths(x, Labels{1, 1, 1, 1}).empty());
        // A code in which nothing fires: every row is the same point.
        SparseCode silent;
        silent.features = 7;
        for (int i = 0; i < 6; ++i)
            silent.endRow();
        options.clusters = 2;
        QCOMPARE(kMeans(silent, options).inertia, 0.0);
        const Labels half = {0, 0, 0, 1, 1, 1};
        QCOMPARE(silhouette(silent, half), 0.0);
        QCOMPARE(classIndices(silent, half).calinskiHarabasz, 1.0);
        QCOMPARE(classIndices(silent, half).daviesBouldin, 0.0);
        QVERIFY(std::isnan(classIndices(silent, half).varianceRatio()));
        // No spread within the clusters.
        const at::Tensor same = at::tensor({1.0F, 1.0F, 2.0F, 2.0F}).view({4, 1});
        QCOMPARE(classIndices(same, Labels{0, 0, 1, 1}).calinskiHarabasz, 1.0);
        QCOMPARE(classIndices(same, Labels{0, 0, 1, 1}).daviesBouldin, 0.0);
    }

    void stopsWhenAsked() {
        std::stop_source stop;
        stop.request_stop();
        const MetricsSet data("overlapping");
        QVERIFY_THROWS_EXCEPTION(Cancelled, kMeans(data.x, {}, stop.get_token()));
        QVERIFY_THROWS_EXCEPTION(Cancelled, silhouette(data.x, data.labels, stop.get_token()));
    }
};

QTEST_GUILESS_MAIN(ClusteringTest)
#include "tst_clustering.moc"
