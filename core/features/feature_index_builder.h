// SPDX-License-Identifier: GPL-3.0-or-later
// Builds a feature index in one streaming pass over sparse codes, with memory bounded by features x sentences
// shown and by the sentences' tokens. Torch-free.
#pragma once

#include "base/step_control.h"
#include "features/feature_index.h"
#include "features/firing_sample.h"
#include "features/index_supplement.h"
#include "features/near_misses.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace saeception {

/// One sentence's sparse code. Its tokens from firstToken on are SAE data: row r belongs to token firstToken
/// + r, its active features are columns/values[rowOffsets[r] .. rowOffsets[r + 1]). Tokens before count
/// nowhere.
struct SentenceCode {
    std::int64_t example = 0;
    SplitKind split = SplitKind::Train;
    int label = 0;
    std::span<const float> logits;             ///< of the classifier, [classes]
    std::span<const std::int32_t> tokenIds;    ///< [tokens], at least one
    int firstToken = 0;                        ///< at most tokens - 1
    std::span<const std::int64_t> rowOffsets;  ///< [tokens - firstToken + 1], may begin anywhere
    std::span<const std::int32_t> columns;     ///< active features, distinct within a token
    std::span<const float> values;             ///< their activations, > 0
};

class FeatureIndexBuilder {
public:
    FeatureIndexBuilder(int features, IndexOrigin origin,
                        std::int64_t sampleEntries = FiringSample::defaultEntries);
    ~FeatureIndexBuilder();

    /// Each sentence once, in any order; the file written does not depend on the order, to the last bit.
    /// `nearest`, where it is given, holds the margins of all its tokens; it is changed.
    /// @throws UserError when an activation is not a positive number below 2^40 (the training has diverged).
    void add(const SentenceCode& sentence, NearestTokens* nearest = nullptr);

    /// Rows on which each feature fired so far, [features].
    std::vector<std::int64_t> fires() const;

    /// Writes the index, whole or not at all. `tokenText[id]` is the token's bytes. @throws UserError;
    /// Cancelled
    void save(const std::filesystem::path& file, std::span<const std::string> tokenText,
              const IndexSupplement& supplement = {}, const StepControl& steps = {}) const;

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

}  // namespace saeception
