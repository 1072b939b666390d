// SPDX-License-Identifier: GPL-3.0-or-later
// The ReLU autoencoder with an L1 penalty (Bricken et al. 2023): z = relu(W x + b), x^ = D z + c, loss =
// mean((x^ - x)^2) + penalty * mean over rows of sum |z|. The decoder is not constrained.
#pragma once

#include "sae/relu_autoencoder.h"

namespace saeception {

struct L1Options {
    std::int64_t features = 0;
    double penalty = 2e-3;
};

class L1Autoencoder : public ReluAutoencoder {
public:
    L1Autoencoder(std::int64_t inputSize, L1Options options)
        : ReluAutoencoder(inputSize, options.features), m_penalty(options.penalty) {}

    std::string_view type() const override { return "l1"; }
    bool hasUnitDecoder() const override { return false; }
    double restartNormShare() const override { return 0.2; }
    double sparsityPenalty(const SparseCode& code) const override;

protected:
    void appendActive(const at::Tensor& preActivations, SparseCode& code) const override;
    double activationPenalty() const override { return m_penalty; }

private:
    double m_penalty;
};

}  // namespace saeception
