// SPDX-License-Identifier: GPL-3.0-or-later
// Dotted paths in configuration trees: looking up, setting, erasing, merging.
#pragma once

#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace saeception {

/// "a.b.0" -> {"a", "b", "0"}; a[0] means a.0.
std::vector<std::string> splitPath(const std::string& path);

/// The node at `path` (list items by index), or nullptr.
nlohmann::ordered_json* findNode(nlohmann::ordered_json& tree, const std::string& path);
const nlohmann::ordered_json* findNode(const nlohmann::ordered_json& tree, const std::string& path);

/// Lays `source` over `target`: dictionaries key by key, everything else replaced whole.
void mergeTree(nlohmann::ordered_json& target, const nlohmann::ordered_json& source);

/// Merges `value` in at `path`, making dictionaries on the way. Fails (returns false) where the way leads
/// through a value.
bool mergeAt(nlohmann::ordered_json& tree, const std::string& path, const nlohmann::ordered_json& value);

/// Removes the node at `path`; false if there is none.
bool eraseNode(nlohmann::ordered_json& tree, const std::string& path);

}  // namespace saeception
