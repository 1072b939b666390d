// SPDX-License-Identifier: GPL-3.0-or-later
#include "data/batches.h"

#include "base/error.h"
#include "base/random.h"

#include <algorithm>
#include <numeric>

namespace saeception {
namespace {

// Rows sorted together are this many batches: large enough that neighbours are of nearly one length, small
// against a big data set, so that a batch's companions change from epoch to epoch.
constexpr std::size_t batchesPerPool = 64;

void checkBatchSize(int batchSize) {
    if (batchSize < 1)
        fail("a batch of {} examples is not possible; set batch_size to 1 or more", batchSize);
}

std::vector<std::int32_t> allRows(const TokenizedSplit& split) {
    std::vector<std::int32_t> rows(static_cast<std::size_t>(split.rows()));
    std::iota(rows.begin(), rows.end(), 0);
    return rows;
}

void sortByLength(const TokenizedSplit& split, std::span<std::int32_t> rows) {
    std::stable_sort(rows.begin(), rows.end(),
                     [&](std::int32_t a, std::int32_t b) { return split.length(a) < split.length(b); });
}

void cutBatches(std::span<const std::int32_t> rows, std::size_t batchSize, BatchPlan& plan) {
    for (std::size_t begin = 0; begin < rows.size(); begin += batchSize) {
        const auto batch = rows.subspan(begin, std::min(batchSize, rows.size() - begin));
        plan.emplace_back(batch.begin(), batch.end());
    }
}

// Appends, per token, the concepts whose bytes it shares.
void appendConcepts(const Example& example, std::span<const TokenSpan> tokens,
                    std::vector<std::uint64_t>& concepts) {
    for (const TokenSpan& token : tokens) {
        std::uint64_t bits = 0;
        for (const ConceptSpan& known : example.concepts)
            if (known.begin < token.end && token.begin < known.end)
                bits |= std::uint64_t{1} << known.conceptId;
        concepts.push_back(bits);
    }
}

}  // namespace

TokenizedSplit tokenizeSplit(const Split& split, const Tokenizer& tokenizer, int maxLength,
                             const StepControl& steps) {
    if (maxLength < 1)
        fail("rows of {} tokens are not possible; set dataset.max_length to 1 or more", maxLength);
    const bool hasConcepts = std::any_of(split.begin(), split.end(),
                                         [](const Example& example) { return !example.concepts.empty(); });
    const auto longest = static_cast<std::size_t>(maxLength);
    TokenizedSplit result;
    result.offsets.reserve(split.size() + 1);
    result.labels.reserve(split.size());
    for (std::size_t i = 0; i < split.size(); ++i) {
        if (i % 1024 == 0)
            steps.holdOrStop();
        const Example& example = split[i];
        Encoding encoding;
        if (hasConcepts)
            encoding = tokenizer.encodeWithSpans(example.text);
        else
            encoding.ids = tokenizer.encode(example.text);
        if (encoding.ids.empty()) {
            encoding.ids.push_back(tokenizer.endOfText());
            encoding.spans.push_back({});
        }
        const std::size_t kept = std::min(encoding.ids.size(), longest);
        result.ids.insert(result.ids.end(), encoding.ids.begin(),
                          encoding.ids.begin() + static_cast<std::ptrdiff_t>(kept));
        if (hasConcepts)
            appendConcepts(example, std::span(encoding.spans).first(kept), result.concepts);
        result.offsets.push_back(static_cast<std::int64_t>(result.ids.size()));
        result.labels.push_back(example.label);
    }
    return result;
}

BatchPlan planEpoch(const TokenizedSplit& split, int batchSize, std::uint64_t seed, std::int64_t epoch) {
    checkBatchSize(batchSize);
    Rng rng(deriveSeed(seed, "data order", {epoch}));
    std::vector<std::int32_t> rows = allRows(split);
    rng.shuffle(rows);
    const auto size = static_cast<std::size_t>(batchSize);
    const std::size_t poolSize = size * batchesPerPool;
    BatchPlan plan;
    plan.reserve(rows.size() / size + 1);
    for (std::size_t begin = 0; begin < rows.size(); begin += poolSize) {
        const auto pool = std::span(rows).subspan(begin, std::min(poolSize, rows.size() - begin));
        sortByLength(split, pool);
        cutBatches(pool, size, plan);
    }
    rng.shuffle(plan);
    return plan;
}

BatchPlan planByLength(const TokenizedSplit& split, int batchSize) {
    checkBatchSize(batchSize);
    std::vector<std::int32_t> rows = allRows(split);
    sortByLength(split, rows);
    BatchPlan plan;
    cutBatches(rows, static_cast<std::size_t>(batchSize), plan);
    return plan;
}

BatchPlan evenSample(const BatchPlan& plan, std::size_t count) {
    if (count >= plan.size())
        return plan;
    BatchPlan sample;
    for (std::size_t i = 0; i < count; ++i)
        sample.push_back(plan[(2 * i + 1) * plan.size() / (2 * count)]);
    return sample;
}

TokenizedSplit evenSample(const TokenizedSplit& split, std::int64_t count) {
    if (count >= split.rows())
        return split;
    TokenizedSplit sample;
    for (std::int64_t i = 0; i < count; ++i) {
        const std::int64_t row = (2 * i + 1) * split.rows() / (2 * count);
        const auto begin = split.offsets[static_cast<std::size_t>(row)];
        const auto end = split.offsets[static_cast<std::size_t>(row) + 1];
        sample.ids.insert(sample.ids.end(), split.ids.begin() + begin, split.ids.begin() + end);
        if (!split.concepts.empty())
            sample.concepts.insert(sample.concepts.end(), split.concepts.begin() + begin,
                                   split.concepts.begin() + end);
        sample.offsets.push_back(static_cast<std::int64_t>(sample.ids.size()));
        sample.labels.push_back(split.labels[static_cast<std::size_t>(row)]);
    }
    return sample;
}

std::int64_t PaddedBatch::realTokens() const {
    return std::accumulate(lengths.begin(), lengths.end(), std::int64_t{0});
}

PaddedBatch collate(const TokenizedSplit& split, std::span<const std::int32_t> examples, std::int32_t padId,
                    std::int64_t padTo) {
    PaddedBatch batch;
    batch.rows = static_cast<std::int64_t>(examples.size());
    batch.columns = padTo;
    for (const std::int32_t example : examples)
        batch.columns = std::max(batch.columns, split.length(example));
    batch.ids.assign(static_cast<std::size_t>(batch.rows * batch.columns), padId);
    auto out = batch.ids.begin();
    for (const std::int32_t example : examples) {
        const auto row = split.row(example);
        std::copy(row.begin(), row.end(), out);
        out += batch.columns;
        batch.lengths.push_back(split.length(example));
        batch.labels.push_back(split.labels[static_cast<std::size_t>(example)]);
        batch.examples.push_back(example);
    }
    return batch;
}

}  // namespace saeception
