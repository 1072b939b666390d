// SPDX-License-Identifier: GPL-3.0-or-later
#include "config/interpolation.h"

#include "base/error.h"
#include "config/nearest.h"
#include "config/schema.h"
#include "config/tree.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <string_view>
#include <vector>

namespace saeception {
namespace {

using Json = nlohmann::ordered_json;

void collectKeys(const Json& node, const std::string& prefix, std::vector<std::string>& keys) {
    for (const auto& [name, value] : node.items()) {
        const std::string key = prefix.empty() ? name : prefix + "." + name;
        keys.push_back(key);
        if (value.is_object())
            collectKeys(value, key, keys);
    }
}

std::string trimmed(const std::string& text) {
    const std::size_t first = text.find_first_not_of(" \t");
    return first == std::string::npos ? std::string()
                                      : text.substr(first, text.find_last_not_of(" \t") + 1 - first);
}

// Position of `mark` outside inner braces, or npos.
std::size_t outerPosition(const std::string& text, char mark, std::size_t from = 0) {
    int depth = 0;
    for (std::size_t at = from; at < text.size(); ++at) {
        if (text[at] == '{')
            ++depth;
        else if (text[at] == '}')
            --depth;
        else if (text[at] == mark && depth == 0)
            return at;
    }
    return std::string::npos;
}

// Far beyond any configuration; texts that repeat each other grow exponentially.
constexpr std::size_t longestText = std::size_t{1} << 20, mostBytes = std::size_t{64} << 20;
// Stands for the time that a look-up takes.
constexpr std::size_t bytesPerLookup = 1024;

class Resolver {
public:
    Resolver(const Json& root, std::time_t now) : m_root(root), m_now(now) {}

    /// `key` is the dotted place of `node`, for relative interpolations and messages.
    Json resolve(const Json& node, const std::string& key) {
        spend(sizeof(Json) + key.size() + (node.is_string() ? node.get_ref<const std::string&>().size() : 0),
              key);
        if (node.is_string())
            return resolveString(node.get<std::string>(), key);
        Json result = node;
        if (node.is_object())
            for (const auto& [name, value] : node.items())
                result[name] = resolve(value, key.empty() ? name : key + "." + name);
        else if (node.is_array())
            for (std::size_t i = 0; i < node.size(); ++i)
                result[i] = resolve(node[i], key + "." + std::to_string(i));
        return result;
    }

private:
    // Counts what is built and looked up.
    void spend(std::size_t bytes, const std::string& key) {
        m_spent += bytes;
        if (m_spent > mostBytes)
            failTooLarge(key);
    }
    [[noreturn]] static void failTooLarge(const std::string& key) {
        fail("{}: its interpolations grow beyond all bounds; let fewer of them repeat others", key);
    }

    Json resolveString(const std::string& text, const std::string& key) {
        if (text == "???")
            fail("Missing mandatory value: {}; give one with {}=VALUE", key, key);
        std::string result;
        for (std::size_t at = 0; at < text.size();) {
            const std::size_t slashes = std::min(text.find_first_not_of('\\', at), text.size()) - at;
            if (text.compare(at + slashes, 2, "${") != 0) {
                result.append(text, at, std::max<std::size_t>(slashes, 1));
                at += std::max<std::size_t>(slashes, 1);
                continue;
            }
            // Backslashes before ${ stand for half their number; an odd one makes it a literal.
            result.append(slashes / 2, '\\');
            at += slashes;
            if (slashes % 2 == 1) {
                result += "${";
                at += 2;
                continue;
            }
            const std::size_t end = closingBrace(text, at, key);
            const Json value = evaluate(text.substr(at + 2, end - at - 2), key);
            if (at == 0 && end + 1 == text.size())
                return value;
            if (value.is_structured())
                fail("{}: {} is a group of values and cannot stand inside a text", key,
                     text.substr(at, end + 1 - at));
            result += value.is_null() ? "null" : valueText(value);
            if (result.size() > longestText)
                failTooLarge(key);
            at = end + 1;
        }
        return result;
    }

    static std::size_t closingBrace(const std::string& text, std::size_t start, const std::string& key) {
        int depth = 0;
        for (std::size_t at = start; at < text.size(); ++at) {
            if (text[at] == '{')
                ++depth;
            if (text[at] == '}' && --depth == 0)
                return at;
        }
        fail("{}: the interpolation {} is not closed with }}", key, text.substr(start));
    }

    Json evaluate(const std::string& raw, const std::string& key) {
        if (++m_depth > 64)
            fail("{}: interpolations are nested too deeply", key);
        spend(bytesPerLookup + raw.size(), key);
        const std::size_t colon = outerPosition(raw, ':');
        Json value;
        if (colon != std::string::npos)
            value = callResolver(trimmed(raw.substr(0, colon)), raw.substr(colon + 1), key);
        else
            value = lookUp(innerText(trimmed(raw), key), key);
        --m_depth;
        return value;
    }

