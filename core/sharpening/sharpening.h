// SPDX-License-Identifier: GPL-3.0-or-later
// Sharpened targets and the losses towards them: the two ends that meet in auxiliary training.
#pragma once

#include "base/torch_headers.h"
#include "config/config.h"
#include "sae/autoencoder.h"

#include <cstdint>
#include <span>
#include <string>

namespace saeception {

/// Target activations [n, d], row i for example i: decode(what the strategy keeps of example i's code), or
/// unit vectors drawn from `randomSeed` for sharpening.type=random. code: the sentence activations of the
/// frozen model, encoded, in example order; labels [n]. @throws UserError for an unknown strategy.
at::Tensor sharpenedTargets(const SharpeningConfig& config, const Autoencoder& sae, const SparseCode& code,
                            std::span<const std::int32_t> labels, int classes, std::uint64_t randomSeed = 0);

/// The second loss of auxiliary training, between activations and targets.
enum class AuxiliaryLoss {
    Cosine,  ///< 1 - mean cosine similarity: directions only
    Mse      ///< mean squared difference: directions and lengths
};

/// The loss that cycle.aux_loss names: "cosine" or "mse". @throws UserError for anything else.
AuxiliaryLoss auxiliaryLossNamed(const std::string& name);

/// Differentiable in `activations`; both [n, d].
at::Tensor auxiliaryLoss(AuxiliaryLoss kind, const at::Tensor& activations, const at::Tensor& targets);

/// 1 - mean over rows of cos(activation, target): 0 when aligned. Differentiable in `activations`; both [n,
/// d].
at::Tensor cosineDistance(const at::Tensor& activations, const at::Tensor& targets);

/// Mean of (activation - target)^2 over all n * d elements. Differentiable in `activations`; both [n, d].
at::Tensor meanSquaredDifference(const at::Tensor& activations, const at::Tensor& targets);

}  // namespace saeception
