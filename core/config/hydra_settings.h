// SPDX-License-Identifier: GPL-3.0-or-later
// Those of Hydra's own settings that are understood: folders, job name, mode and the sweep's parameters.
#pragma once

#include <nlohmann/json.hpp>

#include <map>
#include <string>
#include <vector>

namespace saeception {

/// "hydra.run.dir, hydra.sweep.dir, ...": the settings that may be given, for messages.
std::string hydraSettingNames();

/// What stands below "hydra" before files and overrides are laid over it.
nlohmann::ordered_json defaultHydraTree(const std::string& jobName);

/// Whether `key` ("hydra", "hydra.run.dir", "hydra/launcher") belongs to Hydra itself.
bool isHydraKey(const std::string& key);

/// Checks `value`, which `origin` (a file, an override) lays at `path` below "hydra" ("" is all of it).
/// @throws UserError for a setting that is not understood or a value that does not fit.
void checkHydraSetting(const std::string& path, const nlohmann::ordered_json& value,
                       const std::string& origin);

/// hydra.sweeper.params as overrides: "sae.k=25,50", in the order of the file.
std::vector<std::string> sweeperOverrides(const nlohmann::ordered_json& hydra);

}  // namespace saeception
