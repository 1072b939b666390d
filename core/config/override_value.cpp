// SPDX-License-Identifier: GPL-3.0-or-later
#include "config/override_value.h"

#include "base/error.h"
#include "config/scalars.h"

#include <algorithm>
#include <cmath>
#include <string_view>

namespace saeception {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view escapable = "\\()[]{}:=, \t";

// Recursive descent over one value; every error names the whole override.
class ValueParser {
public:
    ValueParser(const std::string& text, std::size_t start, const std::string& key)
        : m_text(text), m_start(start), m_at(start), m_key(key) {}

    Operand parse() {
        skipSpace();
        if (m_at == m_text.size())
            return Json("");
        Operand value = element(false);
        skipSpace();
        if (peek() == ',')
            return simpleChoice(std::move(value));
        if (m_at < m_text.size())
            unexpected();
        return value;
    }

private:
    // a,b,...: each a plain value.
    Operand simpleChoice(Operand first) {
        Choice choice;
        choice.simple = true;
        choice.values.push_back(nonEmpty(plain(std::move(first))));
        while (peek() == ',') {
            ++m_at;
            skipSpace();
            choice.values.push_back(nonEmpty(plain(element(false))));
            skipSpace();
        }
        if (m_at < m_text.size())
            unexpected();
        return choice;
    }

