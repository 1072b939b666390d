// SPDX-License-Identifier: GPL-3.0-or-later
#include "sae/topk.h"

#include "base/error.h"
#include "sae/code_gradients.h"
#include "sae/initialisation.h"
#include "sae/products.h"
#include "sae/selection.h"
#include "sae/state.h"

#include <algorithm>

namespace saeception {

TopKAutoencoder::TopKAutoencoder(std::int64_t inputSize, TopKOptions options)
    : Autoencoder(inputSize, options.features),
      m_options(options),
      m_fires(static_cast<std::size_t>(options.features)) {
    if (options.k < 1 || options.k > options.features)
        fail("sae.k={} does not fit {} features; use 1 to {}", options.k, options.features, options.features);
    m_encoder = addParameter("encoder.weight", {m_features, m_inputSize});
    m_decoder = addParameter("decoder.weight", {m_features, m_inputSize});
    m_latentBias = addParameter("latent_bias", {m_features});
    m_preBias = addSharedParameter("pre_bias", {m_inputSize});
}

void TopKAutoencoder::appendDead(const at::Tensor& preActivations, const at::Tensor& dead,
                                 SparseCode* auxCode) const {
    if (auxCode != nullptr)
        appendTop(preActivations.index_select(1, dead), std::min(m_options.auxK, dead.size(0)),
                  dead.data_ptr<std::int64_t>(), *auxCode);
}

SparseCode TopKAutoencoder::select(const at::Tensor& centred, const at::Tensor& dead, SparseCode* auxCode) {
    SparseCode code;
    code.features = m_features;
    forEachPreActivationBlock(centred, m_encoder, m_latentBias,
                              [&](const at::Tensor& preActivations, std::int64_t) {
                                  appendTop(preActivations, m_options.k, nullptr, code);
                                  appendDead(preActivations, dead, auxCode);
                              });
    return code;
}

void TopKAutoencoder::appendActive(const at::Tensor& preActivations, SparseCode& code) const {
    appendTop(preActivations, m_options.k, nullptr, code);
}

float TopKAutoencoder::rowThreshold(const SparseCode::Row& code) const {
    const bool full = static_cast<std::int64_t>(code.size()) == m_options.k;
    return full ? *std::min_element(code.values.begin(), code.values.end()) : 0;
}

at::Tensor TopKAutoencoder::decode(const SparseCode& code) const {
    const at::NoGradGuard noGrad;
    return decodeCode(code, m_decoder, m_preBias);
}

void TopKAutoencoder::initialise(const at::Tensor& sample, std::uint64_t seed) {
    const at::NoGradGuard noGrad;
    m_preBias.copy_(geometricMedian(sample));
    m_encoder.copy_(randomUnitRows(m_features, m_inputSize, seed));
    m_decoder.copy_(m_encoder);
    m_latentBias.zero_();
    // Codes are positively homogeneous in W: the least-squares scale of the reconstruction is the scale of
    // the encoder.
    const at::Tensor centred = sample - m_preBias;
    m_encoder.mul_(leastSquaresScale(decodeCode(select(centred, {}, nullptr), m_decoder, {}), centred));
}

void TopKAutoencoder::restartFeatures(const std::vector<std::int32_t>& features, const at::Tensor& directions,
                                      double encoderNorm) {
    const at::NoGradGuard noGrad;
    const at::Tensor index = featureIndex(features);
    m_decoder.index_copy_(0, index, directions);
    m_encoder.index_copy_(0, index, directions * encoderNorm);
    m_latentBias.index_fill_(0, index, 0);
}

void TopKAutoencoder::backpropagate(const SparseCode& code, const at::Tensor& centred,
                                    const at::Tensor& outputGradient) {
    backpropagateCode(code, centred, outputGradient, m_decoder, 0,
                      {m_parameters[EncoderWeight].gradient, m_parameters[DecoderWeight].gradient,
                       m_parameters[LatentBias].gradient});
}

double TopKAutoencoder::backpropagateAuxiliary(const SparseCode& auxCode, const at::Tensor& centred,
                                               const at::Tensor& residual, double elements) {
    const at::Tensor error = decodeCode(auxCode, m_decoder, {}) - residual;
    const at::Tensor variance = residual.var(at::IntArrayRef{1}, false, true).clamp_min(1e-12);
    TopKAutoencoder::backpropagate(auxCode, centred,
                                   error / variance * (2.0 * m_options.auxCoefficient / elements));
    return totalSquares(error / variance.sqrt());
}

SaeLosses TopKAutoencoder::computeGradients(const at::Tensor& rows, const std::vector<std::int32_t>& dead) {
    const at::NoGradGuard noGrad;
    const bool revive = m_options.auxK > 0 && !dead.empty();
    const at::Tensor deadIndex = revive ? featureIndex(dead) : at::Tensor();
    for (SaeParameter& parameter : m_parameters)
        parameter.gradient.zero_();
    std::fill(m_fires.begin(), m_fires.end(), 0);
    at::Tensor preBiasGradient = m_parameters[OutputBias].gradient;

    const auto elements = static_cast<double>(rows.numel());
    SaeLosses losses;
    std::int64_t active = 0;
    const std::int64_t step = rowsAtOnce(rows.size(0));
    for (std::int64_t begin = 0; begin < rows.size(0); begin += step) {
        const at::Tensor part = rows.narrow(0, begin, std::min(step, rows.size(0) - begin));
        const at::Tensor centred = part - m_preBias;
        SparseCode auxCode;
        auxCode.features = m_features;
        const SparseCode code = select(centred, deadIndex, revive ? &auxCode : nullptr);
        const at::Tensor residual = part - decodeCode(code, m_decoder, m_preBias);
        const at::Tensor outputGradient = residual * (-2.0 / elements);
        backpropagate(code, centred, outputGradient);
        preBiasGradient.add_(outputGradient.sum(0));
        countFires(code, m_fires);
        active += code.nonZeros();
        losses.reconstruction += totalSquares(residual) / elements;
        if (revive)
            losses.auxiliary += backpropagateAuxiliary(auxCode, centred, residual, elements) / elements;
    }
    losses.total = losses.reconstruction + m_options.auxCoefficient * losses.auxiliary;
    losses.l0 = static_cast<double>(active) / static_cast<double>(rows.size(0));
    // pre_bias adds to the output and is taken from the input of every pre-activation.
    preBiasGradient.sub_(weightedRowSum(m_encoder, m_parameters[LatentBias].gradient));
    return losses;
}

NamedTensors TopKAutoencoder::stateDict() const {
    const at::NoGradGuard noGrad;
    return {{"encoder.weight", m_encoder.clone()},
            {"decoder.weight", m_decoder.t().contiguous()},
            {"latent_bias", m_latentBias.clone()},
            {"pre_bias", m_preBias.clone()}};
}

void TopKAutoencoder::loadStateDict(const NamedTensors& state, const std::string& origin) {
    const at::NoGradGuard noGrad;
    // All tensors are checked before the first is taken over.
    const at::Tensor encoder = stateTensor(state, "encoder.weight", {m_features, m_inputSize}, origin);
    const at::Tensor decoder = stateTensor(state, "decoder.weight", {m_inputSize, m_features}, origin);
    const at::Tensor latentBias = stateTensor(state, "latent_bias", {m_features}, origin);
    m_preBias.copy_(stateTensor(state, "pre_bias", {m_inputSize}, origin));
    m_encoder.copy_(encoder);
    m_decoder.copy_(decoder.t());
    m_latentBias.copy_(latentBias);
}

}  // namespace saeception
