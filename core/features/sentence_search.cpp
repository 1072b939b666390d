// SPDX-License-Identifier: GPL-3.0-or-later
#include "features/sentence_search.h"

#include "features/caseless_pattern.h"

#include <algorithm>

namespace saeception {

SentenceSearch::SentenceSearch(const FeatureIndex& index) {
    for (int s = 0; s < index.sentenceCount(); ++s) {
        m_begins.push_back(m_joined.size());
        m_joined += index.sentenceText(s);
        m_joined += '\0';
    }
    m_begins.push_back(m_joined.size());
}

std::vector<std::uint8_t> SentenceSearch::find(std::string_view text) const {
    const std::size_t sentences = m_begins.size() - 1;
    std::vector<std::uint8_t> found(sentences, text.empty() ? 1 : 0);
    const CaselessPattern pattern(text.substr(0, text.find('\0')));
    for (std::size_t from = 0; from < m_joined.size();) {
        const std::size_t at = pattern.find(m_joined, from);
        if (at == CaselessPattern::nowhere)
            break;
        const auto next = std::upper_bound(m_begins.begin(), m_begins.end(), at);
        found[static_cast<std::size_t>(next - m_begins.begin()) - 1] = 1;
        from = *next;
    }
    return found;
}

}  // namespace saeception
