// SPDX-License-Identifier: GPL-3.0-or-later
// The stages of each command, in order: reading what is needed, making what is asked for.
#pragma once

#include "cycle/job_plan.h"
#include "cycle/stage_context.h"

#include <functional>
#include <map>

namespace saeception {

/// Runs the stages of `plan.command` in `context.directory`, which is context.config's run. `ready` is called
/// once, when every input has been read and found to fit and before anything is made or replaced; model sizes
/// that nobody recorded are in `config` by then. `evaluated` receives the metrics of each evaluated cycle.
/// Running the stages one command at a time gives the same files, bit for bit, as running them in one loop:
/// every stage derives its random numbers from (seed, purpose, cycle), and what passes from one to the next
/// is exactly what its file holds. @throws UserError, Cancelled
void runStages(const JobPlan& plan, ExperimentConfig& config, const StageContext& context,
               const std::function<void()>& ready, std::map<int, MetricTable>& evaluated);

}  // namespace saeception
