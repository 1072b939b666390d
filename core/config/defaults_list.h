// SPDX-License-Identifier: GPL-3.0-or-later
// Hydra's defaults list: which files a configuration is made of, in the order in which they are laid over one
// another.
#pragma once

#include "config/config_source.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace saeception {

/// Group choices asked for on the command line.
struct GroupRequest {
    std::string group;
    std::optional<std::string> package;  ///< of group@package; "" is the root
    std::optional<std::string> option;   ///< none: leave the group out
    bool add = false;                    ///< +group=option
    bool remove = false;                 ///< ~group or ~group=option
    std::string text;                    ///< as typed

    /// Where the option goes in the tree; "" is the root.
    std::string place() const;
    /// The entry's name: "model", or "model@teacher" where the package is not the group's own.
    std::string entry() const;
};

/// One file to merge, at its place in the tree ("" = the root).
struct DefaultsLayer {
    std::string package;
    const ConfigFile* file = nullptr;
    std::string entry;  ///< the primary configuration's entry that brought it in; empty for its own content
};

struct DefaultsResult {
    std::vector<DefaultsLayer> layers;           ///< in the order of merging
    std::map<std::string, std::string> choices;  ///< entry -> option
    /// Entry -> the file whose "override /group: option" made the choice.
    std::map<std::string, std::string> chosenBy;
};

/// Expands the primary configuration `name`. A choice made on the command line wins over "override /group:
/// option" in a file (of several the last wins), which wins over the plain entry. @throws UserError naming
/// file, group or option.
DefaultsResult expandDefaults(ConfigSource& source, const std::string& name,
                              const std::vector<GroupRequest>& requests);

}  // namespace saeception
