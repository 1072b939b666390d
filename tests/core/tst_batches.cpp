// SPDX-License-Identifier: GPL-3.0-or-later
// Tokenized splits, batch plans and padding: every example once, reproducibly, with little waste.
#include "base/error.h"
#include "base/random.h"
#include "data/batches.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <filesystem>

using namespace saeception;

namespace {

// Rows whose lengths follow SST-2's: mean about 11 tokens, a long tail up to 64.
TokenizedSplit syntheticSplit(int rows, std::uint64_t seed) {
    Rng rng(seed);
    TokenizedSplit split;
    for (int row = 0; row < rows; ++row) {
        const int length =
            std::clamp(static_cast<int>(std::lround(std::exp(2.0 + 0.8 * rng.normal()))), 1, 64);
        for (int i = 0; i < length; ++i)
            split.ids.push_back(static_cast<std::int32_t>(rng.below(1000)) + 1);
        split.offsets.push_back(static_cast<std::int64_t>(split.ids.size()));
        split.labels.push_back(row % 2);
    }
    return split;
}

double realShare(const TokenizedSplit& split, const BatchPlan& plan) {
    std::int64_t real = 0;
    std::int64_t all = 0;
    for (const auto& batch : plan) {
        const PaddedBatch padded = collate(split, batch, 0);
        real += padded.realTokens();
        all += padded.rows * padded.columns;
    }
    return static_cast<double>(real) / static_cast<double>(all);
}

Example example(std::string text, std::int32_t label, std::vector<ConceptSpan> concepts = {}) {
    return {std::move(text), label, std::move(concepts)};
}

}  // namespace

class TestBatches : public QObject {
    Q_OBJECT

private:
    void verifyEveryRowOnce(const BatchPlan& plan, int rows, int batchSize) {
        std::vector<std::int32_t> seen;
        std::size_t partial = 0;
        for (const auto& batch : plan) {
            QVERIFY(!batch.empty());
            QVERIFY(batch.size() <= static_cast<std::size_t>(batchSize));
            partial += batch.size() < static_cast<std::size_t>(batchSize);
            seen.insert(seen.end(), batch.begin(), batch.end());
        }
        QVERIFY(partial <= 1);
        std::sort(seen.begin(), seen.end());
        QCOMPARE(seen.size(), static_cast<std::size_t>(rows));
        for (int i = 0; i < rows; ++i)
            QCOMPARE(seen[static_cast<std::size_t>(i)], i);
    }

private Q_SLOTS:
    void everyExampleExactlyOnce_data() {
        QTest::addColumn<int>("rows");
        QTest::addColumn<int>("batchSize");
        for (const int rows : {0, 1, 31, 32, 33, 2048, 2049, 5000})
            for (const int batchSize : {1, 7, 32, 10000})
                QTest::addRow("%d in %d", rows, batchSize) << rows << batchSize;
    }
    void everyExampleExactlyOnce() {
        QFETCH(int, rows);
        QFETCH(int, batchSize);
        const TokenizedSplit split = syntheticSplit(rows, 5);
        verifyEveryRowOnce(planEpoch(split, batchSize, 42, 3), rows, batchSize);
        verifyEveryRowOnce(planByLength(split, batchSize), rows, batchSize);
    }

    void orderIsFixedBySeedAndEpochAlone() {
        const TokenizedSplit split = syntheticSplit(3000, 5);
        const BatchPlan plan = planEpoch(split, 32, 42, 1);
        QCOMPARE(planEpoch(split, 32, 42, 1), plan);
        for (BatchPlan other : {planEpoch(split, 32, 42, 2), planEpoch(split, 32, 43, 1)}) {
            QVERIFY(other != plan);
            // Not merely the same batches in another order.
            const auto same = std::count_if(plan.begin(), plan.end(), [&](const auto& batch) {
                return std::find(other.begin(), other.end(), batch) != other.end();
            });
            QVERIFY(same < static_cast<std::ptrdiff_t>(plan.size()) / 10);
        }
    }

    void trainingOrderIsNotSortedByLength() {
        const TokenizedSplit split = syntheticSplit(6000, 5);
        const BatchPlan plan = planEpoch(split, 32, 42, 0);
        // Were the batches sorted, neighbours would hardly ever grow shorter; in random order half of them
        // do.
        int shorter = 0;
        for (std::size_t i = 1; i < plan.size(); ++i)
            shorter += split.length(plan[i].front()) < split.length(plan[i - 1].front());
        QVERIFY(shorter > static_cast<int>(plan.size()) / 3);
    }

    void evaluationOrderIsSortedByLength() {
        const TokenizedSplit split = syntheticSplit(500, 5);
        std::int64_t last = 0;
        for (const auto& batch : planByLength(split, 32))
            for (const std::int32_t row : batch) {
                QVERIFY(split.length(row) >= last);
                last = split.length(row);
            }
    }

