// SPDX-License-Identifier: GPL-3.0-or-later
// The overrides of one run sorted by what they change: group choices, keys, and Hydra's own settings.
#pragma once

#include "config/config_source.h"
#include "config/defaults_list.h"
#include "config/overrides.h"

#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace saeception {

struct OverridePlan {
    std::vector<GroupRequest> groups;
    std::vector<Override> values;    ///< of keys and of Hydra's settings, in the order typed
    std::vector<std::string> task;   ///< as typed, all but Hydra's own
    std::vector<std::string> hydra;  ///< as typed, Hydra's own
};

/// @throws UserError for a malformed override, a sweep, a group that does not exist and a setting of Hydra's
/// that is not understood.
OverridePlan planOverrides(const std::vector<std::string>& overrides, const ConfigSource& source);

/// Changes, adds or deletes what `override` says. @throws UserError in the words of Hydra, with the nearest
/// key.
void applyOverride(nlohmann::ordered_json& tree, const Override& override, const ConfigSource& source);

}  // namespace saeception
