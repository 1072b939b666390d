// SPDX-License-Identifier: GPL-3.0-or-later
// What a feature index tells beside what one pass over the sentences counts: effects, geometry and concepts.
// Torch-free.
#pragma once

#include "features/feature_index.h"

#include <cstdint>
#include <vector>

namespace saeception {

/// The vocabulary tokens whose logits each direction changes most, row-major.
struct VocabularyEffects {
    std::int64_t kept = 0;                   ///< tokens a direction, of either kind
    std::vector<std::int32_t> topTokens;     ///< raised most, the largest first, [n x kept]
    std::vector<float> topLogits;            ///< the same
    std::vector<std::int32_t> bottomTokens;  ///< lowered most, the lowest first
    std::vector<float> bottomLogits;
};

/// How often each feature fires on the tokens of each known concept, over the validation rows.
struct ConceptCounts {
    std::vector<std::int64_t> rows;       ///< [concepts], rows that carry it
    std::vector<std::int64_t> fires;      ///< [features]
    std::vector<std::uint32_t> together;  ///< [features x concepts]
    std::vector<ConceptMatch> best;       ///< [concepts]
};

/// Each part may be left empty: the index then says that it is not known.
struct IndexSupplement {
    std::vector<float> classEffect;  ///< [features x classes]
    VocabularyEffects vocabulary;
    std::vector<std::vector<NeighbourFeature>> neighbours;  ///< [features], up to neighbourCount each
    std::vector<float> positions;                           ///< [features x 2]
    ConceptCounts concepts;
};

}  // namespace saeception
