// SPDX-License-Identifier: GPL-3.0-or-later
// Sharpened targets and the loss towards them: the two ends that meet in auxiliary training.
#pragma once

#include "base/torch_headers.h"
#include "config/config.h"
#include "sae/autoencoder.h"

#include <cstdint>
#include <span>

namespace saeception {

/// Target activations [n, d], row i for example i: decode(what the strategy keeps of example i's code).
/// code: the sentence activations of the frozen model, encoded, in example order; labels [n].
at::Tensor sharpenedTargets(const SharpeningConfig& config, const Autoencoder& sae, const SparseCode& code,
                            std::span<const std::int32_t> labels, int classes);

/// 1 - mean over rows of cos(activation, target): 0 when aligned. Differentiable in `activations`; both [n,
/// d].
at::Tensor cosineDistance(const at::Tensor& activations, const at::Tensor& targets);

}  // namespace saeception
