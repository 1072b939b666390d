// SPDX-License-Identifier: GPL-3.0-or-later
// Task performance with the target layer replaced: by the SAE's reconstruction, and by zero for comparison.
#pragma once

#include "cycle/activation_store.h"
#include "cycle/stage_context.h"
#include "evaluation/classification.h"
#include "model/gpt2.h"
#include "sae/autoencoder.h"

namespace saeception {

/// One entry a sentence.
struct SplicedRows {
    ClassifiedRows spliced;
    ClassifiedRows zeroAblated;
};

/// Runs the rest of the model from the stored activations of `split`, with those rows that are SAE data
/// replaced. Tokens that it was not trained on (a skipped first token) keep their activation in both.
SplicedRows spliceReconstruction(const Gpt2Classifier& model, const Autoencoder& sae,
                                 const ActivationStore& store, SplitKind split, const StageContext& context);

}  // namespace saeception
