// SPDX-License-Identifier: GPL-3.0-or-later
#include "features/caseless_pattern.h"

#include "base/error.h"
#include "base/files.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <new>
#include <string>

namespace saeception {
namespace {

struct CodeDeleter {
    void operator()(pcre2_code* code) const { pcre2_code_free(code); }
};
struct MatchDeleter {
    void operator()(pcre2_match_data* data) const { pcre2_match_data_free(data); }
};

}  // namespace

struct CaselessPattern::Compiled {
    std::unique_ptr<pcre2_code, CodeDeleter> code;
};

CaselessPattern::CaselessPattern(std::string_view text, Where where) {
    const std::string wanted = validUtf8(text);
    if (wanted.empty())
        return;
    const std::uint32_t anchors = where == Where::Whole ? PCRE2_ANCHORED | PCRE2_ENDANCHORED : 0U;
    int error = 0;
    PCRE2_SIZE at = 0;
    auto compiled = std::make_unique<Compiled>();
    compiled->code.reset(pcre2_compile(
        reinterpret_cast<PCRE2_SPTR>(wanted.data()), wanted.size(),
        PCRE2_LITERAL | PCRE2_CASELESS | PCRE2_UTF | PCRE2_NO_UTF_CHECK | anchors, &error, &at, nullptr));
    if (compiled->code == nullptr)
        fail("a text of {} bytes is too long to be searched for; shorten it", wanted.size());
    pcre2_jit_compile(compiled->code.get(), PCRE2_JIT_COMPLETE);
    m_compiled = std::move(compiled);
}

CaselessPattern::~CaselessPattern() = default;
CaselessPattern::CaselessPattern(CaselessPattern&&) noexcept = default;
CaselessPattern& CaselessPattern::operator=(CaselessPattern&&) noexcept = default;

std::size_t CaselessPattern::find(std::string_view subject, std::size_t from) const {
    if (m_compiled == nullptr)
        return nowhere;
    const std::unique_ptr<pcre2_match_data, MatchDeleter> match(pcre2_match_data_create(1, nullptr));
    if (match == nullptr)
        throw std::bad_alloc();
    if (pcre2_match(m_compiled->code.get(), reinterpret_cast<PCRE2_SPTR>(subject.data()), subject.size(),
                    from, PCRE2_NO_UTF_CHECK, match.get(), nullptr) < 0)
        return nowhere;
    return pcre2_get_ovector_pointer(match.get())[0];
}

}  // namespace saeception
