// SPDX-License-Identifier: GPL-3.0-or-later
// --estimate: what a command would take, told instead of running it.
#pragma once

#include "command.h"

namespace saeception {

/// Prints what `line.command` would take: one job's stages, or a line for each job of a sweep. Makes nothing.
/// Returns the exit status. @throws UserError
int estimateCommand(const CommandLine& line);

}  // namespace saeception
