// SPDX-License-Identifier: GPL-3.0-or-later
// Builds a feature index in one streaming pass over sparse codes, with memory bounded by features x top
// sentences.
#pragma once

#include "features/feature_index.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace saeception {

/// One sentence's sparse code: token t's active features are columns/values[rowOffsets[t] .. rowOffsets[t +
/// 1]). A token with `inSaeData[t] == false` has no row (its range is empty and it counts nowhere).
struct SentenceCode {
    std::int64_t example = 0;
    SplitKind split = SplitKind::Train;
    int label = 0;
    int prediction = 0;
    std::span<const std::int32_t> tokenIds;    ///< [tokens]
    std::span<const std::uint8_t> inSaeData;   ///< [tokens], 0 or 1
    std::span<const std::int64_t> rowOffsets;  ///< [tokens + 1]
    std::span<const std::int32_t> columns;     ///< active features, distinct within a token
    std::span<const float> values;             ///< their activations, > 0
};

class FeatureIndexBuilder {
public:
    FeatureIndexBuilder(int cycle, int features, std::vector<std::string> classNames);
    ~FeatureIndexBuilder();

    /// Each sentence once, in any order; the file written does not depend on the order, to the last bit.
    /// @throws UserError when an activation is not a positive number below 2^40 (the training has diverged).
    void add(const SentenceCode& sentence);

    /// Writes the index, whole or not at all. `tokenText[id]` is the token's bytes.
    void save(const std::filesystem::path& file, std::span<const std::string> tokenText) const;

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

}  // namespace saeception
