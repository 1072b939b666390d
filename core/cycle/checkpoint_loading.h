// SPDX-License-Identifier: GPL-3.0-or-later
// Model and autoencoder of an earlier stage, read back and checked against the configuration.
#pragma once

#include "cycle/prepare_stage.h"
#include "model/gpt2.h"
#include "sae/autoencoder.h"

#include <filesystem>
#include <memory>

namespace saeception {

/// The classifier of `file`. @throws UserError in one line naming the file, the tensor and both shapes where
/// hidden size, layers, positions, classes or vocabulary are not those of `config` and `data`.
/// `sizesAreKnown` false: `config` does not know the model's sizes, and the file's are not compared.
Gpt2Classifier loadStageModel(const std::filesystem::path& file, const ExperimentConfig& config,
                              const PreparedData& data, bool sizesAreKnown);

/// The autoencoder of `file` for a model of `hiddenSize`. @throws UserError as loadStageModel, also when the
/// number of features is not what sae.expansion_factor asks for. Warns where it was trained with another k
/// than sae.k asks for: its own is used.
std::unique_ptr<Autoencoder> loadStageSae(const std::filesystem::path& file, std::int64_t hiddenSize,
                                          const StageContext& context);

/// The sizes of `model` in a configuration that did not know them.
void recordSizes(const Gpt2Classifier& model, ModelConfig& config);

}  // namespace saeception
