// SPDX-License-Identifier: GPL-3.0-or-later
// One line of a defaults list, taken apart, and the packages that such lines name.
#pragma once

#include <nlohmann/json.hpp>

#include <optional>
#include <string>
#include <vector>

namespace saeception {

struct DefaultsEntry {
    bool isSelf = false;                 ///< _self_
    bool isOverride = false;             ///< override group: option
    bool isOptional = false;             ///< optional group: option
    bool isFile = false;                 ///< a file by its path, not a group's option
    std::string group;                   ///< from the configuration folder; of a file its folder, "" for none
    std::optional<std::string> package;  ///< after @, as written
    std::vector<std::string> options;    ///< none: group: null
};

/// `ownGroup` is the group of the file that the line stands in. @throws UserError naming `origin`.
DefaultsEntry parseDefaultsEntry(const nlohmann::ordered_json& item, const std::string& ownGroup,
                                 const std::string& origin);

/// `package` as written in a file whose own package is `parent`: _global_ and what follows it count from the
/// root, _here_ is the parent's, _group_ is `own`; anything else counts from the parent's. "" is the root.
std::string resolvePackage(const std::string& package, const std::string& parent, const std::string& own);

/// The place that `group` has by itself below `parent`, seen from a file of `ownGroup`.
std::string ownPackage(const std::string& group, const std::string& ownGroup, const std::string& parent);

/// "model", or "model@teacher" where `package` is not the group's `own`.
std::string entryName(const std::string& group, const std::string& package, const std::string& own);

}  // namespace saeception