    Operand element(bool isKey) {
        if (++m_depth > 64)
            fail("override '{}': lists and dictionaries are nested too deeply", m_text);
        Operand value;
        const char c = peek();
        if ((c == '\'' || c == '"') && !isKey)
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

    Json plain(Operand operand) const {
        if (auto* value = std::get_if<Json>(&operand))
            return std::move(*value);
        fail("override '{}': a sweep must be the whole value, not a part of it", m_text);
    }

    Json list() {
        Json items = Json::array();
        ++m_at;
        skipSpace();
        while (peek() != ']') {
            items.push_back(nonEmpty(plain(element(false))));
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
            const char quote = peek();
            const bool isQuoted = quote == '\'' || quote == '"';
            const std::string name =
                isQuoted ? quoted(quote) : std::get<Json>(element(true)).get<std::string>();
            skipSpace();
            if (name.empty() || peek() != ':')
                fail("override '{}': a dictionary is written {{key: value, ...}}", m_text);
            ++m_at;
            skipSpace();
            if (map.contains(name))
                fail("override '{}': the key '{}' stands twice", m_text, name);
            map[name] = nonEmpty(plain(element(false)));
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

    Operand call(const std::string& name) {
        requireFunction(name, m_text);
        ++m_at;
        ++m_calls;
        std::vector<Argument> arguments;
        skipSpace();
        while (peek() != ')') {
            Argument argument;
            argument.name = argumentName();
            argument.value = element(false);
            if (auto* value = std::get_if<Json>(&argument.value))
                nonEmpty(*value);
            arguments.push_back(std::move(argument));
            skipSpace();
            if (!separator(')'))
                break;
        }
        ++m_at;
        --m_calls;
        return callFunction(name, arguments, m_text);
    }

    // "stop=" of range(1,stop=3); empty where no name stands.
    std::string argumentName() {
        const std::size_t equals = m_text.find('=', m_at);
        if (equals == std::string::npos || !isIdentifier(m_text.substr(m_at, equals - m_at)))
            return {};
        const std::string name = m_text.substr(m_at, equals - m_at);
        m_at = equals + 1;
        skipSpace();
        return name;
    }

    std::string quoted(char quote) {
        std::string value;
        for (++m_at; m_at < m_text.size(); ++m_at) {
            if (m_text[m_at] == quote) {
                ++m_at;
                m_quoteEnd = m_at;
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

    Operand unquoted(bool isKey) {
        std::string word;
        bool typed = true;  // escapes and interpolations make a text
        std::size_t kept = 0;
        while (m_at < m_text.size()) {
            const char c = m_text[m_at];
            if (c == '\\' && m_at + 1 < m_text.size() &&
                escapable.find(m_text[m_at + 1]) != std::string::npos) {
                word += m_text[m_at + 1];
                m_at += 2;
                typed = false;
                kept = word.size();
                continue;
            }
            if (c == '$' && m_at + 1 < m_text.size() && m_text[m_at + 1] == '{' && !isKey) {
                const std::size_t start = m_at;
                skipInterpolation();
                word += m_text.substr(start, m_at - start);
                typed = false;
                kept = word.size();
                continue;
            }
            if (c == ',' || c == ']' || c == '}' || (isKey && c == ':') || (m_calls > 0 && c == ')'))
                break;
            if (c == '(' && typed && !isKey && isIdentifier(word))
                return call(word);
            if (c == '(' || c == ')' || c == '[' || c == '{')
                unexpected();
            word += c;
            ++m_at;
            if (c != ' ' && c != '\t')
                kept = word.size();
        }
        word.resize(kept);
        return typed && !isKey ? overrideScalar(word) : Json(word);
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

    Json nonEmpty(Json value) const {
        if (value.is_string() && value.get_ref<const std::string&>().empty() && m_quoteEnd != m_at)
            fail("override '{}': an item is empty; write '' for an empty text", m_text);
        return value;
    }

    [[noreturn]] void unexpected() const {
        fail("override '{}': unexpected '{}'; put the value in quotes: {}=\"'{}'\"", m_text, m_text[m_at],
             m_key, m_text.substr(m_start));
    }

    char peek() const { return m_at < m_text.size() ? m_text[m_at] : '\0'; }
    void skipSpace() {
        const bool afterQuote = m_quoteEnd == m_at;
        while (peek() == ' ' || peek() == '\t')
            ++m_at;
        if (afterQuote)
            m_quoteEnd = m_at;
    }

    const std::string& m_text;
    const std::size_t m_start;
    std::size_t m_at;
    const std::string& m_key;
    std::size_t m_quoteEnd = std::string::npos;  // where a quoted text, and the space after it, ended last
    int m_depth = 0;
    int m_calls = 0;
};

// Whether the bare word reads back as this very text.
bool isPlainWord(const std::string& text) {
    if (text.empty() || text.front() == ' ' || text.back() == ' ' || text.find("${") != std::string::npos)
        return false;
    const auto special = [](char c) {
        return std::string_view("\\()[]{}:=,'\"\t$~").find(c) != std::string_view::npos ||
               static_cast<unsigned char>(c) < 0x20;
    };
    return std::none_of(text.begin(), text.end(), special) && overrideScalar(text).is_string();
}

std::string quotedText(const std::string& text) {
    std::string result = "'";
    for (std::size_t i = 0; i < text.size();) {
        const std::size_t end = std::min(text.find_first_not_of('\\', i), text.size());
        const std::size_t count = end - i;
        // Backslashes count only before a quote, the closing one included.
        const bool beforeQuote = end == text.size() || text[end] == '\'';
        result.append(beforeQuote ? 2 * count : count, '\\');
        if (end < text.size()) {
            if (text[end] == '\'')
                result += '\\';
            result += text[end];
        }
        i = end + 1;
    }
    return result + "'";
}

}  // namespace

Operand parseOverrideValue(const std::string& text, std::size_t start, const std::string& key) {
    return ValueParser(text, start, key).parse();
}

std::string overrideValueText(const Json& value) {
    if (value.is_string()) {
        const std::string text = value.get<std::string>();
        return isPlainWord(text) ? text : quotedText(text);
    }
    if (value.is_number_float()) {
        const double number = value.get<double>();
        if (std::isnan(number))
            return "nan";
        return std::isinf(number) ? (number < 0 ? "-inf" : "inf") : floatText(number);
    }
    if (!value.is_structured())
        return value.dump();
    std::string items;
    for (const auto& [name, item] : value.items()) {
        items += items.empty() ? "" : ",";
        if (value.is_object())
            items += (isPlainWord(name) ? name : quotedText(name)) + ":";
        items += overrideValueText(item);
    }
    return value.is_array() ? "[" + items + "]" : "{" + items + "}";
}

}  // namespace saeception
