// SPDX-License-Identifier: GPL-3.0-or-later
// Accuracy, F1 and cross-entropy against scikit-learn's numbers and against cases worked by hand.
#include "evaluation/classification.h"

#include "support/metrics_golden.h"

#include <QtTest>

#include <stdexcept>

using namespace saeception;
using namespace saeception::test;

class ClassificationTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void matchesGolden_data() { GOLDEN_METRIC_ROWS(); }
    void matchesGolden() {
        QFETCH(QString, set);
        const MetricsSet data(set.toStdString());
        COMPARE_CLOSE(accuracy(data.labels, data.predictions), data.number("accuracy_pred"), 1e-6);
        COMPARE_CLOSE(f1Macro(data.labels, data.predictions), data.number("f1_macro_pred"), 1e-9);
        COMPARE_CLOSE(f1Weighted(data.labels, data.predictions), data.number("f1_weighted_pred"), 1e-9);
        const auto order = permutation(static_cast<std::int64_t>(data.labels.size()), 1);
        COMPARE_CLOSE(f1Macro(reordered(data.labels, order), reordered(data.predictions, order)),
                      data.number("f1_macro_pred"), 1e-9);
    }

    void countsAbsentClassesAsScikitLearnDoes() {
        // Class 2 is never predicted, class 3 only predicted: both have F1 = 0, and macro averages over all
        // four.
        const Labels labels = {0, 0, 1, 2};
        const Labels predictions = {0, 0, 1, 3};
        COMPARE_CLOSE(f1Macro(labels, predictions), 0.5, 1e-12);
        COMPARE_CLOSE(f1Weighted(labels, predictions), 0.75, 1e-12);
        QVERIFY(std::isnan(f1Macro({}, {})));
        QVERIFY(std::isnan(f1Weighted({}, {})));
        QVERIFY(std::isnan(accuracy({}, {})));
    }

    void scoresLogits() {
        const at::Tensor logits = at::tensor({2.0F, 0.0F, 0.0F, 1.0F, 3.0F, 3.0F}).view({3, 2});
        const Labels labels = {0, 1, 1};
        const double expected = (std::log1p(std::exp(-2.0)) + std::log1p(std::exp(-1.0)) + std::log(2.0)) / 3;
        const ClassificationScores scores = classificationScores(logits, labels);
        COMPARE_CLOSE(scores.crossEntropy, expected, 1e-9);
        COMPARE_CLOSE(scores.accuracy, 2.0 / 3, 1e-12);  // of equal logits the first wins
        COMPARE_CLOSE(scores.f1Macro, (2.0 / 3 + 2.0 / 3) / 2, 1e-12);
        // Large logits must not overflow.
        COMPARE_CLOSE(meanCrossEntropy(logits * 1000, labels), (0 + 0 + std::log(2.0)) / 3, 1e-9);
    }

    void multiplicitiesAreRepetitions_data() { GOLDEN_METRIC_ROWS(); }
    void multiplicitiesAreRepetitions() {
        QFETCH(QString, set);
        const MetricsSet data(set.toStdString());
        const at::Tensor logits = normalRows(240, data.classes, 5);
        const Repetition repetition(240, 3);
        const ClassificationScores counted = classifyRows(logits, data.labels).scores(repetition.times);
        const ClassificationScores repeated = classificationScores(reordered(logits, repetition.order),
                                                                   reordered(data.labels, repetition.order));
        COMPARE_CLOSE(counted.accuracy, repeated.accuracy, 1e-12);
        COMPARE_CLOSE(counted.crossEntropy, repeated.crossEntropy, 1e-12);
        COMPARE_CLOSE(counted.f1Macro, repeated.f1Macro, 1e-12);
        COMPARE_CLOSE(counted.f1Weighted, repeated.f1Weighted, 1e-12);
        const ClassificationScores plain = classificationScores(logits, data.labels);
        const ClassificationScores once =
            classifyRows(logits, data.labels).scores(std::vector<std::int32_t>(240, 1));
        QCOMPARE(once.accuracy, plain.accuracy);
        QCOMPARE(once.crossEntropy, plain.crossEntropy);
        QCOMPARE(once.f1Weighted, plain.f1Weighted);
        const auto order = permutation(240, 8);
        const ClassificationScores permuted =
            classificationScores(reordered(logits, order), reordered(data.labels, order));
        COMPARE_CLOSE(permuted.crossEntropy, plain.crossEntropy, 1e-12);
        QCOMPARE(permuted.f1Macro, plain.f1Macro);
    }

    void refusesWhatDoesNotFit() {
        const at::Tensor logits = at::zeros({2, 2});
        QVERIFY_THROWS_EXCEPTION(std::invalid_argument, meanCrossEntropy(logits, Labels{0}));
        QVERIFY_THROWS_EXCEPTION(std::invalid_argument, meanCrossEntropy(logits, Labels{0, 2}));
        QVERIFY_THROWS_EXCEPTION(std::invalid_argument, accuracy(Labels{0}, Labels{0, 1}));
        QVERIFY_THROWS_EXCEPTION(std::invalid_argument, accuracy(Labels{0, 1}, Labels{0, 1}, Labels{1}));
    }
};

QTEST_GUILESS_MAIN(ClassificationTest)
#include "tst_classification.moc"
