// SPDX-License-Identifier: GPL-3.0-or-later
#include "config/overrides.h"

#include "base/error.h"
#include "base/files.h"
#include "config/scalars.h"

#include <algorithm>
#include <string_view>

namespace saeception {
namespace {

using Json = nlohmann::ordered_json;

// Recursive descent over one value; every error names the whole override.
class ValueParser {
public:
    ValueParser(const Override& override, std::size_t start)
        : m_override(override), m_text(override.text), m_at(start) {}

    Json parse() {
        skipSpace();
        if (m_at == m_text.size())
            return "";
        Json value = element(false);
        skipSpace();
        if (m_at < m_text.size() && m_text[m_at] == ',')
            fail("ambiguous value in '{}': for a list write {}=[{}], for a text quote it: {}=\"'{}'\"",
                 m_text, m_override.key, rawValue(), m_override.key, rawValue());
        if (m_at < m_text.size())
            unexpected();
        return value;
    }

private:
    Json element(bool isKey) {
        if (++m_depth > 64)
            fail("override '{}': lists and dictionaries are nested too deeply", m_text);
        Json value;
        const char c = peek();
        if (c == '\'' || c == '"')
            value = quoted(c);
        else if (c == '[' && !isKey)
            value = list();
        else if (c == '{' && !isKey)
            value = dictionary();
        else
            value = unquoted(isKey);
        --m_depth;
        return value;
    }

    Json list() {
        Json items = Json::array();
        ++m_at;
        skipSpace();
        while (peek() != ']') {
            items.push_back(nonEmpty(element(false)));
            skipSpace();
            if (!separator(']'))
                break;
        }
        ++m_at;
        return items;
    }

    Json dictionary() {
        Json map = Json::object();
        ++m_at;
        skipSpace();
        while (peek() != '}') {
            const Json key = element(true);
            const std::string name = key.is_string() ? key.get<std::string>() : key.dump();
            skipSpace();
            if (name.empty() || peek() != ':')
                fail("override '{}': a dictionary is written {{key: value, ...}}", m_text);
            ++m_at;
            skipSpace();
            if (map.contains(name))
                fail("override '{}': the key '{}' stands twice", m_text, name);
            map[name] = nonEmpty(element(false));
            skipSpace();
            if (!separator('}'))
                break;
        }
        ++m_at;
        return map;
    }

    // After an item: true if another follows, false at `end`.
    bool separator(char end) {
        if (peek() == end)
            return false;
        if (peek() != ',')
            fail("override '{}': '{}' is missing", m_text, end);
        ++m_at;
        skipSpace();
        return true;
    }

    Json quoted(char quote) {
        std::string value;
        for (++m_at; m_at < m_text.size(); ++m_at) {
            if (m_text[m_at] == quote) {
                ++m_at;
                return value;
            }
            // A backslash is itself unless it guards a quote or the backslashes before one.
            if (m_text[m_at] == '\\') {
                std::size_t end = m_at;
                while (end < m_text.size() && m_text[end] == '\\')
                    ++end;
                const std::size_t count = end - m_at;
                const bool guards = end < m_text.size() && m_text[end] == quote;
                value.append(guards ? count / 2 : count, '\\');
                m_at = end - 1;
                if (guards && count % 2 == 1) {
                    value += quote;
                    ++m_at;
                }
                continue;
            }
            value += m_text[m_at];
        }
        fail("override '{}': the quote {} is not closed", m_text, quote);
    }

    Json unquoted(bool isKey) {
        std::string word;
        bool typed = true;  // escapes and interpolations make a text
        std::size_t kept = 0;
        while (m_at < m_text.size()) {
            const char c = m_text[m_at];
            if (c == '\\' && m_at + 1 < m_text.size() &&
                std::string_view("\\()[]{}:=, \t").find(m_text[m_at + 1]) != std::string_view::npos) {
                word += m_text[m_at + 1];
                m_at += 2;
                typed = false;
                kept = word.size();
                continue;
            }
            if (c == '$' && m_at + 1 < m_text.size() && m_text[m_at + 1] == '{') {
                const std::size_t start = m_at;
                skipInterpolation();
                word += m_text.substr(start, m_at - start);
                typed = false;
                kept = word.size();
                continue;
            }
            if (c == ',' || c == ']' || c == '}' || (isKey && c == ':'))
                break;
            if (c == '(')
                failCall(word);
            if (c == ')' || c == '[' || c == '{')
                unexpected();
            word += c;
            ++m_at;
            if (c != ' ' && c != '\t')
                kept = word.size();
        }
        word.resize(kept);
        return typed && !isKey ? overrideScalar(word) : Json(word);
    }

