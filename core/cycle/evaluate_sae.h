// SPDX-License-Identifier: GPL-3.0-or-later
// What the autoencoder itself is worth: reconstruction, sparsity, recovered concepts, absorption.
#pragma once

#include "cycle/activation_store.h"
#include "cycle/metric_collector.h"
#include "cycle/prepare_stage.h"
#include "cycle/stage_context.h"
#include "sae/autoencoder.h"

#include <cstdint>

namespace saeception {

/// Adds sae_* and sparsity_* over the validation tokens that are SAE data, and the concepts where the data
/// knows them (sae_concepts_recovered_pct, sae_concept_NAME_f1, ..._auroc). Intervals resample sentences with
/// all their tokens. @throws Cancelled
void evaluateAutoencoder(MetricCollector& metrics, const Autoencoder& sae, const ActivationStore& store,
                         const PreparedData& data, const StageContext& context);

/// Adds absorption_*: first-letter absorption over the words of the training sentences that are one token
/// each, a fifth of them (drawn by `seed`) held out. Emits a warning on how little it says for small models.
/// @throws Cancelled
void evaluateAbsorption(MetricCollector& metrics, const Autoencoder& sae, const ActivationStore& store,
                        const PreparedData& data, std::uint64_t seed, const StageContext& context);

}  // namespace saeception
