// SPDX-License-Identifier: GPL-3.0-or-later
// The value of an override: read from text, and written so that it reads back the same.
#pragma once

#include "config/override_functions.h"

#include <nlohmann/json.hpp>

#include <cstddef>
#include <string>

namespace saeception {

/// Reads the value that starts at `start` of the override `text`, whose key is `key`. @throws UserError
Operand parseOverrideValue(const std::string& text, std::size_t start, const std::string& key);

/// A text that parseOverrideValue reads back as `value`: numbers and plain words bare, other texts quoted.
std::string overrideValueText(const nlohmann::ordered_json& value);

}  // namespace saeception
