// SPDX-License-Identifier: GPL-3.0-or-later
// The extract stage: the frozen model reads both splits once; its target layer's activations and its logits
// go to the store.
#pragma once

#include "cycle/activation_store.h"
#include "cycle/prepare_stage.h"
#include "cycle/stage_context.h"
#include "model/gpt2.h"

#include <filesystem>
#include <vector>

namespace saeception {

/// Reuses the first of `kept` (earlier stores) that these very weights, sentences and settings made, as its
/// metadata tells; else reads both splits and leaves cache/activations_cycle_N.safetensors.
ActivationStore extractActivations(const Gpt2Classifier& model, const PreparedData& data, int cycle,
                                   const StageContext& context,
                                   const std::vector<std::filesystem::path>& kept = {});

}  // namespace saeception
