// SPDX-License-Identifier: GPL-3.0-or-later
// JSON Lines one line at a time, for data files and for the tokenize command alike.
#pragma once

#include <nlohmann/json.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace saeception {

/// Parses successive lines and counts them.
class JsonLines {
public:
    /// `origin` is the file, or what to call the stream, in error lines.
    explicit JsonLines(std::string origin) : m_origin(std::move(origin)) {}

    /// The object on the next line, `line` without its line feed; null for a blank one.
    /// @throws UserError naming the origin and line if it is not valid JSON or no object.
    nlohmann::json parse(std::string_view line);

    std::int64_t line() const { return m_line; }  ///< of the last parse, from 1
    std::string where() const;                    ///< "origin:line"

private:
    std::string m_origin;
    std::int64_t m_line = 0;
};

}  // namespace saeception
