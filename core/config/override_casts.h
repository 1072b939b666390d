// SPDX-License-Identifier: GPL-3.0-or-later
// int(), float(), str(), bool() and json_str() of the override grammar, for one value.
#pragma once

#include <nlohmann/json.hpp>

namespace saeception {

enum class CastType { Int, Float, Text, Bool, JsonText };

/// `value` cast after Hydra's conversion matrix: int() cuts decimals off and reads whole numbers from texts,
/// bool() knows the texts true and false; lists and dictionaries are cast value by value (json_str() writes
/// them whole).
/// @throws UserError that says what cannot be cast.
nlohmann::ordered_json castValue(const nlohmann::ordered_json& value, CastType type);

}  // namespace saeception
