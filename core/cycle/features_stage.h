// SPDX-License-Identifier: GPL-3.0-or-later
// The features stage: one pass over the store encodes every sentence and builds the cycle's feature index.
#pragma once

#include "cycle/activation_store.h"
#include "cycle/prepare_stage.h"
#include "cycle/stage_context.h"
#include "sae/autoencoder.h"

namespace saeception {

void indexFeatures(const Autoencoder& sae, const ActivationStore& store, const PreparedData& data, int cycle,
                   const StageContext& context);

}  // namespace saeception
