// SPDX-License-Identifier: GPL-3.0-or-later
// A run's recorded configuration as the ground that a later stage of the same run stands on.
#pragma once

#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace saeception {

/// Lays what the schema knows of `base` (the content of a run's .hydra/config.yaml) over `tree`, its
/// interpolations resolved. Returns the dotted names of the rest, which has no effect: keys that are unknown
/// here (other programs write such files too), that hold nothing (null, ???), or whose value is declined here
/// for a reason that concerns the machine and not the run (device: cuda, wandb.mode: online).
std::vector<std::string> layBase(nlohmann::ordered_json& tree, const nlohmann::ordered_json& base);

/// Whether `base` says how large its model is.
bool knowsModelSizes(const nlohmann::ordered_json& base);

}  // namespace saeception
