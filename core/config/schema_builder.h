// SPDX-License-Identifier: GPL-3.0-or-later
// The compact notation in which schema_*_keys.cpp write down the schema's rows.
#pragma once

#include "config/schema.h"

#include <type_traits>
#include <utility>

namespace saeception {

/// Largest whole number that JSON, YAML and a double all carry exactly.
inline constexpr double largestInteger = 9007199254740991.0;

/// Fills in one row.
class KeyRow {
public:
    explicit KeyRow(KeySpec& spec) : m_spec(spec) {}
    KeyRow& unit(std::string text) { return m_spec.unit = std::move(text), *this; }
    KeyRow& range(double low, double high) { return m_spec.minimum = low, m_spec.maximum = high, *this; }
    KeyRow& above(double low, double high) { return m_spec.minimumIsOpen = true, range(low, high); }
    KeyRow& choices(std::vector<std::string> texts) { return m_spec.choices = std::move(texts), *this; }
    KeyRow& declined(std::string value, std::string remedy) {
        return m_spec.declined[std::move(value)] = std::move(remedy), *this;
    }
    KeyRow& mayBeEmpty() { return m_spec.mayBeEmpty = true, *this; }
    KeyRow& appendOnly() { return m_spec.appendOnly = true, *this; }
    KeyRow& doc(std::string text) { return m_spec.doc = std::move(text), *this; }

private:
    KeySpec& m_spec;
};

class KeyTable {
public:
    /// A key of the top level.
    template <typename Field>
    KeyRow add(std::string key, Field ExperimentConfig::*field) {
        return addRow<Field>(
            std::move(key), [field](const ExperimentConfig& config) -> const Field& { return config.*field; },
            [field](ExperimentConfig& config) -> Field& { return config.*field; });
    }
    /// A key of a group.
    template <typename Group, typename Field>
    KeyRow add(std::string key, Group ExperimentConfig::*group, Field Group::*field) {
        return addRow<Field>(
            std::move(key),
            [group, field](const ExperimentConfig& config) -> const Field& { return config.*group.*field; },
            [group, field](ExperimentConfig& config) -> Field& { return config.*group.*field; });
    }
    std::vector<KeySpec> take() { return std::move(m_specs); }

private:
    template <typename Field, typename Reader, typename Writer>
    KeyRow addRow(std::string key, Reader reader, Writer writer) {
        KeySpec spec;
        spec.key = std::move(key);
        if constexpr (std::is_same_v<Field, bool>) {
            spec.type = KeyType::Boolean;
        } else if constexpr (std::is_integral_v<Field>) {
            spec.type = KeyType::Integer;
            const double limit = sizeof(Field) > 4 ? largestInteger : std::numeric_limits<int>::max();
            spec.minimum = -limit;
            spec.maximum = limit;
        } else if constexpr (std::is_floating_point_v<Field>) {
            spec.type = KeyType::Number;
        } else if constexpr (std::is_same_v<Field, std::string>) {
            spec.type = KeyType::Text;
        } else {
            static_assert(std::is_same_v<Field, std::vector<std::string>>);
            spec.type = KeyType::TextList;
        }
        spec.get = [reader](const ExperimentConfig& config) {
            return nlohmann::ordered_json(reader(config));
        };
        spec.set = [writer](ExperimentConfig& config, const nlohmann::ordered_json& value) {
            Field& field = writer(config);
            if constexpr (std::is_same_v<Field, std::string>)
                field = value.is_null() ? std::string() : valueText(value);
            else
                value.get_to(field);
        };
        spec.defaultValue = spec.get(m_defaults);
        m_specs.push_back(std::move(spec));
        return KeyRow(m_specs.back());
    }

    const ExperimentConfig m_defaults;
    std::vector<KeySpec> m_specs;
};

void addRunKeys(KeyTable& table);       ///< schema_run_keys.cpp
void addModelKeys(KeyTable& table);     ///< schema_model_keys.cpp
void addDatasetKeys(KeyTable& table);   ///< schema_dataset_keys.cpp
void addSaeKeys(KeyTable& table);       ///< schema_sae_keys.cpp
void addAnalysisKeys(KeyTable& table);  ///< schema_analysis_keys.cpp

}  // namespace saeception
