// SPDX-License-Identifier: GPL-3.0-or-later
// The first half of composition: schema, files and overrides laid over one another, nothing resolved yet.
#pragma once

#include "config/compose.h"
#include "config/config_source.h"

#include <nlohmann/json.hpp>

#include <map>
#include <string>
#include <vector>

namespace saeception {

struct ComposedLayers {
    nlohmann::ordered_json tree;  ///< every key as written, and Hydra's own settings and facts below "hydra"
    std::map<std::string, std::string> choices;
    std::vector<std::string> overrides;    ///< as typed, without Hydra's own
    std::vector<std::string> ignoredKeys;  ///< of the base
};

/// @throws UserError naming the override, file, key, group or choice.
ComposedLayers composeLayers(const ComposeRequest& request, ConfigSource& source);

}  // namespace saeception
