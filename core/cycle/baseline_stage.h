// SPDX-License-Identifier: GPL-3.0-or-later
// The baseline stage: fine-tune the initial model on the task alone; opens cycle 0.
#pragma once

#include "cycle/prepare_stage.h"
#include "cycle/stage_context.h"
#include "model/gpt2.h"

namespace saeception {

/// The model that model.init asks for. @throws UserError where a file is wrong or does not fit the config.
Gpt2Classifier makeInitialModel(const PreparedData& data, const StageContext& context);

/// Trains `model` in place and leaves model_cycle_0_best.pt.
void trainBaseline(Gpt2Classifier& model, const PreparedData& data, const StageContext& context);

}  // namespace saeception
