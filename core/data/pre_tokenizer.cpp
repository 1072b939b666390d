// SPDX-License-Identifier: GPL-3.0-or-later
#include "data/pre_tokenizer.h"

#include "base/error.h"
#include "base/files.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <limits>
#include <stdexcept>
#include <string>

namespace saeception {
namespace {

// PCRE2's own \s with Unicode properties also takes U+180E, which lost White_Space in Unicode 6.3; the list
// is exact.
#define WHITE \
    R"(\x{9}-\x{D}\x{20}\x{85}\x{A0}\x{1680}\x{2000}-\x{200A}\x{2028}\x{2029}\x{202F}\x{205F}\x{3000})"
constexpr std::string_view gpt2Pattern = R"('s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^)" WHITE
                                         R"(\p{L}\p{N}]+|[)" WHITE R"(]+(?![^)" WHITE R"(])|[)" WHITE R"(]+)";
#undef WHITE

struct MatchDataDeleter {
    void operator()(pcre2_match_data* data) const { pcre2_match_data_free(data); }
};

}  // namespace

struct PreTokenizer::Pattern {
    pcre2_code* code = nullptr;
    ~Pattern() { pcre2_code_free(code); }
};

PreTokenizer::PreTokenizer() : m_pattern(std::make_unique<Pattern>()) {
    int error = 0;
    PCRE2_SIZE offset = 0;
    m_pattern->code = pcre2_compile(reinterpret_cast<PCRE2_SPTR>(gpt2Pattern.data()), gpt2Pattern.size(),
                                    PCRE2_UTF | PCRE2_UCP | PCRE2_ANCHORED, &error, &offset, nullptr);
    if (m_pattern->code == nullptr)
        throw std::logic_error(
            fmt::format("PCRE2 refuses the tokenizer's pattern (error {} at {})", error, offset));
    // Where the system forbids run-time code, matching falls back on the interpreter: slower, same pieces.
    pcre2_jit_compile(m_pattern->code, PCRE2_JIT_COMPLETE);
}

PreTokenizer::~PreTokenizer() = default;
PreTokenizer::PreTokenizer(PreTokenizer&&) noexcept = default;
PreTokenizer& PreTokenizer::operator=(PreTokenizer&&) noexcept = default;

void PreTokenizer::split(std::string_view text, std::vector<std::uint32_t>& ends) const {
    ends.clear();
    if (text.size() >= std::numeric_limits<std::uint32_t>::max())
        fail("a text of {} bytes is too long to tokenize; split it into sentences", text.size());
    if (const std::size_t bad = findInvalidUtf8(text); bad != std::string_view::npos)
        fail("the text to tokenize is not valid UTF-8 at byte {}; convert it to UTF-8 first", bad + 1);
    const std::unique_ptr<pcre2_match_data, MatchDataDeleter> match(pcre2_match_data_create(1, nullptr));
    if (match == nullptr)
        throw std::bad_alloc();
    const auto* subject = reinterpret_cast<PCRE2_SPTR>(text.data());
    const PCRE2_SIZE* bounds = pcre2_get_ovector_pointer(match.get());
    for (std::size_t position = 0; position < text.size(); position = bounds[1]) {
        const int found = pcre2_match(m_pattern->code, subject, text.size(), position, PCRE2_NO_UTF_CHECK,
                                      match.get(), nullptr);
        // Every character is a letter, a number, white space or something else, so the pattern always
        // matches.
        if (found < 0)
            throw std::runtime_error(
                fmt::format("PCRE2 failed with error {} at byte {}", found, position + 1));
        ends.push_back(static_cast<std::uint32_t>(bounds[1]));
    }
}

}  // namespace saeception
