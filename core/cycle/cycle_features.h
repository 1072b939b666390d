// SPDX-License-Identifier: GPL-3.0-or-later
// The feature index of a run's cycle, opened only where it belongs to the checkpoints beside it. Torch-free.
#pragma once

#include "cycle/run_directory.h"
#include "features/feature_index.h"

#include <string>

namespace saeception {

/// @throws UnusableIndex in one line with the command that builds it anew, when the index is missing,
/// damaged, of another version, or was made from other weights than model_cycle_N_best.pt and
/// sae_cycle_N_best.pt hold now. Where a checkpoint is gone there is nothing to compare with.
FeatureIndex openCycleFeatures(const RunDirectory& run, int cycle);

/// The command line that builds the index of `cycle` anew.
std::string buildIndexCommand(const RunDirectory& run, int cycle);

}  // namespace saeception
