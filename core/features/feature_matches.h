// SPDX-License-Identifier: GPL-3.0-or-later
// What became of the features of one cycle in the next. Torch-free.
#pragma once

#include "features/feature_index.h"

#include <array>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace saeception {

/// What became of a feature, or where it came from.
enum class Fate : std::uint8_t {
    Silent,   ///< never fires in its own cycle
    Kept,     ///< one feature of the other cycle is the same
    Drifted,  ///< one feature of the other cycle is like it
    SplitUp,  ///< it became several; of a later feature: it is one of several that one became
    Merged,   ///< it became one with others; of a later feature: several became it
    Gone      ///< it died; of a later feature: it was born
};
inline constexpr int fateCount = 6;

/// A feature of the other cycle.
struct Counterpart {
    std::int32_t feature = -1;
    float cosine = 0;        ///< of the decoder directions
    float coactivation = 0;  ///< cosine of the activations over the tokens of both samples
    float score() const { return (std::max(0.0F, cosine) + coactivation) / 2; }
};

/// A pair of features counts as the same from this score on, and as alike from the other. (Of two equal
/// halves each has a score of 0.71 with the whole.)
inline constexpr float keptScore = 0.75F;
inline constexpr float driftedScore = 0.35F;
/// A part of a feature that splits fires on the whole's tokens in this share of its own, and on this share of
/// the whole's; the same of the parts that merge.
inline constexpr double insideShare = 0.5;
inline constexpr double partShare = 0.1;

/// One side's features, [features].
struct MatchedSide {
    std::string model;  ///< this and the next two as IndexOrigin
    std::string sae;
    std::string data;
    std::vector<Fate> fates;
    /// Into `counterparts`, [features + 1]: one for features that were kept or drifted and for the parts of a
    /// split or merger, several for the whole, the best first.
    std::vector<std::int64_t> offsets{0};
    std::vector<Counterpart> counterparts;

    Fate fate(int feature) const { return fates[static_cast<std::size_t>(feature)]; }
    /// Empty for features that are silent or gone, never for others.
    std::span<const Counterpart> of(int feature) const;
    std::array<int, fateCount> counts() const;  ///< by Fate
};

struct FeatureMatches {
    int cycle = 0;       ///< of the later side
    MatchedSide before;  ///< features of cycle - 1
    MatchedSide after;   ///< features of cycle

    /// Writes the file, whole or not at all. @throws UserError
    void save(const std::filesystem::path& file) const;
    /// @throws UnusableIndex naming the file when it is damaged or of another version.
    static FeatureMatches open(const std::filesystem::path& file);
};

}  // namespace saeception
