// SPDX-License-Identifier: GPL-3.0-or-later
// A multirun taken apart: from the values to sweep over to the overrides of each job.
#pragma once

#include "config/compose.h"

#include <string>
#include <vector>

namespace saeception {

/// One job of a sweep.
struct SweepJob {
    std::vector<std::string> overrides;  ///< for ComposeRequest::overrides, Hydra's own settings included
    std::vector<std::string> swept;      ///< those of them in which jobs differ: "sae.k=25"
};

struct SweepPlan {
    bool multirun = false;  ///< asked for, or hydra.mode=MULTIRUN in a file or override
    std::vector<SweepJob> jobs;
};

/// The jobs that `request` asks for, of which `multirun` says whether -m was given; without a sweep `jobs` is
/// empty. hydra.sweeper.params come first, then the overrides, of which the last for a key wins; every
/// combination is a job, the last key fastest. No job's configuration is composed yet. @throws UserError
SweepPlan planSweep(const ComposeRequest& request, bool multirun);

/// Whether `request` asks for a sweep by itself, through hydra.mode=MULTIRUN. @throws UserError
bool asksForSweep(const ComposeRequest& request);

}  // namespace saeception
