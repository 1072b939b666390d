// SPDX-License-Identifier: GPL-3.0-or-later
// Feature indexes of any size for benchmarks, and a tokenizer of GPT-2's size.
#pragma once

#include "data/tokenizer.h"

#include <cstdint>
#include <filesystem>

namespace saeception {

/// Tokens of one to four letters besides GPT-2's bytes, benchVocabulary in all. Leaves its files in `folder`.
Tokenizer letterTokenizer(const std::filesystem::path& folder);

/// Writes an index of `features` over `sentences` of SST-2's lengths, from random codes, k a token, with
/// random directions behind effects, neighbours and map.
void writeRandomIndex(const std::filesystem::path& file, const Tokenizer& tokenizer, int features, int k,
                      std::int64_t sentences, int cycle = 0);

}  // namespace saeception
