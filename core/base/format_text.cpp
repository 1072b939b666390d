// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/format_text.h"

#include <spdlog/fmt/fmt.h>

#include <array>
#include <cmath>
#include <sstream>

namespace saeception {
namespace {

constexpr std::string_view dash = "–";

// Three significant digits, at most `decimals` after the point; value >= 0.
std::string threeDigits(double value, int decimals) {
    if (value == std::floor(value) && value < 1000)
        return fmt::format("{:.0f}", value);
    if (value >= 99.95)
        return fmt::format("{:.0f}", value);
    return fmt::format("{:.{}f}", value, std::min(decimals, value >= 9.995 ? 1 : value >= 0.9995 ? 2 : 3));
}

bool isCombining(char32_t c) {
    return (c >= 0x300 && c <= 0x36f) || (c >= 0x200b && c <= 0x200f) || (c >= 0xfe00 && c <= 0xfe0f) ||
           c == 0xfeff;
}

bool isWide(char32_t c) {
    return (c >= 0x1100 && c <= 0x115f) || (c >= 0x2e80 && c <= 0xa4cf) || (c >= 0xac00 && c <= 0xd7a3) ||
           (c >= 0xf900 && c <= 0xfaff) || (c >= 0xfe30 && c <= 0xfe6f) || (c >= 0xff00 && c <= 0xff60) ||
           (c >= 0x1f300 && c <= 0x1faff) || (c >= 0x20000 && c <= 0x3fffd);
}

}  // namespace

std::string formatNumber(double value) {
    if (std::isnan(value))
        return std::string(dash);
    const std::string sign = value < 0 ? "-" : "";
    double size = std::abs(value);
    if (std::isinf(size))
        return sign + "∞";
    if (size == 0)
        return "0";
    if (size < 0.0001)
        return sign + fmt::format("{:.1e}", size);
    if (size < 0.09995)
        return sign + fmt::format("{:.4f}", size);
    if (size < 999.5)
        return sign + threeDigits(size, 3);
    static constexpr std::array<const char*, 4> prefixes = {"k", "M", "G", "T"};
    std::size_t step = 0;
    for (size /= 1000; size >= 999.95 && step + 1 < prefixes.size(); ++step)
        size /= 1000;
    if (size >= 999.95)
        return sign + fmt::format("{:.1e}", std::abs(value));
    return sign + fmt::format("{:.1f} {}", size, prefixes[step]);
}

std::string formatPercent(double percent) {
    if (std::isnan(percent))
        return std::string(dash);
    const double size = std::abs(percent);
    if (size == std::floor(size) || size >= 9.95)
        return fmt::format("{:.0f} %", percent);
    return size >= 0.995 ? fmt::format("{:.1f} %", percent) : fmt::format("{:.2f} %", percent);
}

std::string formatDuration(double seconds) {
    if (!(seconds >= 0) || std::isinf(seconds))
        return {};
    if (seconds < 9.95 && seconds != std::floor(seconds))
        return fmt::format("{:.1f} s", seconds);
    const auto whole = static_cast<std::int64_t>(std::llround(seconds));
    if (whole < 60)
        return fmt::format("{} s", whole);
    if (whole < 3600)
        return whole % 60 == 0 ? fmt::format("{} min", whole / 60)
                               : fmt::format("{} min {} s", whole / 60, whole % 60);
    const std::int64_t minutes = (whole + 30) / 60;
    if (minutes < 24 * 60)
        return fmt::format("{} h {:02} min", minutes / 60, minutes % 60);
    const std::int64_t hours = (minutes + 30) / 60;
    return fmt::format("{} d {} h", hours / 24, hours % 24);
}

std::string formatBytes(std::int64_t bytes) {
    if (bytes < 1000)
        return fmt::format("{} B", bytes);
    static constexpr std::array<const char*, 4> units = {"kB", "MB", "GB", "TB"};
    double size = static_cast<double>(bytes) / 1000;
    std::size_t step = 0;
    for (; size >= 999.5 && step + 1 < units.size(); ++step)
        size /= 1000;
    return size < 9.95 ? fmt::format("{:.1f} {}", size, units[step])
                       : fmt::format("{:.0f} {}", size, units[step]);
}

std::size_t displayWidth(std::string_view text) {
    std::size_t width = 0;
    for (std::size_t i = 0; i < text.size();) {
        const auto lead = static_cast<unsigned char>(text[i]);
        const std::size_t length = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
        char32_t code = length == 1 ? lead : lead & (0xff >> (length + 1));
        for (std::size_t j = 1; j < length && i + j < text.size(); ++j)
            code = (code << 6) | (static_cast<unsigned char>(text[i + j]) & 0x3f);
        width += isCombining(code) ? 0 : isWide(code) ? 2 : 1;
        i += length;
    }
    return width;
}

std::string padLeft(std::string_view text, std::size_t width) {
    const std::size_t taken = displayWidth(text);
    return std::string(width > taken ? width - taken : 0, ' ') + std::string(text);
}

std::string padRight(std::string_view text, std::size_t width) {
    const std::size_t taken = displayWidth(text);
    return std::string(text) + std::string(width > taken ? width - taken : 0, ' ');
}

std::vector<std::string> wrapText(std::string_view text, std::size_t width) {
    std::vector<std::string> lines;
    std::istringstream words{std::string(text)};
    for (std::string word; words >> word;) {
        if (!lines.empty() && displayWidth(lines.back()) + 1 + displayWidth(word) <= width)
            lines.back() += " " + word;
        else
            lines.push_back(word);
    }
    return lines;
}

}  // namespace saeception
