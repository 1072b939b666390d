// SPDX-License-Identifier: GPL-3.0-or-later
// Training on rescaled activations (sae.normalize_activations) and folding the scale into the weights
// afterwards, so that every saved autoencoder reads activations as the model gives them.
#pragma once

#include "model/tensor_io.h"

#include <cstdint>
#include <vector>

namespace saeception {

/// s = sqrt(d) / mean 2-norm of the rows `which` of `activations` [n, d]; 1 when all of them are zero.
double expectedNormScale(const at::Tensor& activations, const std::vector<std::int64_t>& which);

/// The state of an autoencoder that does to x what `state` does to scale * x: codes and reconstructions are
/// 1/scale of what they were. Autoencoders are positively homogeneous: weight matrices stay, biases and
/// thresholds are divided by scale.
NamedTensors foldScale(NamedTensors state, double scale);

}  // namespace saeception
