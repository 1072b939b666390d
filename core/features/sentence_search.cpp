// SPDX-License-Identifier: GPL-3.0-or-later
#include "features/sentence_search.h"

#include "base/files.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <algorithm>
#include <memory>
#include <stdexcept>

namespace saeception {
namespace {

struct CodeDeleter {
    void operator()(pcre2_code* code) const { pcre2_code_free(code); }
};
struct MatchDeleter {
    void operator()(pcre2_match_data* data) const { pcre2_match_data_free(data); }
};

}  // namespace

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
    const std::string wanted = validUtf8(text.substr(0, text.find('\0')));
    if (wanted.empty() || sentences == 0)
        return found;
    int error = 0;
    PCRE2_SIZE where = 0;
    const std::unique_ptr<pcre2_code, CodeDeleter> pattern(pcre2_compile(
        reinterpret_cast<PCRE2_SPTR>(wanted.data()), wanted.size(),
        PCRE2_LITERAL | PCRE2_CASELESS | PCRE2_UTF | PCRE2_NO_UTF_CHECK, &error, &where, nullptr));
    if (pattern == nullptr)
        throw std::runtime_error("a text cannot be searched for");
    pcre2_jit_compile(pattern.get(), PCRE2_JIT_COMPLETE);
    const std::unique_ptr<pcre2_match_data, MatchDeleter> match(pcre2_match_data_create(1, nullptr));
    if (match == nullptr)
        throw std::bad_alloc();
    const auto* subject = reinterpret_cast<PCRE2_SPTR>(m_joined.data());
    const PCRE2_SIZE* bounds = pcre2_get_ovector_pointer(match.get());
    std::size_t from = 0;
    while (from < m_joined.size() && pcre2_match(pattern.get(), subject, m_joined.size(), from,
                                                 PCRE2_NO_UTF_CHECK, match.get(), nullptr) >= 0) {
        const auto next = std::upper_bound(m_begins.begin(), m_begins.end(), bounds[0]);
        found[static_cast<std::size_t>(next - m_begins.begin()) - 1] = 1;
        from = *next;
    }
    return found;
}

}  // namespace saeception
