// SPDX-License-Identifier: GPL-3.0-or-later
// Resolves ${...} in a composed tree: other keys, environment variables, the time.
#pragma once

#include <nlohmann/json.hpp>

#include <string>

namespace saeception {

/// Replaces every interpolation in `tree`: ${a.b} (from the root, of any type when it is the whole text),
/// ${.b} and ${..b} (relative), ${oc.env:NAME} and ${oc.env:NAME,default}, ${now:FORMAT} (strftime), nested
/// ones from the inside out. \${ is a literal ${. @throws UserError for unknown keys (with the nearest),
/// cycles, unset variables, unknown resolvers, and for values still ??? (mandatory).
nlohmann::ordered_json resolveInterpolations(const nlohmann::ordered_json& tree);

/// The same for the text at `key` of `tree` alone.
nlohmann::ordered_json resolveValue(const std::string& text, const std::string& key,
                                    const nlohmann::ordered_json& tree);

/// The same for one text that stands outside the tree (such as hydra.run.dir).
std::string resolveText(const std::string& text, const nlohmann::ordered_json& tree);

}  // namespace saeception
