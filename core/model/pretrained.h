// SPDX-License-Identifier: GPL-3.0-or-later
// Makes the classifier that `model.init` asks for, and rebuilds the one that a run has saved.
#pragma once

#include "config/config.h"
#include "model/gpt2.h"

#include <cstdint>
#include <filesystem>

namespace saeception {

/// model.init: "random"; FILE.safetensors with config.json beside it (or FILE.config.json); DIR with
/// model.safetensors and config.json; FILE.pt (its shapes decide, num_heads comes from the configuration or
/// its config.json). Sizes come from config.json when there is one, else from `config.model`. A missing
/// score.weight is drawn from `seed`. With random weights the vocabulary is `tokenizerVocabSize`.
/// @throws UserError naming the file, the tensor and both shapes, or the size that disagrees; also when the
/// tokenizer's vocabulary does not fit into the model's.
Gpt2Classifier makeModel(const ExperimentConfig& config, int tokenizerVocabSize, std::uint64_t seed);

/// The sizes of what makeModel() makes, told without reading weights: from config.json where there is one,
/// else from `config.model`. @throws UserError for a config.json that is malformed.
Gpt2Config expectedSizes(const ExperimentConfig& config, int tokenizerVocabSize);

/// The classifier saved in a run's model_cycle_N_best.pt, ours or Python's: sizes and number of classes from
/// its tensors; what no tensor tells (heads, epsilon) from the checkpoint's own 'num_heads' and
/// 'layer_norm_epsilon', else from the config.json of model.init, else from `config.model`, whose
/// hidden_size must then be the tensors' (a config that names a published GPT-2 as hf_path needs neither).
/// @throws UserError naming the file and the tensor with both shapes where they disagree, also when
/// score.weight has not dataset.num_classes rows.
Gpt2Classifier loadClassifier(const std::filesystem::path& checkpoint, const ExperimentConfig& config);

}  // namespace saeception