    // Inner interpolations first: ${a.${b}}.
    std::string innerText(const std::string& raw, const std::string& key) {
        if (raw.find("${") == std::string::npos)
            return raw;
        const Json inner = resolveString(raw, key);
        return inner.is_string() ? inner.get<std::string>() : inner.is_null() ? "null" : valueText(inner);
    }

    // One argument of a resolver: quoted texts lose their quotes.
    std::string argumentText(const std::string& raw, const std::string& key) {
        const std::string text = trimmed(raw);
        if (text.size() >= 2 && (text.front() == '\'' || text.front() == '"') && text.back() == text.front())
            return innerText(text.substr(1, text.size() - 2), key);
        return innerText(text, key);
    }

    Json callResolver(const std::string& name, const std::string& raw, const std::string& key) {
        if (name == "now") {
            std::array<char, 256> text{};
            std::tm parts{};
            ::localtime_r(&m_now, &parts);
            return std::string(
                text.data(), std::strftime(text.data(), text.size(), argumentText(raw, key).c_str(), &parts));
        }
        if (name == "hydra")
            return lookUp("hydra." + argumentText(raw, key), key);
        if (name != "oc.env" && name != "oc.select")
            fail("{}: '{}' in ${{{}:{}}} is not understood; available are hydra, now, oc.env and oc.select",
                 key, name, name, raw);
        const std::size_t comma = outerPosition(raw, ',');
        const std::string subject = argumentText(raw.substr(0, comma), key);
        const auto fallback = [&]() -> Json {
            const std::string text = trimmed(raw.substr(comma + 1));
            return text == "null" ? Json() : Json(argumentText(text, key));
        };
        if (name == "oc.select")
            return select(subject, key) || comma == std::string::npos ? lookUpOrNull(subject, key)
                                                                      : fallback();
        if (const char* value = std::getenv(subject.c_str()))
            return value;
        if (comma == std::string::npos)
            fail(
                "{}: the environment variable '{}' is not set; set it, or give a default: "
                "${{oc.env:{},default}}",
                key, subject, subject);
        return fallback();
    }

    // "..b" seen from `key` as a path from the root.
    static std::string absolutePath(const std::string& expression, const std::string& key) {
        if (!expression.starts_with('.'))
            return expression;
        const std::size_t dots = std::min(expression.find_first_not_of('.'), expression.size());
        std::vector<std::string> parts = splitPath(key);
        parts.resize(parts.size() - std::min(parts.size(), dots));
        std::string base;
        for (const std::string& part : parts)
            base += part + ".";
        return base + expression.substr(dots);
    }

    // Whether a value stands there.
    const Json* select(const std::string& expression, const std::string& key) const {
        const Json* node = findNode(m_root, absolutePath(expression, key));
        return node == nullptr || *node == "???" ? nullptr : node;
    }
    Json lookUpOrNull(const std::string& expression, const std::string& key) {
        return select(expression, key) == nullptr ? Json() : lookUp(expression, key);
    }

    Json lookUp(const std::string& expression, const std::string& key) {
        const std::string path = absolutePath(expression, key);
        const Json* node = findNode(m_root, path);
        if (node == nullptr)
            failUnknown(path, key);
        if (std::find(m_active.begin(), m_active.end(), path) != m_active.end() || m_active.size() > 64) {
            std::string way;
            for (const std::string& step : m_active)
                way += step + " -> ";
            fail("{}: interpolations go in a circle: {}{}", key, way, path);
        }
        m_active.push_back(path);
        Json value = resolve(*node, path);
        m_active.pop_back();
        return value;
    }

    [[noreturn]] void failUnknown(const std::string& path, const std::string& key) const {
        if (path == "hydra.runtime.output_dir")
            fail("{}: ${{hydra:runtime.output_dir}} is not known yet where the run's folder is being named",
                 key);
        if (path == "hydra.job.num")
            fail("{}: ${{hydra:job.num}} is known only in a sweep (--multirun)", key);
        std::vector<std::string> keys;
        collectKeys(m_root, "", keys);
        fail("{}: interpolation key '{}' not found.{}", key, path, didYouMean(path, keys));
    }

    const Json& m_root;
    const std::time_t m_now;
    std::vector<std::string> m_active;  // paths being looked up, outermost first
    int m_depth = 0;
    std::size_t m_spent = 0;
};

}  // namespace

Json resolveInterpolations(const Json& tree, std::time_t now) {
    return Resolver(tree, now).resolve(tree, "");
}

Json resolveValue(const Json& value, const std::string& key, const Json& root, std::time_t now) {
    return Resolver(root, now).resolve(value, key);
}

bool isUnresolved(const Json& value) {
    if (!value.is_string())
        return false;
    const std::string& text = value.get_ref<const std::string&>();
    return text == "???" || text.find("${") != std::string::npos;
}

}  // namespace saeception
