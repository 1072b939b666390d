// SPDX-License-Identifier: GPL-3.0-or-later
// GPT-2's printable stand-in for every byte, in which vocab.json and merges.txt are written.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace saeception {

/// The bytes in the order of their ids in a GPT-2 vocabulary: the printable ones of Latin-1 first, then the
/// others.
const std::array<std::uint8_t, 256>& bytesInIdOrder();

/// The UTF-8 text of each byte's symbol: printable bytes stand for themselves, the others for U+0100 onwards
/// (a space is U+0120). Source: bytes_to_unicode of GPT-2 (Radford et al. 2019).
const std::array<std::string, 256>& byteSymbols();

/// `bytes` written in symbols.
std::string toSymbols(std::string_view bytes);

/// The bytes that `symbols` stand for; nothing when a character is no byte's symbol.
std::optional<std::string> fromSymbols(std::string_view symbols);

}  // namespace saeception
