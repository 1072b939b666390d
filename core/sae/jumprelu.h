// SPDX-License-Identifier: GPL-3.0-or-later
// The JumpReLU autoencoder (Rajamanoharan et al. 2024, "Jumping ahead: improving reconstruction fidelity with
// JumpReLU sparse autoencoders"): z = pre * H(pre - theta) with pre = W x + b and a learned threshold theta >
// 0 for each feature, x^ = D z + c, loss = mean((x^ - x)^2) + penalty * mean active features a row.
#pragma once

#include "sae/relu_autoencoder.h"

namespace saeception {

struct JumpReluOptions {
    std::int64_t features = 0;
    double penalty = 1e-2;  ///< weight of the mean number of active features
    double bandwidth = 1e-2;
    double initialThreshold = 1e-2;
};

/// Thresholds get the paper's pseudo-derivatives through a rectangle kernel of width eps = bandwidth, with g
/// the loss's derivative for z: sum over rows with |pre - theta| < eps / 2 of -(theta / eps) g for the
/// reconstruction, and of -1 / eps times the penalty's weight for the count. They are learned as logarithms.
class JumpReluAutoencoder : public ReluAutoencoder {
public:
    JumpReluAutoencoder(std::int64_t inputSize, JumpReluOptions options);

    std::string_view type() const override { return "jumprelu"; }
    bool hasUnitDecoder() const override { return true; }
    std::span<const float> ownThresholds() const override;
    void afterStep() override;
    void initialise(const at::Tensor& sample, std::uint64_t seed) override;
    void restartFeatures(const std::vector<std::int32_t>& features, const at::Tensor& directions,
                         double encoderNorm) override;
    double sparsityPenalty(const SparseCode& code) const override;

    /// With "threshold" [features], all above zero.
    NamedTensors stateDict() const override;
    void loadStateDict(const NamedTensors& state, const std::string& origin) override;

protected:
    void appendActive(const at::Tensor& preActivations, SparseCode& code) const override;
    void addOwnGradients(const at::Tensor& preActivations, const at::Tensor& outputGradient,
                         double penaltyWeight) override;

private:
    JumpReluOptions m_options;
    at::Tensor m_logThreshold;  // [features]
    at::Tensor m_threshold;     // its exponential
};

}  // namespace saeception