    void littleIsPadding() {
        const TokenizedSplit split = syntheticSplit(20000, 9);
        const double training = realShare(split, planEpoch(split, 32, 42, 0));
        QVERIFY2(training > 0.9, std::to_string(training).c_str());
        const double evaluation = realShare(split, planByLength(split, 32));
        QVERIFY2(evaluation > 0.97, std::to_string(evaluation).c_str());
    }

    void littleOfSst2IsPadding() {
        const std::filesystem::path data = std::filesystem::path(SAECEPTION_SHARED_DIR) / "data";
        if (!std::filesystem::exists(data / "SST-2") || !std::filesystem::exists(data / "gpt2"))
            QSKIP("SST-2 or GPT-2's vocabulary is not here");
        ExperimentConfig config;
        config.dataset.path = (data / "SST-2").string();
        const TokenizedSplit train =
            tokenizeSplit(loadDataset(config).train, Tokenizer::load(data / "gpt2"), 128);
        QCOMPARE(train.rows(), 67349);
        const double share = realShare(train, planEpoch(train, 32, 42, 0));
        QVERIFY2(share > 0.9, std::to_string(share).c_str());
    }

    void collatePadsToTheLongestRow() {
        TokenizedSplit split;
        split.ids = {5, 6, 7, 8, 9, 10};
        split.offsets = {0, 3, 4, 6};
        split.labels = {1, 0, 2};
        const std::vector<std::int32_t> rows = {1, 2};
        const PaddedBatch batch = collate(split, rows, -7);
        QCOMPARE(batch.rows, 2);
        QCOMPARE(batch.columns, 2);
        QCOMPARE(batch.ids, (std::vector<std::int64_t>{8, -7, 9, 10}));
        QCOMPARE(batch.lengths, (std::vector<std::int64_t>{1, 2}));
        QCOMPARE(batch.labels, (std::vector<std::int64_t>{0, 2}));
        QCOMPARE(batch.examples, (std::vector<std::int64_t>{1, 2}));
        QCOMPARE(batch.realTokens(), 3);
        QCOMPARE(collate(split, rows, 0, 4).ids, (std::vector<std::int64_t>{8, 0, 0, 0, 9, 10, 0, 0}));
        QCOMPARE(collate(split, rows, 0, 1).columns, 2);
        QCOMPARE(collate(split, {}, 0).rows, 0);
    }

    void tokenizesCutsAndFillsEmptyRows() {
        const Tokenizer tokenizer = Tokenizer::train(std::vector<std::string>{"ab"}, 257);
        const TokenizedSplit split =
            tokenizeSplit({example("abcdef", 1), example("", 0), example("g", 2)}, tokenizer, 4);
        QCOMPARE(split.rows(), 3);
        QCOMPARE(split.tokens(), 6);
        QCOMPARE(tokenizer.decode(split.row(0)), std::string("abcd"));
        QCOMPARE(split.row(1)[0], tokenizer.endOfText());
        QCOMPARE(split.length(1), 1);
        QCOMPARE(split.labels, (std::vector<std::int32_t>{1, 0, 2}));
        QVERIFY(split.concepts.empty());
        QVERIFY_EXCEPTION_THROWN(tokenizeSplit({}, tokenizer, 0), UserError);
    }

    void tokensCarryTheConceptsTheyOverlap() {
        // One token a byte: "not bad" with not = 2 and bad = 63 and the whole = 0.
        const Tokenizer tokenizer = Tokenizer::train({}, 257);
        const Split rows = {example("not bad", 1, {{0, 3, 2}, {4, 7, 63}, {0, 7, 0}}), example("x", 0),
                            example("", 0)};
        const TokenizedSplit split = tokenizeSplit(rows, tokenizer, 6);
        const std::uint64_t negation = 1U << 2 | 1U;
        const std::uint64_t opinion = std::uint64_t{1} << 63 | 1U;
        QCOMPARE(split.concepts,
                 (std::vector<std::uint64_t>{negation, negation, negation, 1, opinion, opinion, 0, 0}));
    }

    void aTokenWithItsSpaceCarriesOnlyItsOwnWord() {
        const Tokenizer tokenizer = Tokenizer::train(std::vector<std::string>(5, "not bad"), 300);
        const TokenizedSplit split =
            tokenizeSplit({example("not bad", 1, {{0, 3, 0}, {4, 7, 1}})}, tokenizer, 9);
        QCOMPARE(split.concepts, (std::vector<std::uint64_t>{1, 2}));  // "not", " bad"
    }

    void stopIsHeard() {
        const Tokenizer tokenizer = Tokenizer::train({}, 257);
        std::stop_source source;
        source.request_stop();
        QVERIFY_EXCEPTION_THROWN(tokenizeSplit({example("a", 0)}, tokenizer, 8, source.get_token()),
                                 Cancelled);
    }

    void impossibleBatchSizeIsRefused() {
        const TokenizedSplit split = syntheticSplit(3, 1);
        QVERIFY_EXCEPTION_THROWN(planEpoch(split, 0, 1, 0), UserError);
        QVERIFY_EXCEPTION_THROWN(planByLength(split, -1), UserError);
    }
};

QTEST_GUILESS_MAIN(TestBatches)
#include "tst_batches.moc"
