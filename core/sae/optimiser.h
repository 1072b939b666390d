// SPDX-License-Identifier: GPL-3.0-or-later
// The step that follows computeGradients: Adam, with decoder rows kept at unit length.
#pragma once

#include "model/adamw.h"
#include "sae/autoencoder.h"

#include <cstdint>
#include <vector>

namespace saeception {

struct SaeOptimiserOptions {
    double learningRate = 1e-3;
    double weightDecay = 0;
    bool projectDecoderGradient =
        true;                ///< remove the gradient along each decoder row, which renormalising would undo
    double maxGradNorm = 0;  ///< largest 2-norm of all gradients together; 0 = no clipping
};

class SaeOptimiser {
public:
    /// `sae` must outlive the optimiser and keep its parameter tensors.
    SaeOptimiser(Autoencoder& sae, const SaeOptimiserOptions& options);
    /// Applies the gradients that the last computeGradients left, at `rateFactor` times the learning rate.
    /// @return their 2-norm before clipping. @throws UserError if it is not finite; the weights are then
    /// unchanged.
    double step(double rateFactor = 1);
    /// Forgets the moments of `features`, as resampling requires.
    void resetFeatures(const std::vector<std::int32_t>& features);

private:
    Autoencoder& m_sae;
    SaeOptimiserOptions m_options;
    AdamW m_adam;
};

}  // namespace saeception
