// SPDX-License-Identifier: GPL-3.0-or-later
// The BatchTopK autoencoder (Bussmann, Leask and Nanda 2024): training keeps the n * k largest activations of
// a batch of n rows, so that rows may differ in how many they need; encode() keeps what exceeds one threshold
// for all features, so that a row's code does not depend on its neighbours.
#pragma once

#include "sae/topk.h"

namespace saeception {

class BatchTopKAutoencoder : public TopKAutoencoder {
public:
    using TopKAutoencoder::TopKAutoencoder;
    std::string_view type() const override { return "batch_topk"; }

    float rowThreshold(const SparseCode::Row&) const override { return m_threshold; }
    void initialise(const at::Tensor& sample, std::uint64_t seed) override;
    SaeLosses computeGradients(const at::Tensor& rows, const std::vector<std::int32_t>& dead) override;

    /// Running mean, over about the last hundred full batches, of the smallest activation that a batch kept.
    float threshold() const { return m_threshold; }

    /// With "threshold", a number (a tensor without dimensions).
    NamedTensors stateDict() const override;
    void loadStateDict(const NamedTensors& state, const std::string& origin) override;

protected:
    /// relu(pre-activations) where they exceed threshold().
    void appendActive(const at::Tensor& preActivations, SparseCode& code) const override;
    SparseCode select(const at::Tensor& centred, const at::Tensor& dead, SparseCode* auxCode) override;

private:
    float m_threshold = 0;
    float m_smallestKept =
        0;  // of the last select; 0 when it had no more positive activations than asked for
    double m_rowsAveraged = 0;  // that the running mean stands for
};

}  // namespace saeception
