// SPDX-License-Identifier: GPL-3.0-or-later
// The functions of Hydra's extended override grammar: sweeps (choice, range, glob), their order (sort,
// shuffle) and casts.
#pragma once

#include <nlohmann/json.hpp>

#include <string>
#include <variant>
#include <vector>

namespace saeception {

/// One of several values: choice(a,b), or simply a,b.
struct Choice {
    std::vector<nlohmann::ordered_json> values;
    bool simple = false;  ///< written a,b
};

/// start + i * step, below `stop` (above it for a negative step). Whole numbers stay whole numbers.
struct Range {
    nlohmann::ordered_json start;
    nlohmann::ordered_json stop;
    nlohmann::ordered_json step;
};

/// The options of a group whose names match one of `include` and none of `exclude` (shell patterns).
struct Glob {
    std::vector<std::string> include;
    std::vector<std::string> exclude;
};

/// All numbers between two; only optimising sweepers can draw from it.
struct Interval {
    double start = 0;
    double end = 0;
};

/// What an element of an override may be while it is being read.
using Operand = std::variant<nlohmann::ordered_json, Choice, Range, Glob, Interval>;

struct Argument {
    std::string name;  ///< empty: given by position
    Operand value;
};

/// Largest number of values of one range, and of jobs of one sweep.
inline constexpr std::size_t largestSweep = 10000;

/// Whether `word` may be the name of a function.
bool isIdentifier(const std::string& word);

/// @throws UserError naming `text` (the whole override) and the nearest function if there is none called
/// `name`.
void requireFunction(const std::string& name, const std::string& text);

/// Calls choice, range, glob, interval, tag, sort, shuffle, int, float, str, bool or json_str as Hydra 1.3
/// does. shuffle draws from the text of the override, so that the same line gives the same order each time.
/// @throws UserError naming `text` (the whole override), the function and the remedy.
Operand callFunction(const std::string& name, const std::vector<Argument>& arguments,
                     const std::string& text);

/// The numbers of a range. @throws UserError if they never end or are more than largestSweep.
std::vector<nlohmann::ordered_json> rangeValues(const Range& range, const std::string& text);

}  // namespace saeception
