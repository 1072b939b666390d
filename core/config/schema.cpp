// SPDX-License-Identifier: GPL-3.0-or-later
// Looking keys up, checking values, and converting between trees and the typed config.
#include "config/schema.h"

#include "base/error.h"
#include "config/nearest.h"
#include "config/scalars.h"
#include "config/schema_builder.h"

#include <algorithm>
#include <cmath>

namespace saeception {
namespace {

using Json = nlohmann::ordered_json;

// Ends of ranges: whole numbers without a point, others in their shortest form.
std::string numberText(double value) {
    return fmt::format("{}", value);
}

void bindLevel(const Json& node, const std::string& prefix, ExperimentConfig& config) {
    for (const auto& [name, value] : node.items()) {
        const std::string key = prefix.empty() ? name : prefix + "." + name;
        if (const KeySpec* spec = findKey(key)) {
            if (const std::string problem = checkValue(*spec, value); !problem.empty())
                throw UserError(problem);
            spec->set(config, value);
            continue;
        }
        const bool isGroup = std::any_of(schema().begin(), schema().end(), [&](const KeySpec& spec) {
            return spec.key.starts_with(key + ".");
        });
        if (!isGroup) {
            // A whole unknown group: its first leaf says more than its name.
            const std::string leaf =
                value.is_object() && !value.empty() ? key + "." + value.items().begin().key() : key;
            fail("unknown key '{}'.{} See saeception train_cycle --help for every key", leaf,
                 didYouMean(leaf, schemaKeys()));
        }
        if (value.is_null())
            continue;
        if (!value.is_object())
            fail("{}={}: '{}' is a group of keys, not a value; set one of its keys ({}.NAME=VALUE)", key,
                 valueText(value), key, key);
        bindLevel(value, key, config);
    }
}

std::string checkNumber(const KeySpec& spec, const Json& value) {
    const bool whole = spec.type == KeyType::Integer;
    bool good = whole ? value.is_number_integer() : value.is_number();
    if (good) {
        const double number = value.get<double>();
        const bool highEnough = spec.minimumIsOpen ? number > spec.minimum : number >= spec.minimum;
        good = std::isfinite(number) && highEnough && number <= spec.maximum;
    }
    return good ? std::string()
                : fmt::format("{}={}: must be {}", spec.key, valueText(value), allowedValues(spec));
}

std::string checkText(const KeySpec& spec, const Json& value) {
    if (!value.is_string() && !value.is_null() && !value.is_number_integer())
        return fmt::format("{}={}: must be a text; put quotes around it: {}=\"'{}'\"", spec.key,
                           valueText(value), spec.key, valueText(value));
    const std::string text = value.is_null() ? std::string() : valueText(value);
    if (const auto declined = spec.declined.find(text); declined != spec.declined.end())
        return fmt::format("{}={}: {}", spec.key, text, declined->second);
    if (!spec.choices.empty()) {
        if (std::find(spec.choices.begin(), spec.choices.end(), text) == spec.choices.end())
            return fmt::format("{}={}: must be {}.{}", spec.key, text, allowedValues(spec),
                               didYouMean(text, spec.choices));
    } else if (text.empty() && !spec.mayBeEmpty) {
        return fmt::format("{}: must not be empty", spec.key);
    }
    return {};
}

}  // namespace

std::span<const KeySpec> schema() {
    static const std::vector<KeySpec> specs = [] {
        KeyTable table;
        addRunKeys(table);
        addModelKeys(table);
        addDatasetKeys(table);
        addSaeKeys(table);
        addAnalysisKeys(table);
        return table.take();
    }();
    return specs;
}

std::span<const std::string> schemaKeys() {
    static const std::vector<std::string> keys = [] {
        std::vector<std::string> names;
        for (const KeySpec& spec : schema())
            names.push_back(spec.key);
        return names;
    }();
    return keys;
}

const KeySpec* findKey(std::string_view key) {
    const auto specs = schema();
    const auto found =
        std::find_if(specs.begin(), specs.end(), [&](const KeySpec& spec) { return spec.key == key; });
    return found == specs.end() ? nullptr : &*found;
}

std::string valueText(const Json& value) {
    if (value.is_string())
        return value.get<std::string>();
    if (value.is_number_float())
        return std::isfinite(value.get<double>()) ? floatText(value.get<double>())
                                                  : numberText(value.get<double>());
    if (!value.is_array())
        return value.dump(-1, ' ', false, Json::error_handler_t::replace);
    std::string text;
    for (const Json& item : value)
        text += (text.empty() ? "" : ", ") + valueText(item);
    return "[" + text + "]";
}

std::string allowedValues(const KeySpec& spec) {
    switch (spec.type) {
        case KeyType::Boolean:
            return "true or false";
        case KeyType::TextList:
            return "a list of texts, such as [a,b]";
        case KeyType::Text: {
            if (spec.choices.empty())
                return "a text";
            std::string list;
            for (const std::string& choice : spec.choices)
                list += (list.empty() ? "" : ", ") + choice;
            return spec.choices.size() == 1 ? list : "one of: " + list;
        }
        case KeyType::Integer:
        case KeyType::Number:
            break;
    }
    const std::string kind = spec.type == KeyType::Integer ? "a whole number" : "a number";
    const bool low = std::isfinite(spec.minimum);
    const bool high = std::isfinite(spec.maximum) && spec.maximum < largestInteger;
    if (low && high && !spec.minimumIsOpen) {
        return spec.minimum == spec.maximum ? numberText(spec.minimum)
                                            : fmt::format("{} from {} to {}", kind, numberText(spec.minimum),
                                                          numberText(spec.maximum));
    }
    std::string text = kind;
    if (low)
        text += fmt::format(" {} {}", spec.minimumIsOpen ? "above" : "not below", numberText(spec.minimum));
    if (high)
        text += fmt::format("{} at most {}", low ? " and" : "", numberText(spec.maximum));
    return text;
}

std::string checkValue(const KeySpec& spec, const Json& value) {
    switch (spec.type) {
        case KeyType::Integer:
        case KeyType::Number:
            return checkNumber(spec, value);
        case KeyType::Text:
            return checkText(spec, value);
        case KeyType::Boolean:
            if (value.is_boolean())
                return {};
            break;
        case KeyType::TextList:
            if (value.is_array() &&
                std::all_of(value.begin(), value.end(), [](const Json& item) { return item.is_string(); }))
                return {};
            break;
    }
    return fmt::format("{}={}: must be {}", spec.key, valueText(value), allowedValues(spec));
}

ExperimentConfig bindConfig(const Json& tree, Combinations combinations) {
    if (!tree.is_object())
        fail("the configuration must be a mapping of keys to values");
    ExperimentConfig config;
    bindLevel(tree, "", config);
    checkCombinations(config, combinations);
    return config;
}

Json unbindConfig(const ExperimentConfig& config) {
    Json tree = Json::object();
    for (const KeySpec& spec : schema()) {
        Json value = spec.get(config);
        if (spec.appendOnly && value == spec.defaultValue)
            continue;
        std::string pointer = "/" + spec.key;
        std::replace(pointer.begin(), pointer.end(), '.', '/');
        tree[Json::json_pointer(pointer)] = std::move(value);
    }
    return tree;
}

}  // namespace saeception
