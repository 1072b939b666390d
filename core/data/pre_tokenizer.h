// SPDX-License-Identifier: GPL-3.0-or-later
// GPT-2's pre-tokenisation: the pieces of a text within which byte pairs may merge.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

namespace saeception {

/// Immutable; split() may be called from several threads at once.
class PreTokenizer {
public:
    PreTokenizer();
    ~PreTokenizer();
    PreTokenizer(PreTokenizer&&) noexcept;
    PreTokenizer& operator=(PreTokenizer&&) noexcept;

    /// Sets `ends` to one past the last byte of each piece; the pieces cover `text` without gaps.
    /// @throws UserError if `text` is not valid UTF-8, naming the byte, or is 4 GiB or longer.
    void split(std::string_view text, std::vector<std::uint32_t>& ends) const;

private:
    struct Pattern;
    std::unique_ptr<Pattern> m_pattern;
};

}  // namespace saeception
