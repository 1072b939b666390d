// SPDX-License-Identifier: GPL-3.0-or-later
// The evaluate stage: every metric of one cycle, measured on the validation split and saved as
// results_cycle_N.{pt,json}.
#pragma once

#include "cycle/activation_store.h"
#include "cycle/prepare_stage.h"
#include "cycle/stage_context.h"
#include "model/gpt2.h"
#include "sae/autoencoder.h"

namespace saeception {

/// Steps of progress of the stage.
int evaluationSteps(const ExperimentConfig& config);

MetricTable evaluateCycle(const Gpt2Classifier& model, const Autoencoder& sae, const ActivationStore& store,
                          const PreparedData& data, int cycle, const StageContext& context);

}  // namespace saeception
