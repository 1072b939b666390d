// SPDX-License-Identifier: GPL-3.0-or-later
// The stages that a job runs through, in order, told from its plan. Torch-free.
#pragma once

#include "cycle/events.h"
#include "cycle/job_plan.h"

#include <vector>

namespace saeception {

struct PlannedStage {
    Stage stage{};
    int cycle = 0;
    bool operator==(const PlannedStage&) const = default;
};

/// Every stage that runStages() announces for `plan`: preparing the data, what makes artefactsToMake(plan),
/// and before it the extraction of the activations that it is made from, where they are not at hand.
std::vector<PlannedStage> plannedStages(const JobPlan& plan);

}  // namespace saeception
