// SPDX-License-Identifier: GPL-3.0-or-later
// What sentence activations and their SAE features tell of the class: selectivity, clusters, probes.
#pragma once

#include "cycle/activation_store.h"
#include "cycle/metric_collector.h"
#include "cycle/prepare_stage.h"
#include "cycle/stage_context.h"
#include "sae/autoencoder.h"

#include <cstdint>
#include <functional>

namespace saeception {

/// Parts of evaluateRepresentation() that count as a step of progress.
inline constexpr int representationSteps = 6;

/// Adds base_*, sae_features_*, clustering_base_*, clustering_sae_*, probe_* and k_sparse_probe_*; calls
/// `advance` after each step. `seed` starts k-means. @throws Cancelled
void evaluateRepresentation(MetricCollector& metrics, const Autoencoder& sae, const ActivationStore& store,
                            const PreparedData& data, std::uint64_t seed, const StageContext& context,
                            const std::function<void()>& advance);

}  // namespace saeception
