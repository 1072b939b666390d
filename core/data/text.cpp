// SPDX-License-Identifier: GPL-3.0-or-later
#include "data/text.h"

#include <cstddef>

namespace saeception {
namespace {

bool isContinuation(char c) {
    return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
}

// The code point in text[begin, end), which holds exactly one well-formed UTF-8 sequence.
char32_t decodeOne(std::string_view text, std::size_t begin, std::size_t end) {
    const auto lead = static_cast<unsigned char>(text[begin]);
    const std::size_t size = end - begin;
    if (size == 1)
        return lead;
    char32_t point = lead & (0xFFU >> (size + 1));
    for (std::size_t i = begin + 1; i < end; ++i)
        point = (point << 6) | (static_cast<unsigned char>(text[i]) & 0x3FU);
    return point;
}

}  // namespace

bool isWhiteSpace(char32_t c) {
    return (c >= 0x09 && c <= 0x0D) || c == 0x20 || c == 0x85 || c == 0xA0 || c == 0x1680 ||
           (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F ||
           c == 0x3000;
}

std::string_view stripWhiteSpace(std::string_view text) {
    std::size_t begin = 0;
    while (begin < text.size()) {
        std::size_t next = begin + 1;
        while (next < text.size() && isContinuation(text[next]))
            ++next;
        if (!isWhiteSpace(decodeOne(text, begin, next)))
            break;
        begin = next;
    }
    std::size_t end = text.size();
    while (end > begin) {
        std::size_t start = end - 1;
        while (start > begin && isContinuation(text[start]))
            --start;
        if (!isWhiteSpace(decodeOne(text, start, end)))
            break;
        end = start;
    }
    return text.substr(begin, end - begin);
}

}  // namespace saeception
