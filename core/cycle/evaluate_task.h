// SPDX-License-Identifier: GPL-3.0-or-later
// Task metrics of one cycle: the classifier itself, and with its target layer replaced.
#pragma once

#include "cycle/activation_store.h"
#include "cycle/metric_collector.h"
#include "cycle/stage_context.h"
#include "model/gpt2.h"
#include "sae/autoencoder.h"

namespace saeception {

/// Adds task_*: accuracy, loss and F1 of the validation sentences, from the stored logits.
void evaluateTask(MetricCollector& metrics, const ActivationStore& store);

/// Adds sae_task_recovered_*, sae_spliced_* and sae_zero_ablated_*.
void evaluateSplicing(MetricCollector& metrics, const Gpt2Classifier& model, const Autoencoder& sae,
                      const ActivationStore& store, const StageContext& context);

}  // namespace saeception
