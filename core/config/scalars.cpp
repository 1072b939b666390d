// SPDX-License-Identifier: GPL-3.0-or-later
#include "config/scalars.h"

#include "base/error.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>
#include <string_view>

namespace saeception {
namespace {

using Json = nlohmann::ordered_json;

std::string lowered(std::string_view word) {
    std::string text(word);
    std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::tolower(c); });
    return text;
}

// Decimal digits with an optional sign; `octal` and `hex` prefixes are YAML's (0o17, 0x1f).
std::optional<Json> wholeNumber(std::string_view word, bool withPrefixes) {
    const bool negative = !word.empty() && word.front() == '-';
    if (!word.empty() && (word.front() == '-' || word.front() == '+'))
        word.remove_prefix(1);
    int base = 10;
    if (withPrefixes && word.size() > 2 && word[0] == '0' && (word[1] == 'x' || word[1] == 'o')) {
        base = word[1] == 'x' ? 16 : 8;
        word.remove_prefix(2);
    }
    std::string digits = negative ? "-" : "";
    digits += word;
    std::int64_t value = 0;
    const auto [end, code] = std::from_chars(digits.data(), digits.data() + digits.size(), value, base);
    if (word.empty() || word.front() == '-' || end != digits.data() + digits.size())
        return std::nullopt;
    if (code == std::errc::result_out_of_range)
        return Json(std::strtod(digits.c_str(), nullptr));
    return code == std::errc() ? std::optional<Json>(value) : std::nullopt;
}

// [sign] digits [. digits] [e [sign] digits], with at least one digit before the exponent.
bool hasFloatForm(std::string_view word) {
    std::size_t i = 0;
    const auto digits = [&] {
        const std::size_t start = i;
        while (i < word.size() && word[i] >= '0' && word[i] <= '9')
            ++i;
        return i - start;
    };
    const auto sign = [&] { i += i < word.size() && (word[i] == '-' || word[i] == '+') ? 1 : 0; };
    sign();
    std::size_t mantissa = digits();
    if (i < word.size() && word[i] == '.') {
        ++i;
        mantissa += digits();
    }
    if (mantissa == 0)
        return false;
    if (i < word.size() && (word[i] == 'e' || word[i] == 'E')) {
        ++i;
        sign();
        if (digits() == 0)
            return false;
    }
    return i == word.size();
}

double toDouble(const std::string& word) {
    const char* first = word.data() + (word.front() == '+' ? 1 : 0);
    const char* last = word.data() + word.size();
    double value = 0;
    const auto [end, code] = std::from_chars(first, last, value);
    static_cast<void>(end);
    // from_chars leaves the value alone where it overflows or underflows; strtod gives the infinity or zero
    // meant.
    return code == std::errc::result_out_of_range ? std::strtod(first, nullptr) : value;
}

std::optional<Json> infinityOrNan(std::string_view word, bool withPoint) {
    const bool negative = !word.empty() && word.front() == '-';
    const bool isSigned = negative || (!word.empty() && word.front() == '+');
    std::string rest = lowered(word.substr(isSigned ? 1 : 0));
    if (withPoint) {
        if (rest.empty() || rest.front() != '.')
            return std::nullopt;
        rest.erase(0, 1);
    }
    if (rest == "inf")
        return Json((negative ? -1 : 1) * std::numeric_limits<double>::infinity());
    if (rest == "nan")
        return Json(std::numeric_limits<double>::quiet_NaN());
    return std::nullopt;
}

bool oneOf(std::string_view word, std::initializer_list<std::string_view> words) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

}  // namespace

Json plainScalar(const std::string& word) {
    if (oneOf(word, {"", "~", "null", "Null", "NULL"}))
        return nullptr;
    if (oneOf(word, {"true", "True", "TRUE"}))
        return true;
    if (oneOf(word, {"false", "False", "FALSE"}))
        return false;
    if (const auto whole = wholeNumber(word, true))
        return *whole;
    if (hasFloatForm(word))
        return toDouble(word);
    if (const auto special = infinityOrNan(word, true))
        return *special;
    return word;
}

Json overrideScalar(const std::string& word) {
    const std::string lower = lowered(word);
    if (lower == "null")
        return nullptr;
    if (lower == "true" || lower == "false")
        return lower == "true";
    std::string digits = word;
    // An underscore groups digits only between two of them.
    for (std::size_t i = 1; i + 1 < digits.size(); ++i) {
        const auto isDigit = [&](std::size_t at) { return digits[at] >= '0' && digits[at] <= '9'; };
        if (digits[i] == '_' && isDigit(i - 1) && isDigit(i + 1))
            digits.erase(i, 1);
    }
    const std::size_t first = !digits.empty() && (digits[0] == '-' || digits[0] == '+') ? 1 : 0;
    // A leading zero marks an identifier (007), not a number.
    const bool padded = digits.size() > first + 1 && digits[first] == '0' && digits[first + 1] >= '0' &&
                        digits[first + 1] <= '9';
    if (!padded) {
        if (const auto whole = wholeNumber(digits, false))
            return *whole;
        if (hasFloatForm(digits))
            return toDouble(digits);
    }
    if (const auto special = infinityOrNan(word, false))
        return *special;
    return word;
}

std::string floatText(double value) {
    if (std::isnan(value))
        return ".nan";
    if (std::isinf(value))
        return value > 0 ? ".inf" : "-.inf";
    std::string text = fmt::format("{}", value);
    const std::size_t exponent = text.find('e');
    const std::size_t point = text.find('.');
    if (point == std::string::npos)
        text.insert(exponent == std::string::npos ? text.size() : exponent, ".0");
    return text;
}

}  // namespace saeception
