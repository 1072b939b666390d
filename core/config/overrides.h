// SPDX-License-Identifier: GPL-3.0-or-later
// Hydra's override grammar: what one word of the command line asks to change.
#pragma once

#include "config/override_functions.h"

#include <nlohmann/json.hpp>

#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace saeception {

enum class OverrideKind {
    Change,    ///< key=value: the key must exist
    Add,       ///< +key=value: the key must not exist
    ForceAdd,  ///< ++key=value
    Delete,    ///< ~key or ~key=value
};

/// Several values for one key; a sweep runs a job for each.
struct Sweep {
    std::vector<nlohmann::ordered_json> values;
    std::optional<Glob> glob;  ///< instead of `values`: options of the group
    bool simple = false;       ///< written a,b
};

struct Override {
    OverrideKind kind = OverrideKind::Change;
    std::string key;                     ///< "sae.k", or a group such as "model"
    std::optional<std::string> package;  ///< of group@package; "" is the root
    bool hasValue = true;
    nlohmann::ordered_json value;
    std::optional<Sweep> sweep;  ///< instead of `value`
    std::string text;            ///< as typed

    /// The part before "=": prefix, key, package.
    std::string keyText() const;
};

/// Parses one override. Values are typed as in Hydra: numbers, true/false, null, 'quoted' or "quoted" texts,
/// [lists], {key: value} dictionaries; anything else is a text, in which \ escapes , : = [ ] { } ( ) and
/// spaces. a,b, choice(), range() and glob() are sweeps; sort(), shuffle() and casts work on values and
/// sweeps. Interpolations ${...} stay as they are. @throws UserError naming the override and the remedy.
Override parseOverride(const std::string& text);

/// Refuses an override that is a sweep: outside a multirun one value is needed. @throws UserError
void requireOneValue(const Override& override);

}  // namespace saeception
