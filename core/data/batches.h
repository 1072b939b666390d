// SPDX-License-Identifier: GPL-3.0-or-later
// Tokenized splits and the batches made of them: length-bucketed, seeded, padded only to their own longest
// row.
#pragma once

#include "base/step_control.h"
#include "data/dataset.h"
#include "data/tokenizer.h"

#include <cstdint>
#include <span>
#include <vector>

namespace saeception {

/// All rows of a split end to end: row i is ids[offsets[i] .. offsets[i + 1]). Every row has at least one
/// token.
struct TokenizedSplit {
    std::vector<std::int32_t> ids;
    std::vector<std::int64_t> offsets = {0};
    std::vector<std::int32_t> labels;
    /// Per token, a bit per known concept (concept c = bit c); empty when the data set has no concepts.
    std::vector<std::uint64_t> concepts;

    std::int64_t rows() const { return static_cast<std::int64_t>(labels.size()); }
    std::int64_t tokens() const { return offsets.back(); }
    std::int64_t length(std::int64_t row) const { return offsets[row + 1] - offsets[row]; }
    std::span<const std::int32_t> row(std::int64_t i) const {
        return {ids.data() + offsets[i], static_cast<std::size_t>(length(i))};
    }
};

/// Encodes every example, keeping at most `maxLength` tokens (the first ones). A token carries a concept when
/// their bytes overlap.
TokenizedSplit tokenizeSplit(const Split& split, const Tokenizer& tokenizer, int maxLength,
                             const StepControl& steps = {});

/// Example ids of each batch, in the order in which they are to be visited.
using BatchPlan = std::vector<std::vector<std::int32_t>>;

/// Training order: every example once, batches of similar length, order random but fixed by (seed, epoch)
/// alone. Similar lengths come from sorting within large shuffled pools, so that batches differ from epoch to
/// epoch.
BatchPlan planEpoch(const TokenizedSplit& split, int batchSize, std::uint64_t seed, std::int64_t epoch);

/// Evaluation order: every example once, sorted by length so that padding is least; no randomness.
BatchPlan planByLength(const TokenizedSplit& split, int batchSize);

/// `count` batches (or all) at even distances in `plan`: of a plan sorted by length their mean length is that
/// of the whole.
BatchPlan evenSample(const BatchPlan& plan, std::size_t count);

/// `count` rows (or all) at even distances in `split`, in its order.
TokenizedSplit evenSample(const TokenizedSplit& split, std::int64_t count);

/// Right-padded rows. ids is [rows x columns] row-major; the pad value is never read by the model's result.
struct PaddedBatch {
    std::int64_t rows = 0;
    std::int64_t columns = 0;
    std::vector<std::int64_t> ids;
    std::vector<std::int64_t> lengths;   ///< [rows], real tokens
    std::vector<std::int64_t> labels;    ///< [rows]
    std::vector<std::int64_t> examples;  ///< [rows], example ids
    std::int64_t realTokens() const;
};

/// Gathers `examples`, padded to their longest row, or to `padTo` columns when that is larger.
PaddedBatch collate(const TokenizedSplit& split, std::span<const std::int32_t> examples, std::int32_t padId,
                    std::int64_t padTo = 0);

}  // namespace saeception
