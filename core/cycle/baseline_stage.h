// SPDX-License-Identifier: GPL-3.0-or-later
// The baseline stage: fine-tune the initial model on the task alone; opens cycle 0.
#pragma once

#include "cycle/prepare_stage.h"
#include "cycle/stage_context.h"
#include "model/gpt2.h"

namespace saeception {

/// Makes the model that model.init asks for, trains it, and leaves model_cycle_0_best.pt.
Gpt2Classifier trainBaseline(const PreparedData& data, const StageContext& context);

}  // namespace saeception
