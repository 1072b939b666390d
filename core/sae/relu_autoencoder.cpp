// SPDX-License-Identifier: GPL-3.0-or-later
#include "sae/relu_autoencoder.h"

#include "sae/code_gradients.h"
#include "sae/initialisation.h"
#include "sae/products.h"
#include "sae/selection.h"
#include "sae/state.h"

#include <algorithm>

namespace saeception {

ReluAutoencoder::ReluAutoencoder(std::int64_t inputSize, std::int64_t features)
    : Autoencoder(inputSize, features), m_fires(static_cast<std::size_t>(features)) {
    m_encoder = addParameter("encoder.weight", {m_features, m_inputSize});
    m_decoder = addParameter("decoder.weight", {m_features, m_inputSize});
    m_encoderBias = addParameter("encoder.bias", {m_features});
    m_decoderBias = addSharedParameter("decoder.bias", {m_inputSize});
}

at::Tensor ReluAutoencoder::decode(const SparseCode& code) const {
    const at::NoGradGuard noGrad;
    return decodeCode(code, m_decoder, m_decoderBias);
}

void ReluAutoencoder::initialise(const at::Tensor& sample, std::uint64_t seed) {
    const at::NoGradGuard noGrad;
    m_decoderBias.copy_(geometricMedian(sample));
    m_decoder.copy_(randomUnitRows(m_features, m_inputSize, seed));
    m_encoder.copy_(m_decoder);
    const at::Tensor centred = sample - m_decoderBias;
    at::Tensor reconstruction = at::empty_like(centred);
    forEachPreActivationBlock(centred, m_encoder, m_encoderBias.zero_(),
                              [&](const at::Tensor& preActivations, std::int64_t begin) {
                                  at::Tensor block = reconstruction.narrow(0, begin, preActivations.size(0));
                                  multiply(at::relu(preActivations), m_decoder, {}, block);
                              });
    // As for TopK, codes are positively homogeneous in W.
    m_encoder.mul_(leastSquaresScale(reconstruction, centred));
    m_encoderBias.copy_((m_encoder * m_decoderBias).sum(1)).neg_();
}

void ReluAutoencoder::restartFeatures(const std::vector<std::int32_t>& features, const at::Tensor& directions,
                                      double encoderNorm) {
    const at::NoGradGuard noGrad;
    const at::Tensor index = featureIndex(features);
    const at::Tensor encoderRows = directions * encoderNorm;
    m_decoder.index_copy_(0, index, directions);
    m_encoder.index_copy_(0, index, encoderRows);
    m_encoderBias.index_copy_(0, index, (encoderRows * m_decoderBias).sum(1).neg_());
}

SaeLosses ReluAutoencoder::computeGradients(const at::Tensor& rows, const std::vector<std::int32_t>&) {
    const at::NoGradGuard noGrad;
    for (SaeParameter& parameter : m_parameters)
        parameter.gradient.zero_();
    std::fill(m_fires.begin(), m_fires.end(), 0);

    const auto elements = static_cast<double>(rows.numel());
    const double rowShare = 1.0 / static_cast<double>(rows.size(0));
    const double penaltyWeight = m_penaltyShare * rowShare;
    at::Tensor decoderBiasGradient = m_parameters[OutputBias].gradient;
    SaeLosses losses;
    forEachPreActivationBlock(
        rows, m_encoder, m_encoderBias, [&](const at::Tensor& preActivations, std::int64_t begin) {
            const auto blockRows = static_cast<double>(preActivations.size(0));
            const at::Tensor input = rows.narrow(0, begin, preActivations.size(0));
            SparseCode code;
            code.features = m_features;
            appendActive(preActivations, code);
            const at::Tensor residual = input - decodeCode(code, m_decoder, m_decoderBias);
            const at::Tensor outputGradient = residual * (-2.0 / elements);
            backpropagateCode(code, input, outputGradient, m_decoder,
                              static_cast<float>(activationPenalty() * penaltyWeight),
                              {m_parameters[EncoderWeight].gradient, m_parameters[DecoderWeight].gradient,
                               m_parameters[LatentBias].gradient});
            addOwnGradients(preActivations, outputGradient, penaltyWeight);
            decoderBiasGradient.add_(outputGradient.sum(0));
            countFires(code, m_fires);
            losses.reconstruction += totalSquares(residual) / elements;
            losses.sparsity += sparsityPenalty(code) * blockRows * penaltyWeight;
            losses.l0 += static_cast<double>(code.nonZeros()) * rowShare;
        });
    losses.total = losses.reconstruction + losses.sparsity;
    return losses;
}

NamedTensors ReluAutoencoder::stateDict() const {
    const at::NoGradGuard noGrad;
    return {{"encoder.weight", m_encoder.clone()},
            {"encoder.bias", m_encoderBias.clone()},
            {"decoder.weight", m_decoder.t().contiguous()},
            {"decoder.bias", m_decoderBias.clone()}};
}

void ReluAutoencoder::loadStateDict(const NamedTensors& state, const std::string& origin) {
    const at::NoGradGuard noGrad;
    const at::Tensor encoder = stateTensor(state, "encoder.weight", {m_features, m_inputSize}, origin);
    const at::Tensor decoder = stateTensor(state, "decoder.weight", {m_inputSize, m_features}, origin);
    const at::Tensor encoderBias = stateTensor(state, "encoder.bias", {m_features}, origin);
    m_decoderBias.copy_(stateTensor(state, "decoder.bias", {m_inputSize}, origin));
    m_encoder.copy_(encoder);
    m_decoder.copy_(decoder.t());
    m_encoderBias.copy_(encoderBias);
}

}  // namespace saeception
