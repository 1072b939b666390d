// SPDX-License-Identifier: GPL-3.0-or-later
#include "data/json_lines.h"

#include "base/error.h"
#include "data/text_file.h"

namespace saeception {

std::string JsonLines::where() const {
    return fmt::format("{}:{}", m_origin, m_line);
}

nlohmann::json JsonLines::parse(std::string_view line) {
    ++m_line;
    if (line.find_first_not_of(" \t\r") == std::string_view::npos)
        return nullptr;
    nlohmann::json value;
    try {
        value = nlohmann::json::parse(line.begin(), line.end());
    } catch (const nlohmann::json::parse_error& error) {
        fail("{}: not valid JSON at byte {} of the line ('{}'); write one JSON object on each line", where(),
             error.byte, excerpt(line));
    } catch (const nlohmann::json::exception&) {  // a number beyond a double's range
        fail("{}: not valid JSON ('{}'): a number in it is too large; correct the line", where(),
             excerpt(line));
    }
    if (!value.is_object())
        fail("{}: '{}' is no JSON object; write one like {{\"text\": ...}} on each line", where(),
             excerpt(line));
    return value;
}

}  // namespace saeception
