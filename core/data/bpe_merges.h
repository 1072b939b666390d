// SPDX-License-Identifier: GPL-3.0-or-later
// Applies byte-pair merges to one piece of text, lowest rank first.
#pragma once

#include "data/bpe_model.h"

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

namespace saeception {

/// Immutable; all members may be called from several threads at once.
class BpeMerges {
public:
    explicit BpeMerges(const BpeModel& model);

    /// Appends to `ids` the tokens of `piece` (one pre-token, not empty): from single bytes, the pair of
    /// lowest rank is merged, the leftmost first, until no neighbouring pair has a merge (Sennrich et al.
    /// 2016). O(n^2) with a tiny constant up to 64 bytes, O(n log n) beyond.
    void encode(std::string_view piece, std::vector<std::int32_t>& ids) const;

private:
    struct Entry {
        std::uint64_t key = ~std::uint64_t{0};
        std::int32_t rank = -1;
        std::int32_t product = -1;
    };
    static constexpr std::int32_t noRank = INT32_MAX;

    static std::uint64_t pairKey(std::int32_t left, std::int32_t right) {
        return (static_cast<std::uint64_t>(static_cast<std::uint32_t>(left)) << 32) |
               static_cast<std::uint32_t>(right);
    }
    std::size_t home(std::uint64_t key) const {
        return static_cast<std::size_t>((key * 0x9E3779B97F4A7C15ULL) >> m_shift);
    }
    const Entry& find(std::int32_t left, std::int32_t right) const;
    void encodeLong(std::string_view piece, std::vector<std::int32_t>& ids) const;

    std::array<std::int32_t, 256> m_byteIds{};
    std::vector<Entry> m_table;  ///< open addressing, at most half full
    std::size_t m_mask = 0;
    int m_shift = 0;
    Entry m_none{~std::uint64_t{0}, noRank, -1};
};

}  // namespace saeception
