// SPDX-License-Identifier: GPL-3.0-or-later
// The auxiliary stage: sharpen the SAE's features into targets, then retrain the model towards them; opens
// cycle n >= 1.
#pragma once

#include "cycle/activation_store.h"
#include "cycle/prepare_stage.h"
#include "cycle/stage_context.h"
#include "model/gpt2.h"
#include "sae/autoencoder.h"

namespace saeception {

/// `model`, `sae` and `store` are those of cycle - 1. Writes the targets (row = example id) into the cache,
/// trains `model` in place with everything before the target layer frozen, and leaves model_cycle_N_best.pt.
/// With start_from=baseline the weights of cycle 0, read from `baseline` (empty: the run's own checkpoint),
/// are the starting point instead of the previous cycle's.
void trainAuxiliary(Gpt2Classifier& model, const Autoencoder& sae, const ActivationStore& store,
                    const PreparedData& data, int cycle, const StageContext& context,
                    std::filesystem::path baseline = {});

/// How the model of `checkpoint` was made from the cycle before it, as the file tells: strategy and share.
/// `otherwise` for files that do not. @throws UserError when the file cannot be read
SharpeningConfig sharpeningOf(const std::filesystem::path& checkpoint, const SharpeningConfig& otherwise);

}  // namespace saeception
