// SPDX-License-Identifier: GPL-3.0-or-later
// What a feature index tells beside what its pass over the sentences counts, from the weights of model and
// autoencoder.
#pragma once

#include "cycle/activation_store.h"
#include "cycle/features_stage.h"
#include "cycle/prepare_stage.h"
#include "features/index_supplement.h"
#include "model/gpt2.h"
#include "sae/autoencoder.h"

#include <functional>

namespace saeception {

/// Sentences over which the mean of ln_f's scale is taken, at most: validation ones, at even distances.
inline constexpr int scaleSentences = 1024;

/// `advance` is called after each of its four parts. `block`: whose output the autoencoder reads. `fires`: of
/// each feature, how often; those that never fire have no neighbours and no place on the map. `concepts`:
/// none where the data set knows none.
IndexSupplement makeSupplement(const Gpt2Classifier& model, std::int64_t block, const Autoencoder& sae,
                               const ActivationStore& store, const PreparedData& data,
                               const std::vector<std::int64_t>& fires, const ConceptRows& concepts,
                               const StepControl& steps, const std::function<void()>& advance);

/// The mean over sentences of what ln_f multiplies its input with at the last token, 1 / sqrt(variance +
/// epsilon).
double meanInverseScale(const Gpt2Classifier& model, std::int64_t block, const ActivationStore& store,
                        const StepControl& steps);

}  // namespace saeception
