// SPDX-License-Identifier: GPL-3.0-or-later
// .hydra/ of a run: what was asked for, in the files in which Hydra keeps it.
#pragma once

#include "config/compose.h"
#include "cycle/run_directory.h"

#include <string>

namespace saeception {

/// Writes config.yaml, overrides.yaml and hydra.yaml, each whole or not at all; those of an earlier command
/// in the same run are replaced. A config.yaml with keys that mean nothing here (another program's) is first
/// kept as config.original.yaml. With `folder`, they are written into that folder of .hydra instead and the
/// run's own record stays. @throws UserError
void writeHydraRecord(const RunDirectory& run, const std::string& command, const Composition& composition,
                      const std::string& folder = {});

}  // namespace saeception
