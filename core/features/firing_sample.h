// SPDX-License-Identifier: GPL-3.0-or-later
// The codes of as many sentences as fit a fixed room: on them it is counted which features fire together, in
// one cycle and across cycles. Torch-free.
#pragma once

#include "features/sentence_lists.h"
#include "sae/sparse_code.h"

#include <cstdint>
#include <vector>

namespace saeception {

/// Holds the sentences for which shuffleOf() lies below 2^64 / 2^j, with the least j for which their codes
/// have no more than `mostEntries` active features in all: the samples of two cycles are nested.
class FiringSample {
public:
    static constexpr std::int64_t defaultEntries = std::int64_t(1) << 22;
    explicit FiringSample(std::int64_t features, std::int64_t mostEntries = defaultEntries)
        : m_features(features), m_most(mostEntries) {}

    /// Whether add() would keep the sentence, if only for now.
    bool wants(SentenceKey sentence) const { return fits(shuffleOf(sentence)); }
    /// The rows of one sentence that are SAE data, as a code of their own.
    void add(SentenceKey sentence, SparseCode code);

    std::int64_t entries() const { return m_entries; }

    struct Sentences {
        std::vector<SentenceKey> keys;      ///< ascending
        std::vector<std::int64_t> offsets;  ///< rows of sentence s: [offsets[s], offsets[s + 1])
        SparseCode code;                    ///< all their rows
    };
    Sentences sorted() const;

private:
    struct Kept {
        SentenceKey key = 0;
        std::uint64_t shuffle = 0;
        SparseCode code;
    };
    bool fits(std::uint64_t shuffle) const { return m_halvings == 0 || shuffle >> (64 - m_halvings) == 0; }

    std::int64_t m_features;
    std::int64_t m_most;
    std::int64_t m_entries = 0;
    int m_halvings = 0;
    std::vector<Kept> m_kept;
};

}  // namespace saeception
