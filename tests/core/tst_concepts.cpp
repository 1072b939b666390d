// SPDX-License-Identifier: GPL-3.0-or-later
// Recovered concepts: cases worked by hand, and brute force over random codes.
#include "evaluation/concepts.h"

#include "support/metrics_golden.h"

#include <QtTest>

#include <stdexcept>

using namespace saeception;
using namespace saeception::test;

namespace {

SparseCode codeOf(const std::vector<std::vector<float>>& rows) {
    SparseCode code;
    code.features = static_cast<std::int64_t>(rows.front().size());
    for (const auto& row : rows) {
        for (std::size_t f = 0; f < row.size(); ++f)
            code.add(static_cast<std::int32_t>(f), row[f]);
        code.endRow();
    }
    return code;
}

/// Over all pairs of rows, as the Mann-Whitney statistic is defined.
double plainAuroc(const at::Tensor& activations, const std::vector<std::uint64_t>& concepts, int id) {
    double wins = 0;
    double pairs = 0;
    for (std::size_t i = 0; i < concepts.size(); ++i) {
        for (std::size_t j = 0; j < concepts.size(); ++j) {
            if ((concepts[i] >> id & 1) == 0 || (concepts[j] >> id & 1) != 0)
                continue;
            const float with = activations[static_cast<std::int64_t>(i)].item<float>();
            const float without = activations[static_cast<std::int64_t>(j)].item<float>();
            wins += with > without ? 1 : with == without ? 0.5 : 0;
            pairs += 1;
        }
    }
    return wins / pairs;
}

}  // namespace

class ConceptsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void findsTheFeatureOfEachConcept() {
        // Concept 0 on rows 0 and 1; feature 1 fires there and on row 2. Concept 1 on row 3, where only
        // feature 0 fires.
        const SparseCode code = codeOf({{0, 2, 0}, {0, 3, 1}, {0, 2, 0}, {5, 0, 0}, {5, 0, 0}});
        const std::vector<std::uint64_t> concepts = {1, 1, 0, 2, 0};
        const std::vector<ConceptRecovery> found = recoverConcepts(code, concepts, 3);
        QCOMPARE(found.size(), std::size_t(3));
        QCOMPARE(found[0].feature, 1);
        QCOMPARE(found[0].rows, std::int64_t(2));
        COMPARE_CLOSE(found[0].precision, 2.0 / 3, 1e-12);
        COMPARE_CLOSE(found[0].recall, 1, 1e-12);
        COMPARE_CLOSE(found[0].f1, 0.8, 1e-12);
        COMPARE_CLOSE(found[0].auroc, (0.5 + 2 + 3) / 6, 1e-12);
        QVERIFY(found[0].recovered());
        QCOMPARE(found[1].feature, 0);
        COMPARE_CLOSE(found[1].f1, 2.0 / 3, 1e-12);
        COMPARE_CLOSE(found[1].auroc, 3.5 / 4, 1e-12);
        // Concept 2 occurs nowhere.
        QCOMPARE(found[2].conceptId, 2);
        QCOMPARE(found[2].feature, -1);
        QCOMPARE(found[2].rows, std::int64_t(0));
        QVERIFY(std::isnan(found[2].auroc));
        QVERIFY(!found[2].recovered());
        COMPARE_CLOSE(recoveredPct(found), 100, 1e-12);
    }

    void countsWhatWasNotRecovered() {
        // No feature fires on the only row of concept 0; concept 1 is on every row.
        const SparseCode code = codeOf({{0, 0}, {1, 1}, {1, 0}});
        const std::vector<ConceptRecovery> found =
            recoverConcepts(code, std::vector<std::uint64_t>{3, 2, 2}, 2);
        QCOMPARE(found[0].feature, -1);
        QCOMPARE(found[0].f1, 0.0);
        QCOMPARE(found[1].feature, 0);
        COMPARE_CLOSE(found[1].f1, 0.8, 1e-12);
        QVERIFY(std::isnan(found[1].auroc));
        COMPARE_CLOSE(recoveredPct(found), 50, 1e-12);
        QVERIFY(std::isnan(recoveredPct({})));
    }

    void equalsBruteForce() {
        constexpr int conceptCount = 64;
        constexpr std::int64_t rows = 200;
        constexpr std::int64_t features = 9;
        Rng rng(31);
        at::Tensor dense = at::zeros({rows, features});
        std::vector<std::uint64_t> concepts(rows);
        for (std::int64_t i = 0; i < rows; ++i) {
            concepts[static_cast<std::size_t>(i)] = rng.next() & rng.next();
            for (std::int64_t f = 0; f < features; ++f)
                if (rng.uniform() < 0.3)
                    dense[i][f] = static_cast<float>(1 + rng.below(4));  // few values, so many ties
        }
        const std::vector<ConceptRecovery> found = recoverConcepts(toSparse(dense), concepts, conceptCount);
        for (int id = 0; id < conceptCount; ++id) {
            double best = 0;
            int bestFeature = -1;
            for (std::int64_t f = 0; f < features; ++f) {
                double both = 0;
                double either = 0;
                for (std::int64_t i = 0; i < rows; ++i) {
                    const bool fires = dense[i][f].item<float>() > 0;
                    const bool carries = (concepts[static_cast<std::size_t>(i)] >> id & 1) != 0;
                    both += fires && carries;
                    either += static_cast<double>(fires) + static_cast<double>(carries);
                }
                if (2 * both / either > best) {
                    best = 2 * both / either;
                    bestFeature = static_cast<int>(f);
                }
            }
            const ConceptRecovery& concerned = found[static_cast<std::size_t>(id)];
            QCOMPARE(concerned.feature, bestFeature);
            COMPARE_CLOSE(concerned.f1, best, 1e-12);
            COMPARE_CLOSE(
                2 * concerned.precision * concerned.recall / (concerned.precision + concerned.recall), best,
                1e-12);
            COMPARE_CLOSE(concerned.auroc, plainAuroc(dense.select(1, bestFeature), concepts, id), 1e-12);
        }
    }

    void talliesRecountWhatWasFound() {
        constexpr std::int64_t rows = 120;
        Rng rng(17);
        at::Tensor dense = at::zeros({rows, 6});
        std::vector<std::uint64_t> concepts(rows);
        std::vector<std::int64_t> examples(rows);
        for (std::int64_t i = 0; i < rows; ++i) {
            concepts[static_cast<std::size_t>(i)] = rng.next() & 7;  // concept 3 never occurs
            examples[static_cast<std::size_t>(i)] = i / 3;
            for (std::int64_t f = 0; f < 6; ++f)
                dense[i][f] = rng.uniform() < 0.4 ? 1.0F : 0.0F;
        }
        const SparseCode code = toSparse(dense);
        const std::vector<ConceptRecovery> found = recoverConcepts(code, concepts, 4);
        const ConceptTally tally(code, concepts, examples, 40, found);
        const std::vector<double> plain = tally.f1();
        for (std::size_t c = 0; c < 3; ++c)
            COMPARE_CLOSE(plain[c], found[c].f1, 1e-12);
        QVERIFY(std::isnan(plain[3]));
        COMPARE_CLOSE(tally.recoveredPct(), recoveredPct(found), 1e-12);
        QVERIFY(tally.f1(std::vector<std::int32_t>(40, 1))[0] == plain[0]);
        // Counted twice or not at all, with the features as they were chosen.
        const Repetition repetition(40, 4);
        std::vector<std::int64_t> order;
        for (const std::int64_t e : repetition.order)
            for (std::int64_t i = 3 * e; i < 3 * e + 3; ++i)
                order.push_back(i);
        const std::vector<double> counted = tally.f1(repetition.times);
        for (int c = 0; c < 3; ++c) {
            double both = 0;
            double either = 0;
            for (const std::int64_t i : order) {
                const bool fires = dense[i][found[static_cast<std::size_t>(c)].feature].item<float>() > 0;
                const bool carries = (concepts[static_cast<std::size_t>(i)] >> c & 1) != 0;
                both += fires && carries;
                either += static_cast<double>(fires) + static_cast<double>(carries);
            }
            COMPARE_CLOSE(counted[static_cast<std::size_t>(c)], 2 * both / either, 1e-12);
        }
    }

    void refusesWhatDoesNotFit() {
        const SparseCode code = codeOf({{1, 0}});
        QVERIFY_THROWS_EXCEPTION(std::invalid_argument,
                                 recoverConcepts(code, std::vector<std::uint64_t>{}, 1));
        QVERIFY_THROWS_EXCEPTION(std::invalid_argument,
                                 recoverConcepts(code, std::vector<std::uint64_t>{1}, 65));
    }
};

QTEST_GUILESS_MAIN(ConceptsTest)
#include "tst_concepts.moc"
