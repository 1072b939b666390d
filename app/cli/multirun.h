// SPDX-License-Identifier: GPL-3.0-or-later
// A sweep: its jobs composed first and run one after another, then compared.
#pragma once

#include "command.h"

namespace saeception {

/// Whether `line` asks for a sweep, by -m or by hydra.mode=MULTIRUN. @throws UserError
bool wantsMultirun(const CommandLine& line);

/// Runs the jobs of the sweep in multirun/DATE/TIME/N (hydra.sweep.dir, hydra.sweep.subdir) and writes
/// multirun.yaml and results.csv beside them. All jobs are composed, and their inputs looked for, before the
/// first starts. A job that fails does not stop the others; Ctrl-C does, after the present job's clean stop.
/// Returns the exit status: exitDone only if every job was done. @throws UserError for what is wrong before.
int runMultirun(const CommandLine& line);

}  // namespace saeception