    [[noreturn]] void failCall(const std::string& word) {
        static constexpr std::string_view functions[] = {"choice",  "range", "interval",    "glob", "sort",
                                                         "shuffle", "tag",   "extend_list", "int",  "float",
                                                         "str",     "bool",  "json_str"};
        if (std::find(std::begin(functions), std::end(functions), word) != std::end(functions))
            fail("override '{}': the function {}(...) and sweeps are not available; give one value", m_text,
                 word);
        unexpected();
    }

    void skipInterpolation() {
        int depth = 0;
        const std::size_t start = m_at;
        for (; m_at < m_text.size(); ++m_at) {
            if (m_text[m_at] == '{')
                ++depth;
            if (m_text[m_at] == '}' && --depth == 0) {
                ++m_at;
                return;
            }
        }
        fail("override '{}': the interpolation {} is not closed with }}", m_text, m_text.substr(start));
    }

    Json nonEmpty(Json value) {
        if (value.is_string() && value.get_ref<const std::string&>().empty() && m_text[m_at - 1] != '\'' &&
            m_text[m_at - 1] != '"')
            fail("override '{}': an item is empty; write '' for an empty text", m_text);
        return value;
    }

    [[noreturn]] void unexpected() const {
        fail("override '{}': unexpected '{}'; put the value in quotes: {}=\"'{}'\"", m_text, m_text[m_at],
             m_override.key, rawValue());
    }

    std::string rawValue() const { return m_text.substr(m_text.find('=') + 1); }
    char peek() const { return m_at < m_text.size() ? m_text[m_at] : '\0'; }
    void skipSpace() {
        while (peek() == ' ' || peek() == '\t')
            ++m_at;
    }

    const Override& m_override;
    const std::string& m_text;
    std::size_t m_at;
    int m_depth = 0;
};

bool isKey(std::string_view key) {
    const auto good = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
               c == '-' || c == '.' || c == '/' || c == '$';
    };
    return !key.empty() && std::all_of(key.begin(), key.end(), good) && key.front() != '.' &&
           key.back() != '.' && key.front() != '/' && key.back() != '/' &&
           key.find("..") == std::string_view::npos && key.find("//") == std::string_view::npos;
}

}  // namespace

Override parseOverride(const std::string& text) {
    if (findInvalidUtf8(text) != std::string::npos)
        fail("an override is not valid UTF-8");
    if (std::any_of(text.begin(), text.end(), [](char c) { return c == '\n' || c == '\r' || c == '\0'; }))
        fail("override '{}' spans several lines; put it on one", oneLine(text));
    Override result;
    result.text = text;
    std::size_t start = 0;
    if (text.starts_with("++")) {
        result.kind = OverrideKind::ForceAdd;
        start = 2;
    } else if (text.starts_with("+")) {
        result.kind = OverrideKind::Add;
        start = 1;
    } else if (text.starts_with("~")) {
        result.kind = OverrideKind::Delete;
        start = 1;
    }
    const std::size_t equals = text.find('=', start);
    result.key = text.substr(start, equals == std::string::npos ? std::string::npos : equals - start);
    result.hasValue = equals != std::string::npos;
    if (result.key.find('@') != std::string::npos)
        fail("override '{}': packages (group@package) are not available; write {}=...", text,
             result.key.substr(0, result.key.find('@')));
    if (!isKey(result.key))
        fail("override '{}': '{}' is not a key; write key=value, for example sae.k=25", text, result.key);
    if (!result.hasValue) {
        if (result.kind != OverrideKind::Delete)
            fail("override '{}': a value is missing; write {}=value", text, text);
        return result;
    }
    result.value = ValueParser(result, equals + 1).parse();
    return result;
}

}  // namespace saeception
