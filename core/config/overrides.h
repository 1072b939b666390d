// SPDX-License-Identifier: GPL-3.0-or-later
// Hydra's override grammar: what one word of the command line asks to change.
#pragma once

#include <nlohmann/json.hpp>

#include <string>

namespace saeception {

enum class OverrideKind {
    Change,    ///< key=value: the key must exist
    Add,       ///< +key=value: the key must not exist
    ForceAdd,  ///< ++key=value
    Delete,    ///< ~key or ~key=value
};

struct Override {
    OverrideKind kind = OverrideKind::Change;
    std::string key;  ///< "sae.k", or a group such as "model"
    bool hasValue = true;
    nlohmann::ordered_json value;
    std::string text;  ///< as typed
};

/// Parses one override. Values are typed as in Hydra: numbers, true/false, null, 'quoted' or "quoted" texts,
/// [lists], {key: value} dictionaries; anything else is a text, in which \ escapes , : = [ ] { } ( ) and
/// spaces. Interpolations ${...} stay as they are. @throws UserError naming the override and the remedy.
Override parseOverride(const std::string& text);

}  // namespace saeception
