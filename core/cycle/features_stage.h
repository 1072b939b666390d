// SPDX-License-Identifier: GPL-3.0-or-later
// The features stage: one pass over the store encodes every sentence and builds the cycle's feature index.
#pragma once

#include "cycle/activation_store.h"
#include "cycle/prepare_stage.h"
#include "cycle/stage_context.h"
#include "features/feature_index_builder.h"
#include "sae/autoencoder.h"

#include <cstdint>
#include <functional>

namespace saeception {

/// Adds the sentences of one split to `builder`, a few thousand tokens at a time; `advance` is told how many
/// sentences each piece held.
void addToIndex(const Autoencoder& sae, const ActivationStore& store, SplitKind kind, const SaeConfig& config,
                FeatureIndexBuilder& builder, const std::function<void(std::int64_t)>& advance);

void indexFeatures(const Autoencoder& sae, const ActivationStore& store, const PreparedData& data, int cycle,
                   const StageContext& context);

}  // namespace saeception
