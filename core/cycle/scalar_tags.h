// SPDX-License-Identifier: GPL-3.0-or-later
// The tags of every curve, once. Stages emit them; charts, TensorBoard and metrics.jsonl show them.
#pragma once

namespace saeception::tags {

inline constexpr char trainLoss[] = "train/loss";  ///< total, mean over the steps since the last point
inline constexpr char trainTaskLoss[] = "train/task_loss";  ///< cross-entropy, nats
inline constexpr char trainAuxiliaryLoss[] =
    "train/auxiliary_loss";  ///< towards the targets (cycle.aux_loss), before lambda
inline constexpr char trainAccuracy[] = "train/accuracy";  ///< 0..1, over the same steps as train/loss
inline constexpr char trainLearningRate[] = "train/learning_rate";
inline constexpr char trainGradientNorm[] = "train/gradient_norm";  ///< before clipping
inline constexpr char trainTokensPerSecond[] = "train/tokens_per_second";
inline constexpr char validationLoss[] = "validation/loss";           ///< after each epoch
inline constexpr char validationAccuracy[] = "validation/accuracy";   ///< 0..1, after each epoch
inline constexpr char auxiliaryLossEpoch[] = "epoch/auxiliary_loss";  ///< mean over each epoch
inline constexpr char saeLoss[] = "sae/loss";                         ///< total SAE loss
inline constexpr char saeReconstruction[] = "sae/reconstruction_loss";
inline constexpr char saeSparsityLoss[] = "sae/sparsity_loss";  ///< l1, jumprelu: weighted, with its warm-up
inline constexpr char saeAuxiliaryLoss[] = "sae/auxiliary_loss";  ///< AuxK before its coefficient
inline constexpr char saeExplainedVariance[] = "sae/explained_variance";
inline constexpr char saeL0[] = "sae/l0";             ///< mean active features a row
inline constexpr char saeDeadPct[] = "sae/dead_pct";  ///< %, by dead_tokens_threshold
inline constexpr char saeValidationReconstruction[] =
    "sae/validation_reconstruction_loss";  ///< after each epoch, in the units of training
inline constexpr char saeValidationExplainedVariance[] = "sae/validation_explained_variance";
inline constexpr char saeValidationL0[] = "sae/validation_l0";
inline constexpr char saeLearningRate[] = "sae/learning_rate";
inline constexpr char saeGradientNorm[] = "sae/gradient_norm";  ///< before clipping
inline constexpr char saeTokensPerSecond[] = "sae/tokens_per_second";

}  // namespace saeception::tags
