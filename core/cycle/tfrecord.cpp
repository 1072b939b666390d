// SPDX-License-Identifier: GPL-3.0-or-later
#include "cycle/tfrecord.h"

#include <array>

namespace saeception {
namespace {

constexpr std::array<std::uint32_t, 256> makeTable() {
    std::array<std::uint32_t, 256> table{};
    for (std::uint32_t byte = 0; byte < 256; ++byte) {
        std::uint32_t remainder = byte;
        for (int bit = 0; bit < 8; ++bit)
            remainder = (remainder >> 1) ^ ((remainder & 1U) != 0 ? 0x82F63B78U : 0U);
        table[byte] = remainder;
    }
    return table;
}

constexpr std::array<std::uint32_t, 256> crcTable = makeTable();

std::string littleEndian(std::uint64_t value, int bytes) {
    std::string text;
    for (int i = 0; i < bytes; ++i)
        text += static_cast<char>(value >> (8 * i) & 0xFF);
    return text;
}

std::string maskedChecksum(std::string_view bytes) {
    const std::uint32_t crc = crc32c(bytes);
    return littleEndian(((crc >> 15) | (crc << 17)) + 0xA282EAD8U, 4);
}

}  // namespace

std::uint32_t crc32c(std::string_view bytes) {
    std::uint32_t crc = 0xFFFFFFFFU;
    for (const char byte : bytes)
        crc = (crc >> 8) ^ crcTable[(crc ^ static_cast<unsigned char>(byte)) & 0xFFU];
    return ~crc;
}

std::string tfRecord(std::string_view payload) {
    const std::string length = littleEndian(payload.size(), 8);
    std::string record = length + maskedChecksum(length);
    record += payload;
    record += maskedChecksum(payload);
    return record;
}

}  // namespace saeception
