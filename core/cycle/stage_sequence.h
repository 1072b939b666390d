// SPDX-License-Identifier: GPL-3.0-or-later
// The stages of each command, in order: reading what is needed, making what is asked for.
#pragma once

#include "cycle/job_plan.h"
#include "cycle/stage_context.h"

#include <functional>
#include <map>

namespace saeception {

/// Makes artefactsToMake(plan), stage by stage, in `context.directory`, which is context.config's run.
/// `ready` is called once, when what the first stage needs has been read and found to fit and before anything
/// is made or replaced; model sizes that nobody recorded are in `config` by then. `evaluated` receives the
/// metrics of each cycle that is evaluated. Running the stages one command at a time, or from where an
/// unfinished loop was cut, gives the same files, bit for bit, as running them in one loop: every stage
/// derives its random numbers from (seed, purpose, cycle), and what passes from one to the next is exactly
/// what its file holds. @throws UserError, Cancelled
void runStages(const JobPlan& plan, ExperimentConfig& config, const StageContext& context,
               const std::function<void()>& ready, std::map<int, MetricTable>& evaluated);

}  // namespace saeception
