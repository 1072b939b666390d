// SPDX-License-Identifier: GPL-3.0-or-later
// How an unquoted word becomes null, a boolean, a number or a text, in YAML files and on the command line.
#pragma once

#include <nlohmann/json.hpp>

#include <string>

namespace saeception {

/// YAML 1.2's core schema, with exponents that need no point (1e-3), as Hydra reads its files.
nlohmann::ordered_json plainScalar(const std::string& word);

/// Hydra's override grammar: true/false and null in any case, digits grouped by _ (10_000), inf and nan; else
/// a text.
nlohmann::ordered_json overrideScalar(const std::string& word);

/// The shortest text that reads back as exactly `value` and as a number in every YAML version:
/// 0.001, 1.0e-05, .inf.
std::string floatText(double value);

}  // namespace saeception
