// SPDX-License-Identifier: GPL-3.0-or-later
// What the autoencoders with an affine encoder and decoder share (l1, jumprelu): pre = W x + b, z = pre where
// it exceeds a threshold of 0 or more, x^ = D z + c, and a penalty on activity.
#pragma once

#include "sae/autoencoder.h"

namespace saeception {

class ReluAutoencoder : public Autoencoder {
public:
    at::Tensor decode(const SparseCode& code) const override;

    /// c = geometric median, D random unit directions, W = D rescaled from the data, b = -W c.
    void initialise(const at::Tensor& sample, std::uint64_t seed) override;
    void restartFeatures(const std::vector<std::int32_t>& features, const at::Tensor& directions,
                         double encoderNorm) override;
    void setPenaltyShare(double share) override { m_penaltyShare = share; }

    /// Loss = mean((x^ - x)^2) + share * penalty, a block of rows at a time. `dead` is not used: these kinds
    /// are revived by resampling.
    SaeLosses computeGradients(const at::Tensor& rows, const std::vector<std::int32_t>& dead) override;
    const std::vector<std::int32_t>& lastFires() const override { return m_fires; }

    NamedTensors stateDict() const override;
    void loadStateDict(const NamedTensors& state, const std::string& origin) override;

protected:
    ReluAutoencoder(std::int64_t inputSize, std::int64_t features);
    /// Derivative of the penalty, summed over rows, for an active feature's activation, at its full weight.
    virtual double activationPenalty() const { return 0; }
    /// Adds a block's gradients for what only this kind has. `penaltyWeight`: of one row's penalty in the
    /// loss of the batch.
    virtual void addOwnGradients(const at::Tensor& /*preActivations*/, const at::Tensor& /*outputGradient*/,
                                 double /*penaltyWeight*/) {}

    at::Tensor m_encoder;      // [features, input]
    at::Tensor m_decoder;      // [features, input]
    at::Tensor m_encoderBias;  // [features]
    at::Tensor m_decoderBias;  // [input]

private:
    double m_penaltyShare = 1;
    std::vector<std::int32_t> m_fires;
};

}  // namespace saeception
