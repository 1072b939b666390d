// SPDX-License-Identifier: GPL-3.0-or-later
// GPT-2's two tokenizer files: vocab.json (symbol -> id) and merges.txt (one merge a line, in order of rank).
#pragma once

#include "data/bpe_model.h"

#include <filesystem>

namespace saeception {

/// Whether both files are there; nothing is read. @throws UserError naming the one that is missing.
void checkTokenizerFiles(const std::filesystem::path& directory);

/// Reads both files and checks that they agree: ids 0..n-1 without gaps, every byte and <|endoftext|>
/// present, every merge's parts and product in the vocabulary, no merge twice. Windows line ends and a
/// `#version` line are allowed.
/// @throws UserError naming the file, the line where there is one, and the remedy.
BpeModel readTokenizerFiles(const std::filesystem::path& directory);

/// Writes both files into `directory`, which is created if need be. @throws UserError
void writeTokenizerFiles(const BpeModel& model, const std::filesystem::path& directory);

}  // namespace saeception
