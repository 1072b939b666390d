// SPDX-License-Identifier: GPL-3.0-or-later
// Writes a classifier as Hugging Face's transformers load it: config.json, model.safetensors and the
// tokenizer.
#pragma once

#include "data/tokenizer.h"
#include "model/gpt2.h"

#include <filesystem>
#include <string>
#include <vector>

namespace saeception {

/// Files that GPT2ForSequenceClassification.from_pretrained(folder) and GPT2TokenizerFast.from_pretrained
/// (folder) open; `folder` exists. The padding token is <|endoftext|>, as here. Returns the paths,
/// config.json, which is written last, first. @throws UserError naming the path.
std::vector<std::filesystem::path> exportTransformers(const Gpt2Classifier& model, const Tokenizer& tokenizer,
                                                      const std::vector<std::string>& classNames,
                                                      const std::filesystem::path& folder);

}  // namespace saeception
