// SPDX-License-Identifier: GPL-3.0-or-later
// The TopK autoencoder (Gao et al. 2024, "Scaling and evaluating sparse autoencoders"): z = topk(relu(W (x -
// pre_bias) + latent_bias)), x^ = D z + pre_bias. The forward encoder product is dense; everything after the
// selection touches only the k active features.
#pragma once

#include "sae/autoencoder.h"

namespace saeception {

struct TopKOptions {
    std::int64_t features = 0;
    std::int64_t k = 32;    ///< active features a row
    std::int64_t auxK = 0;  ///< dead features a row that the auxiliary loss decodes; 0 = none
    double auxCoefficient = 1.0 / 32.0;
};

class TopKAutoencoder : public Autoencoder {
public:
    TopKAutoencoder(std::int64_t inputSize, TopKOptions options);

    std::string_view type() const override { return "topk"; }
    bool hasUnitDecoder() const override { return true; }
    float rowThreshold(const SparseCode::Row& code) const override;
    at::Tensor decode(const SparseCode& code) const override;
    void initialise(const at::Tensor& sample, std::uint64_t seed) override;
    void restartFeatures(const std::vector<std::int32_t>& features, const at::Tensor& directions,
                         double encoderNorm) override;

    /// Loss = mean((x^ - x)^2) + auxCoefficient * AuxK. AuxK: the top auxK dead features'
    /// relu(pre-activations) decode, without pre_bias, the residual e = x - x^ (held constant); squared error
    /// a row over the residual row's variance.
    SaeLosses computeGradients(const at::Tensor& rows, const std::vector<std::int32_t>& dead) override;
    const std::vector<std::int32_t>& lastFires() const override { return m_fires; }

    NamedTensors stateDict() const override;
    void loadStateDict(const NamedTensors& state, const std::string& origin) override;

protected:
    at::Tensor encoderInput(const at::Tensor& rows) const override { return rows - m_preBias; }
    void appendActive(const at::Tensor& preActivations, SparseCode& code) const override;
    /// Rows that one call of select and backpropagate sees, of a batch of `batchRows`.
    virtual std::int64_t rowsAtOnce(std::int64_t batchRows) const { return batchRows; }
    /// The code that training uses for `centred` = rows - pre_bias [n, input]; with `auxCode`, that also gets
    /// the code of the `dead` features (int64).
    virtual SparseCode select(const at::Tensor& centred, const at::Tensor& dead, SparseCode* auxCode);
    /// Adds the gradients of the rows last given to select.
    virtual void backpropagate(const SparseCode& code, const at::Tensor& centred,
                               const at::Tensor& outputGradient);
    /// Appends the code of the dead features to `auxCode`, unless that is null.
    void appendDead(const at::Tensor& preActivations, const at::Tensor& dead, SparseCode* auxCode) const;

    TopKOptions m_options;
    at::Tensor m_encoder;     // [features, input]
    at::Tensor m_decoder;     // [features, input], rows of unit length
    at::Tensor m_latentBias;  // [features]
    at::Tensor m_preBias;     // [input]

private:
    /// Adds the gradients of the auxiliary loss; returns its sum over rows and columns.
    double backpropagateAuxiliary(const SparseCode& auxCode, const at::Tensor& centred,
                                  const at::Tensor& residual, double elements);

    std::vector<std::int32_t> m_fires;
};

}  // namespace saeception
