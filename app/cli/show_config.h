// SPDX-License-Identifier: GPL-3.0-or-later
// --cfg: the composed configuration printed instead of run.
#pragma once

#include "command.h"

namespace saeception {

/// Prints what `line.command` would run with: of every job where it asks for a sweep, as one YAML document
/// each. Returns the exit status. @throws UserError
int showConfiguration(const CommandLine& line);

}  // namespace saeception
