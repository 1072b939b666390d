// SPDX-License-Identifier: GPL-3.0-or-later
// A text that is looked for whatever its case, by Unicode's rules. Torch-free.
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>

namespace saeception {

/// Immutable; may be used from several threads.
class CaselessPattern {
public:
    enum class Where {
        Anywhere,
        Whole  ///< all of what is searched
    };
    /// What of `text` is no UTF-8 counts as U+FFFD. An empty one is found nowhere. @throws UserError for one
    /// of tens of thousands of bytes
    explicit CaselessPattern(std::string_view text, Where where = Where::Anywhere);
    ~CaselessPattern();
    CaselessPattern(CaselessPattern&&) noexcept;
    CaselessPattern& operator=(CaselessPattern&&) noexcept;

    static constexpr std::size_t nowhere = std::string_view::npos;
    /// Where in `subject`, which must be UTF-8, it begins first from byte `from` on.
    std::size_t find(std::string_view subject, std::size_t from = 0) const;
    bool isIn(std::string_view subject) const { return find(subject) != nowhere; }

private:
    struct Compiled;
    std::unique_ptr<const Compiled> m_compiled;
};

}  // namespace saeception
