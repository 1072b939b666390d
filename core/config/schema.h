// SPDX-License-Identifier: GPL-3.0-or-later
// Every configuration key, once: its dotted name, type, default, unit, range or choices, docstring, and the
// field it sets.
#pragma once

#include "config/config.h"

#include <nlohmann/json.hpp>

#include <functional>
#include <limits>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace saeception {

enum class KeyType { Integer, Number, Boolean, Text, TextList };

struct KeySpec {
    std::string key;  ///< dotted, e.g. "model.learning_rate"
    KeyType type = KeyType::Text;
    std::string unit;  ///< e.g. "tokens", "%"; empty where none
    double minimum = -std::numeric_limits<double>::infinity();
    double maximum = std::numeric_limits<double>::infinity();
    bool minimumIsOpen = false;                   ///< true: values must be strictly greater than `minimum`
    bool appendOnly = false;                      ///< not part of a composed config until +key=value adds it
    bool mayBeEmpty = false;                      ///< Text only: the empty string (or null) is a value
    std::vector<std::string> choices;             ///< allowed texts; empty = any
    std::map<std::string, std::string> declined;  ///< texts that are not choices, and the remedy to tell
    std::string doc;                              ///< one or two sentences for --help and tooltips
    nlohmann::ordered_json defaultValue;
    std::function<nlohmann::ordered_json(const ExperimentConfig&)> get;
    std::function<void(ExperimentConfig&, const nlohmann::ordered_json&)> set;  ///< value already validated
};

/// All keys, in the order in which a person reads them.
std::span<const KeySpec> schema();

/// The spec of `key`, or nullptr.
const KeySpec* findKey(std::string_view key);

/// All dotted key names, in schema order.
std::span<const std::string> schemaKeys();

/// What `spec` allows, in words: "a whole number from 1 to 512", "one of: auto, cpu", "true or false", ...
std::string allowedValues(const KeySpec& spec);

/// `value` as a person would type it: texts bare, lists in brackets.
std::string valueText(const nlohmann::ordered_json& value);

/// Whether `value` fits `spec`; the empty string, or one line that names the key, the value and what is
/// allowed. An integer fits a Number; a number with a decimal point does not fit an Integer; null and whole
/// numbers fit a Text.
std::string checkValue(const KeySpec& spec, const nlohmann::ordered_json& value);

/// Which combinations of values are checked once each value is.
enum class Combinations {
    Checked,
    SizesInFile,  ///< all but the model's sizes, which stand in a file that is yet to be read
    Unchecked,
};

/// Builds the typed config from a composed tree. Unknown keys, wrong types and values out of range throw
/// UserError naming the key and the nearest valid one; so do combinations that cannot work (hidden_size not
/// divisible by num_heads, ...). Keys that the tree lacks keep their defaults.
ExperimentConfig bindConfig(const nlohmann::ordered_json& tree,
                            Combinations combinations = Combinations::Checked);

/// Refuses values that are allowed one by one but cannot work together (hidden_size not divisible by
/// num_heads, k larger than the dictionary, ...). @throws UserError naming both keys and what to change.
void checkCombinations(const ExperimentConfig& config, Combinations combinations = Combinations::Checked);

/// The tree of a typed config (the inverse of bindConfig), in schema order; append-only keys only where they
/// differ from their default.
nlohmann::ordered_json unbindConfig(const ExperimentConfig& config);

}  // namespace saeception
