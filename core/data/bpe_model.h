// SPDX-License-Identifier: GPL-3.0-or-later
// A byte-pair encoding as data: its tokens and its merges, whether read from files or trained.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace saeception {

inline constexpr std::string_view endOfTextSymbol = "<|endoftext|>";

struct BpeMerge {
    std::int32_t left = 0;
    std::int32_t right = 0;
    std::int32_t product = 0;
};

struct BpeModel {
    std::vector<std::string> symbols;  ///< by id, as vocab.json writes them
    std::vector<std::string> bytes;    ///< by id, what they stand for
    std::vector<BpeMerge> merges;      ///< by rank, the first to be applied first
    std::int32_t endOfText = 0;
};

}  // namespace saeception
