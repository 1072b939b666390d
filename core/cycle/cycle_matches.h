// SPDX-License-Identifier: GPL-3.0-or-later
// What became of a run's features from one cycle to the next: read where it is known, else worked out.
// Torch-free.
#pragma once

#include "base/step_control.h"
#include "cycle/run_directory.h"
#include "features/feature_index.h"
#include "features/feature_matches.h"

#include <optional>

namespace saeception {

/// The matches of `after` (cycle n) with `before` (cycle n - 1) that the run keeps, if they are of these very
/// weights and sentences; nothing where they are missing, damaged or of others.
std::optional<FeatureMatches> keptMatches(const RunDirectory& run, const FeatureIndex& before,
                                          const FeatureIndex& after);

/// Matches both cycles by their indexes and the decoders in sae_cycle_N_best.pt, and keeps the result in
/// features/cycle_N/matches.safetensors. @throws UserError when a checkpoint cannot be read; Cancelled
FeatureMatches makeMatches(const RunDirectory& run, const FeatureIndex& before, const FeatureIndex& after,
                           const StepControl& steps = {});

}  // namespace saeception
