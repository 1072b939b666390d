// SPDX-License-Identifier: GPL-3.0-or-later
#include "config/interpolation.h"

#include "base/error.h"
#include "config/nearest.h"
#include "config/schema.h"
#include "config/tree.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <ctime>
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

class Resolver {
public:
    explicit Resolver(const Json& root) : m_root(root) {}

    /// `key` is the dotted place of `node`, for relative interpolations and messages.
    Json resolve(const Json& node, const std::string& key) {
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

    Json resolveString(const std::string& text, const std::string& key) {
        if (text == "???")
            fail("{}: a value is mandatory; give one with {}=VALUE", key, key);
        std::string result;
        for (std::size_t at = 0; at < text.size();) {
            if (text.compare(at, 3, "\\${") == 0) {
                result += "${";
                at += 3;
            } else if (text.compare(at, 2, "${") == 0) {
                const std::size_t end = closingBrace(text, at, key);
                const Json value = evaluate(text.substr(at + 2, end - at - 2), key);
                if (at == 0 && end + 1 == text.size())
                    return value;
                if (value.is_structured())
                    fail("{}: {} is a group of values and cannot stand inside a text", key,
                         text.substr(at, end + 1 - at));
                result += value.is_null() ? "null" : valueText(value);
                at = end + 1;
            } else {
                result += text[at++];
            }
        }
        return result;
    }

private:
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
        // Inner interpolations first: ${a.${b}}.
        const Json inner = raw.find("${") == std::string::npos ? Json(raw) : resolveString(raw, key);
        const std::string expression = inner.is_string() ? inner.get<std::string>() : valueText(inner);
        const std::size_t colon = expression.find(':');
        if (colon != std::string::npos)
            return callResolver(expression.substr(0, colon), expression.substr(colon + 1), key);
        return lookUp(expression, key);
    }

    Json callResolver(const std::string& name, const std::string& argument, const std::string& key) {
        if (name == "oc.env") {
            const std::size_t comma = argument.find(',');
            const std::string variable = argument.substr(0, comma);
            if (const char* value = std::getenv(variable.c_str()))
                return value;
            if (comma == std::string::npos)
                fail(
                    "{}: the environment variable '{}' is not set; set it, or give a default: "
                    "${{oc.env:{},default}}",
                    key, variable, variable);
            const std::size_t start = argument.find_first_not_of(' ', comma + 1);
            const std::string fallback = start == std::string::npos ? std::string() : argument.substr(start);
            return fallback == "null" ? Json() : Json(fallback);
        }
        if (name == "now") {
            std::array<char, 256> text{};
            std::tm parts{};
            ::localtime_r(&m_now, &parts);
            return std::string(text.data(),
                               std::strftime(text.data(), text.size(), argument.c_str(), &parts));
        }
        fail("{}: '{}' in ${{{}:{}}} is not understood; available are oc.env and now", key, name, name,
             argument);
    }

    Json lookUp(const std::string& expression, const std::string& key) {
        std::string path = expression;
        if (path.starts_with('.')) {
            const std::size_t dots = std::min(path.find_first_not_of('.'), path.size());
            std::vector<std::string> parts = splitPath(key);
            parts.resize(parts.size() - std::min(parts.size(), dots));
            std::string base;
            for (const std::string& part : parts)
                base += part + ".";
            path = base + path.substr(dots);
        }
        const Json* node = findNode(m_root, path);
        if (node == nullptr) {
            std::vector<std::string> keys;
            collectKeys(m_root, "", keys);
            fail("{}: interpolation key '{}' not found.{}", key, path, didYouMean(path, keys));
        }
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

    const Json& m_root;
    std::vector<std::string> m_active;  // paths being looked up, outermost first
    const std::time_t m_now = std::time(nullptr);
};

}  // namespace

Json resolveInterpolations(const Json& tree) {
    return Resolver(tree).resolve(tree, "");
}

Json resolveValue(const std::string& text, const std::string& key, const Json& tree) {
    return Resolver(tree).resolveString(text, key);
}

std::string resolveText(const std::string& text, const Json& tree) {
    return valueText(Resolver(tree).resolveString(text, "hydra.run.dir"));
}

}  // namespace saeception
