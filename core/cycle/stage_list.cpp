// SPDX-License-Identifier: GPL-3.0-or-later
#include "cycle/stage_list.h"

#include "cycle/stage_commands.h"

namespace saeception {

std::vector<PlannedStage> plannedStages(const JobPlan& plan) {
    std::vector<PlannedStage> stages = {{Stage::Prepare, plan.composition.config.cycle.current}};
    int extracted = -1;
    for (const Artefact& artefact : artefactsToMake(plan)) {
        const Stage stage = stageOf(artefact);
        const int from = stage == Stage::Auxiliary ? artefact.cycle - 1 : artefact.cycle;
        if (stage != Stage::Baseline && from != extracted) {
            stages.push_back({Stage::Extract, from});
            extracted = from;
        }
        stages.push_back({stage, artefact.cycle});
    }
    return stages;
}

}  // namespace saeception
