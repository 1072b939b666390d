// SPDX-License-Identifier: GPL-3.0-or-later
// The training loop that the baseline and the auxiliary stage share: epochs of AdamW on the classifier, with
// or without a second loss that pulls sentence activations towards stored targets.
#pragma once

#include "base/torch_headers.h"
#include "cycle/batch_tensors.h"
#include "cycle/prepare_stage.h"
#include "cycle/stage_context.h"
#include "model/gpt2.h"
#include "model/pt_file.h"
#include "sharpening/sharpening.h"

#include <cstdint>
#include <filesystem>
#include <optional>

namespace saeception {

/// The auxiliary loss: weight * loss(a, target), a being the sentence activation leaving `block`.
struct AuxiliaryObjective {
    at::Tensor targets;  ///< [training examples, d], row i belongs to example i
    double weight = 0;   ///< lambda; 0 still measures the loss but does not train on it
    std::int64_t block = 0;
    AuxiliaryLoss loss = AuxiliaryLoss::Cosine;
};

struct FineTuningPlan {
    Stage stage = Stage::Baseline;
    int cycle = 0;
    std::uint64_t seed = 0;  ///< of dropout
    std::filesystem::path checkpoint;
    /// Unset: the whole model trains. Set: embeddings and blocks before this one stay as they are.
    std::optional<std::int64_t> firstTrainableBlock;
    std::optional<AuxiliaryObjective> auxiliary;
    PtDict origin;  ///< what else the checkpoint is to tell of how it was made
};

struct ValidationScore {
    double loss = 0;      ///< mean cross-entropy, nats
    double accuracy = 0;  ///< 0..1
};

struct FineTuningLosses {
    double task = 0;       ///< mean cross-entropy of the batch, nats
    double auxiliary = 0;  ///< before its weight; 0 without an auxiliary objective
    std::int64_t correct = 0;
};

/// Forward and backward of one batch of `plan`; gradients accumulate in the parameters, scaled by `scale`.
FineTuningLosses accumulateGradients(const Gpt2Classifier& model, const BatchTensors& batch,
                                     DropoutKey& dropout, const FineTuningPlan& plan, double scale);

/// Trains `model` for config.model.epochs_per_cycle epochs and leaves it at its best epoch (validation
/// accuracy, then loss), which is also what `plan.checkpoint` holds after each epoch. Frozen blocks run
/// without dropout and without gradients.
void fineTune(Gpt2Classifier& model, const PreparedData& data, const FineTuningPlan& plan,
              const StageContext& context);

/// Loss and accuracy over a split.
ValidationScore score(const Gpt2Classifier& model, const TokenizedSplit& split, std::int32_t padId,
                      int batchSize, const StepControl& steps);

}  // namespace saeception
