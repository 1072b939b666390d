// SPDX-License-Identifier: GPL-3.0-or-later
// The nearest known word to a mistyped one, for error messages.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace saeception {

/// Edits (insert, delete, replace, swap neighbours) from `a` to `b`, ignoring ASCII case: optimal string
/// alignment distance.
int editDistance(std::string_view a, std::string_view b);

/// The candidate nearest to `word`; for dotted names a match of the last part alone counts as near. Empty if
/// none is near.
std::string nearest(std::string_view word, std::span<const std::string> candidates);

/// " Did you mean 'x'?" or the empty string.
std::string didYouMean(std::string_view word, std::span<const std::string> candidates);

}  // namespace saeception
