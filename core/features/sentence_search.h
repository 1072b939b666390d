// SPDX-License-Identifier: GPL-3.0-or-later
// Finds the sentences of an index that hold a text, whatever its case. Torch-free.
#pragma once

#include "features/feature_index.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace saeception {

/// Joins all sentences once, so that a search is one scan over them. Immutable; may be used from several
/// threads.
class SentenceSearch {
public:
    explicit SentenceSearch(const FeatureIndex& index);

    /// For each sentence of the index whether it holds `text` (literally, Unicode letters in any case): 1 or
    /// 0. Every sentence holds the empty text.
    std::vector<std::uint8_t> find(std::string_view text) const;

private:
    std::string m_joined;                 // sentence after sentence, a zero byte after each
    std::vector<std::size_t> m_begins{};  // of each in m_joined, and its end
};

}  // namespace saeception
