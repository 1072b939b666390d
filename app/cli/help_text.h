// SPDX-License-Identifier: GPL-3.0-or-later
// What --help says: the commands, and every key with its default, range and meaning, out of the schema.
#pragma once

#include "command.h"

#include <cstdio>
#include <string>

namespace saeception {

/// The commands, a line each.
void printProgramHelp(std::FILE* stream);

/// Usage, flags, groups with their options, and all keys, for commands that take a configuration.
void printConfigHelp(const Command& command);

/// The same as one text, wrapped at `width` columns.
std::string configHelp(const Command& command, std::size_t width);

}  // namespace saeception
