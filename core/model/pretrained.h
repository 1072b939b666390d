// SPDX-License-Identifier: GPL-3.0-or-later
// Makes the classifier that `model.init` asks for: random weights, or those of a safetensors or `.pt` file.
#pragma once

#include "config/config.h"
#include "model/gpt2.h"

#include <cstdint>

namespace saeception {

/// model.init: "random"; FILE.safetensors with config.json beside it (or FILE.config.json); DIR with
/// model.safetensors and config.json; FILE.pt (its shapes decide, num_heads comes from the configuration or
/// its config.json). Sizes come from config.json when there is one, else from `config.model`. A missing
/// score.weight is drawn from `seed`. With random weights the vocabulary is `tokenizerVocabSize`.
/// @throws UserError naming the file, the tensor and both shapes, or the size that disagrees; also when the
/// tokenizer's vocabulary does not fit into the model's.
Gpt2Classifier makeModel(const ExperimentConfig& config, int tokenizerVocabSize, std::uint64_t seed);

}  // namespace saeception
