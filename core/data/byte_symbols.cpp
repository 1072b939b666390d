// SPDX-License-Identifier: GPL-3.0-or-later
#include "data/byte_symbols.h"

#include <cstddef>

namespace saeception {
namespace {

constexpr int firstStandIn = 0x100;
constexpr int symbolLimit = firstStandIn + 68;  // 68 bytes of 256 are not printable in Latin-1

bool isPrintable(int byte) {
    return (byte >= '!' && byte <= '~') || (byte >= 0xA1 && byte <= 0xFF && byte != 0xAD);
}

struct Tables {
    std::array<std::uint8_t, 256> order{};
    std::array<std::string, 256> symbols;
    std::array<std::int16_t, symbolLimit> byteOf{};

    Tables() {
        byteOf.fill(-1);
        std::size_t next = 0;
        for (const bool printable : {true, false})
            for (int byte = 0; byte < 256; ++byte)
                if (isPrintable(byte) == printable)
                    order[next++] = static_cast<std::uint8_t>(byte);
        int standIn = firstStandIn;
        for (const std::uint8_t byte : order) {
            const int point = isPrintable(byte) ? byte : standIn++;
            byteOf[static_cast<std::size_t>(point)] = byte;
            std::string& symbol = symbols[byte];
            if (point < 0x80) {
                symbol = static_cast<char>(point);
            } else {
                symbol = static_cast<char>(0xC0 | (point >> 6));
                symbol += static_cast<char>(0x80 | (point & 0x3F));
            }
        }
    }
};

const Tables& tables() {
    static const Tables instance;
    return instance;
}

}  // namespace

const std::array<std::uint8_t, 256>& bytesInIdOrder() {
    return tables().order;
}

const std::array<std::string, 256>& byteSymbols() {
    return tables().symbols;
}

std::string toSymbols(std::string_view bytes) {
    std::string result;
    result.reserve(bytes.size() * 2);
    for (const char c : bytes)
        result += tables().symbols[static_cast<unsigned char>(c)];
    return result;
}

std::optional<std::string> fromSymbols(std::string_view symbols) {
    std::string result;
    result.reserve(symbols.size());
    for (std::size_t i = 0; i < symbols.size(); ++i) {
        int point = static_cast<unsigned char>(symbols[i]);
        if (point >= 0x80) {
            // Every symbol lies below U+0800, so a longer sequence is no symbol.
            if (point < 0xC2 || point > 0xDF || i + 1 >= symbols.size())
                return std::nullopt;
            point = ((point & 0x1F) << 6) | (static_cast<unsigned char>(symbols[++i]) & 0x3F);
        }
        if (point >= symbolLimit || tables().byteOf[static_cast<std::size_t>(point)] < 0)
            return std::nullopt;
        result += static_cast<char>(tables().byteOf[static_cast<std::size_t>(point)]);
    }
    return result;
}

}  // namespace saeception
