// SPDX-License-Identifier: GPL-3.0-or-later
// The linear probe against scikit-learn's numbers and against the conditions that its optimum must meet.
#include "evaluation/probe.h"

#include "evaluation/k_sparse_probe.h"

#include "base/error.h"
#include "evaluation/classification.h"
#include "support/metrics_golden.h"

#include <QtTest>

using namespace saeception;
using namespace saeception::test;

namespace {

constexpr std::int64_t trainRows = 160;  // as the golden numbers were made: 160 rows to fit, 80 to test

Labels slice(const Labels& labels, std::size_t begin, std::size_t end) {
    return {labels.begin() + static_cast<long>(begin), labels.begin() + static_cast<long>(end)};
}

/// Largest component of the objective's gradient at the solution, from its textbook form in plain tensors.
double largestGradient(const LinearProbe& probe, const at::Tensor& x, const Labels& labels, double strength) {
    const at::Tensor rows = x.to(at::kDouble);
    at::Tensor logits = rows.mm(probe.coefficients.t()) + probe.intercepts;
    at::Tensor residuals;
    std::vector<std::int64_t> targets;
    for (const std::int32_t label : labels)
        targets.push_back(std::lower_bound(probe.classes.begin(), probe.classes.end(), label) -
                          probe.classes.begin());
    const at::Tensor target = at::tensor(targets, at::kLong);
    if (probe.classes.size() == 2)
        residuals = logits.sigmoid() - target.to(at::kDouble).unsqueeze(1);
    else
        residuals = logits.softmax(1) - at::one_hot(target, static_cast<std::int64_t>(probe.classes.size()));
    const at::Tensor weights = residuals.t().mm(rows) * strength + probe.coefficients;
    return std::max(weights.abs().max().item<double>(),
                    (residuals.sum(0) * strength).abs().max().item<double>());
}

}  // namespace

class ProbeTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void matchesGolden_data() { GOLDEN_METRIC_ROWS(); }
    void matchesGolden() {
        QFETCH(QString, set);
        const MetricsSet data(set.toStdString());
        const Labels train = slice(data.labels, 0, trainRows);
        const LinearProbe probe = fitProbe(data.x.slice(0, 0, trainRows), train);
        QVERIFY(probe.converged);
        QVERIFY(probe.iterations > 1);
        COMPARE_CLOSE(probe.coefficients.norm().item<double>(), data.number("logistic_l2_C1_coef_norm"),
                      1e-4);
        COMPARE_CLOSE(probe.accuracy(data.x.slice(0, trainRows), slice(data.labels, trainRows, 240)),
                      data.number("logistic_l2_C1_test_accuracy"), 1e-9);
        QVERIFY(largestGradient(probe, data.x.slice(0, 0, trainRows), train, 1) < 2e-4);
    }

    void sparseEqualsDense_data() { GOLDEN_METRIC_ROWS(); }
    void sparseEqualsDense() {
        QFETCH(QString, set);
        const MetricsSet data(set.toStdString());
        const SparseCode code = toSparse(data.x);
        const LinearProbe sparse = fitProbe(code, data.labels);
        const LinearProbe dense = fitProbe(data.x, data.labels);
        QVERIFY(maxAbsoluteError(sparse.coefficients, dense.coefficients) < 2e-4);
        QVERIFY(sparse.predict(code) == dense.predict(data.x));
    }

    void rowOrderDoesNotMatter() {
        const MetricsSet data("sparse");
        const auto order = permutation(data.x.size(0), 6);
        const LinearProbe probe = fitProbe(data.x, data.labels);
        const LinearProbe other = fitProbe(reordered(data.x, order), reordered(data.labels, order));
        QVERIFY(maxAbsoluteError(other.coefficients, probe.coefficients) < 2e-4);
        QVERIFY(maxAbsoluteError(other.intercepts, probe.intercepts) < 1e-3);
    }

    void convergesOnBadlyScaledColumns() {
        // Columns with a mean of 3000, a spread of 500, a spread of 1e-3, and one that never moves.
        at::Tensor x = normalRows(2000, 8, 21);
        x.select(1, 0) += 3000;
        x.select(1, 1) *= 500;
        x.select(1, 2) *= 1e-3;
        x.select(1, 3).fill_(7);
        Rng rng(5);
        Labels labels;
        for (std::int64_t i = 0; i < 2000; ++i) {
            const double score = x[i][0].item<double>() - 3000 + x[i][4].item<double>() + 0.7 * rng.normal();
            labels.push_back(score > 1 ? 9 : score > 0 ? 4 : -2);
        }
        const LinearProbe probe = fitProbe(x, labels);
        QVERIFY(probe.converged);
        QVERIFY2(probe.iterations < 200, qPrintable(QString::number(probe.iterations)));
        QVERIFY((probe.classes == Labels{-2, 4, 9}));
        // In the columns as given the gradient carries the mean of 3000 times what is left in the
        // intercept's.
        QVERIFY(largestGradient(probe, x, labels, 1) < 3000 * 2e-4);
        QVERIFY(probe.coefficients.select(1, 3).abs().max().item<double>() < 1e-6);
        QVERIFY(probe.accuracy(x, labels) > 0.6);

        Labels two;
        for (const std::int32_t label : labels)
            two.push_back(label == 9);
        const LinearProbe binary = fitProbe(x, two);
        QVERIFY(binary.converged);
        QCOMPARE(binary.coefficients.size(0), std::int64_t(1));
        QVERIFY(largestGradient(binary, x, two, 1) < 3000 * 2e-4);
    }

    void respectsItsStrength() {
        const MetricsSet data("overlapping");
        ProbeOptions options;
        options.inverseRegularisation = 0.01;
        const LinearProbe weak = fitProbe(data.x, data.labels, options);
        QVERIFY(weak.coefficients.norm().item<double>() <
                fitProbe(data.x, data.labels).coefficients.norm().item<double>());
        QVERIFY(largestGradient(weak, data.x, data.labels, 0.01) < 2e-4);
        options.maxIterations = 1;
        QVERIFY(!fitProbe(data.x, data.labels, options).converged);
    }

    void resultDoesNotDependOnThreadsBeyondRounding() {
        const at::Tensor x = normalRows(3000, 20, 2);
        Labels labels;
        for (std::int64_t i = 0; i < 3000; ++i)
            labels.push_back(x[i][0].item<float>() + x[i][1].item<float>() > 0.3F);
        const SparseCode code = toSparse(at::where(x > 0, x, at::zeros_like(x)));
        const int threads = at::get_num_threads();
        at::set_num_threads(1);
        const LinearProbe one = fitProbe(code, labels);
        at::set_num_threads(2);
        const LinearProbe two = fitProbe(code, labels);
        at::set_num_threads(threads);
        // Matrix products may round differently; the optimum is the same.
        QVERIFY(at::allclose(one.coefficients, two.coefficients, 0, 1e-6));
    }

    // As the last layer of a fine-tuned model: nearly all variance along one direction, classes overlapping.
    void nearlyCollinearColumnsConverge() {
        const at::Tensor direction = normalRows(1, 40, 3);
        const at::Tensor x = normalRows(4000, 1, 4).mm(direction) * 30 + normalRows(4000, 40, 5) * 0.03;
        Labels labels;
        const at::Tensor along = x.select(1, 0) / direction[0][0] + normalRows(4000, 1, 6).select(1, 0) * 20;
        for (std::int64_t i = 0; i < 4000; ++i)
            labels.push_back(along[i].item<float>() > 0);
        const LinearProbe probe = fitProbe(x, labels);
        QVERIFY(probe.converged);
        QVERIFY2(probe.iterations < 100, qPrintable(QString::number(probe.iterations)));
        QVERIFY(largestGradient(probe, x, labels, 1) < 2e-4);
    }

    void aSingleClassIsConstant() {
        const LinearProbe probe = fitProbe(normalRows(5, 3, 1), Labels{2, 2, 2, 2, 2});
        QVERIFY(probe.converged);
        QVERIFY((probe.predict(normalRows(2, 3, 2)) == Labels{2, 2}));
        QVERIFY(std::isnan(probe.accuracy(normalRows(0, 3, 1), Labels{})));
    }

    void sparseProbesChooseWhatDiffers_data() { GOLDEN_METRIC_ROWS(); }
    void sparseProbesChooseWhatDiffers() {
        QFETCH(QString, set);
        const MetricsSet data(set.toStdString());
        const at::Tensor x = data.x.to(at::kDouble);
        const std::vector<double> differences = meanDifferences(data.x, data.labels);
        for (std::int64_t f = 0; f < x.size(1); ++f) {
            double expected = 0;
            for (int c = 0; c < data.classes; ++c) {
                const at::Tensor own = at::tensor(data.labels, at::kInt) == c;
                const at::Tensor column = x.select(1, f);
                expected = std::max(expected, (column.masked_select(own).mean() -
                                               column.masked_select(own.logical_not()).mean())
                                                  .abs()
                                                  .item<double>());
            }
            COMPARE_CLOSE(differences[static_cast<std::size_t>(f)], expected, 1e-9);
        }
        const Labels columns = mostDifferentColumns(data.x, data.labels, 4);
        QCOMPARE(columns.size(), std::size_t(4));
        for (std::size_t i = 1; i < 4; ++i)
            QVERIFY(differences[static_cast<std::size_t>(columns[i - 1])] >=
                    differences[static_cast<std::size_t>(columns[i])]);

        const std::vector<int> sizes = {1, 4, 1000};
        const auto dense = fitKSparseProbes(data.x, data.labels, sizes);
        const SparseCode code = toSparse(data.x);
        const auto sparse = fitKSparseProbes(code, data.labels, sizes);
        for (std::size_t i = 0; i < sizes.size(); ++i) {
            QVERIFY(dense[i].columns == sparse[i].columns);
            QVERIFY(dense[i].predict(data.x) == sparse[i].predict(code));
            const at::Tensor chosen = RowMatrix(data.x).selectColumns(dense[i].columns);
            QVERIFY(largestGradient(dense[i].probe, chosen, data.labels, 1) < 2e-4);
        }
        // All columns: the whole probe, in another order of columns.
        QCOMPARE(static_cast<std::int64_t>(dense[2].columns.size()), x.size(1));
        QVERIFY(dense[2].predict(data.x) == fitProbe(data.x, data.labels).predict(data.x));
        // The order of the rows does not matter.
        const auto order = permutation(240, 4);
        const auto permuted =
            fitKSparseProbes(reordered(data.x, order), reordered(data.labels, order), sizes);
        for (std::size_t i = 0; i < sizes.size(); ++i) {
            QVERIFY(permuted[i].columns == dense[i].columns);
            QVERIFY(permuted[i].predict(data.x) == dense[i].predict(data.x));
        }
    }

    void sparseProbesOfDegenerateData() {
        SparseCode silent;
        silent.features = 3;
        for (int i = 0; i < 4; ++i)
            silent.endRow();
        const std::vector<int> sizes = {2};
        const auto probes = fitKSparseProbes(silent, Labels{0, 1, 1, 1}, sizes);
        QVERIFY((probes[0].columns == Labels{0, 1}));  // nothing differs: the lowest
        QVERIFY(probes[0].probe.converged);
        QVERIFY((probes[0].predict(silent) == Labels{1, 1, 1, 1}));
        const auto constant = fitKSparseProbes(silent, Labels{5, 5, 5, 5}, sizes);
        QVERIFY((constant[0].predict(silent) == Labels{5, 5, 5, 5}));
        QVERIFY(fitKSparseProbes(silent, Labels{0, 1, 1, 1}, {}).empty());
    }

    void stopsWhenAsked() {
        std::stop_source stop;
        stop.request_stop();
        const MetricsSet data("overlapping");
        QVERIFY_THROWS_EXCEPTION(Cancelled, fitProbe(data.x, data.labels, {}, stop.get_token()));
    }
};

QTEST_GUILESS_MAIN(ProbeTest)
#include "tst_probe.moc"
