// SPDX-License-Identifier: GPL-3.0-or-later
#include "config/override_casts.h"

#include "base/error.h"
#include "config/scalars.h"
#include "config/schema.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace saeception {
namespace {

using Json = nlohmann::ordered_json;

[[noreturn]] void refuse(const Json& value, const char* type) {
    fail("'{}' cannot be cast to {}", value.is_null() ? "null" : valueText(value), type);
}

Json toInt(const Json& value) {
    if (value.is_boolean())
        return value.get<bool>() ? 1 : 0;
    const Json number = value.is_string() ? overrideScalar(value.get<std::string>()) : value;
    if (number.is_number_integer())
        return number;
    // A text must be a whole number already.
    if (!number.is_number_float() || value.is_string() || !(std::abs(number.get<double>()) < 9.2e18))
        refuse(value, "int");
    return static_cast<std::int64_t>(number.get<double>());
}

Json toFloat(const Json& value) {
    const Json number = value.is_string() ? overrideScalar(value.get<std::string>()) : value;
    if (value.is_boolean())
        return value.get<bool>() ? 1.0 : 0.0;
    if (!number.is_number())
        refuse(value, "float");
    return number.get<double>();
}

Json toText(const Json& value) {
    if (value.is_null())
        return "null";
    return valueText(value);
}

Json toBool(const Json& value) {
    if (value.is_boolean())
        return value;
    if (value.is_number())
        return value.get<double>() != 0;
    if (value.is_string()) {
        std::string word = value.get<std::string>();
        std::transform(word.begin(), word.end(), word.begin(),
                       [](unsigned char c) { return std::tolower(c); });
        if (word == "true" || word == "false")
            return word == "true";
    }
    refuse(value, "bool");
}

}  // namespace

Json castValue(const Json& value, CastType type) {
    if (type == CastType::JsonText)
        return value.dump(-1, ' ', false, Json::error_handler_t::replace);
    if (value.is_structured()) {
        Json result = value;
        for (Json& item : result)
            item = castValue(item, type);
        return result;
    }
    switch (type) {
        case CastType::Int:
            return toInt(value);
        case CastType::Float:
            return toFloat(value);
        case CastType::Bool:
            return toBool(value);
        case CastType::Text:
        case CastType::JsonText:
            break;
    }
    return toText(value);
}

}  // namespace saeception
