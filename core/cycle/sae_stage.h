// SPDX-License-Identifier: GPL-3.0-or-later
// The SAE stage: train an autoencoder on the stored activations, keep the epoch with the least loss on the
// validation split.
#pragma once

#include "cycle/activation_store.h"
#include "cycle/stage_context.h"
#include "sae/autoencoder.h"

#include <memory>

namespace saeception {

/// Also writes checkpoints/sae_cycle_N_best.pt.
std::unique_ptr<Autoencoder> trainSae(const ActivationStore& store, int cycle, const StageContext& context);

}  // namespace saeception
