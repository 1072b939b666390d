// SPDX-License-Identifier: GPL-3.0-or-later
// Resolves ${...} in a composed tree: other keys, environment variables, the time, Hydra's own facts.
#pragma once

#include <nlohmann/json.hpp>

#include <ctime>
#include <string>

namespace saeception {

/// Replaces every interpolation in `tree`: ${a.b} and ${a[0]} (from the root, of any type when it is the
/// whole text), ${.b} and ${..b} (relative), ${oc.env:NAME} and ${oc.env:NAME,default},
/// ${oc.select:KEY,default},
/// ${now:FORMAT} (strftime of `now`), ${hydra:runtime.output_dir} (the key below "hydra" of the root), nested
/// ones from the inside out. \${ is a literal ${. @throws UserError for unknown keys (with the nearest),
/// cycles, texts that grow beyond 1 MB, unset variables, unknown resolvers, and for values still ???
/// (mandatory).
nlohmann::ordered_json resolveInterpolations(const nlohmann::ordered_json& tree,
                                             std::time_t now = std::time(nullptr));

/// The same for `value` alone, which stands at `key` of `root`.
nlohmann::ordered_json resolveValue(const nlohmann::ordered_json& value, const std::string& key,
                                    const nlohmann::ordered_json& root, std::time_t now = std::time(nullptr));

/// Whether `value` is a text that holds an interpolation, or the mark ??? of a value that must be given.
bool isUnresolved(const nlohmann::ordered_json& value);

}  // namespace saeception
