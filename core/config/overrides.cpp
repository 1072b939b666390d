// SPDX-License-Identifier: GPL-3.0-or-later
#include "config/overrides.h"

#include "base/error.h"
#include "base/files.h"
#include "config/override_value.h"

#include <algorithm>
#include <string_view>

namespace saeception {
namespace {

using Json = nlohmann::ordered_json;

bool isKey(std::string_view key) {
    const auto good = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
               c == '-' || c == '.' || c == '/' || c == '$';
    };
    return !key.empty() && std::all_of(key.begin(), key.end(), good) && key.front() != '.' &&
           key.back() != '.' && key.front() != '/' && key.back() != '/' &&
           key.find("..") == std::string_view::npos && key.find("//") == std::string_view::npos;
}

std::optional<Sweep> asSweep(const Operand& operand, const std::string& text) {
    if (const auto* choice = std::get_if<Choice>(&operand))
        return Sweep{choice->values, std::nullopt, choice->simple};
    if (const auto* range = std::get_if<Range>(&operand))
        return Sweep{rangeValues(*range, text), std::nullopt, false};
    if (const auto* glob = std::get_if<Glob>(&operand))
        return Sweep{{}, *glob, false};
    if (std::holds_alternative<Interval>(operand))
        fail("override '{}': interval() has no list of values to run; use choice() or range()", text);
    return std::nullopt;
}

}  // namespace

std::string Override::keyText() const {
    static constexpr std::string_view prefixes[] = {"", "+", "++", "~"};
    return std::string(prefixes[static_cast<std::size_t>(kind)]) + key + (package ? "@" + *package : "");
}

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
    if (const std::size_t at = result.key.find('@'); at != std::string::npos) {
        result.package = result.key.substr(at + 1);
        result.key.erase(at);
        if (!result.package->empty() &&
            (!isKey(*result.package) || result.package->find('/') != std::string::npos))
            fail("override '{}': '{}' is not a package; write group@package=option", text, *result.package);
    }
    if (!isKey(result.key))
        fail("override '{}': '{}' is not a key; write key=value, for example sae.k=25", text, result.key);
    if (!result.hasValue) {
        if (result.kind != OverrideKind::Delete)
            fail("override '{}': a value is missing; write {}=value", text, text);
        return result;
    }
    const Operand operand = parseOverrideValue(text, equals + 1, result.key);
    result.sweep = asSweep(operand, text);
    if (!result.sweep)
        result.value = std::get<Json>(operand);
    else if (result.kind == OverrideKind::Delete)
        fail("override '{}': a key is deleted once; a sweep over ~ has no meaning", text);
    return result;
}

void requireOneValue(const Override& override) {
    if (!override.sweep)
        return;
    const std::string value = override.text.substr(override.text.find('=') + 1);
    const std::string key = override.keyText();
    if (override.sweep->simple)
        fail(
            "ambiguous value in '{}': for a list write {}=[{}], for a text quote it: {}=\"'{}'\", to run one "
            "job for "
            "each value add --multirun (-m)",
            override.text, key, value, key, value);
    fail("override '{}' is a sweep; to run one job for each of its values add --multirun (-m)",
         override.text);
}

}  // namespace saeception
