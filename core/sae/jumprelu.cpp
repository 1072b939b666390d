// SPDX-License-Identifier: GPL-3.0-or-later
#include "sae/jumprelu.h"

#include "base/error.h"
#include "sae/selection.h"
#include "sae/sparse_kernels.h"
#include "sae/state.h"

#include <algorithm>
#include <cmath>

namespace saeception {

JumpReluAutoencoder::JumpReluAutoencoder(std::int64_t inputSize, JumpReluOptions options)
    : ReluAutoencoder(inputSize, options.features), m_options(options) {
    m_logThreshold = addParameter("log_threshold", {m_features});
    m_logThreshold.fill_(std::log(options.initialThreshold));
    m_threshold = m_logThreshold.exp();
}

std::span<const float> JumpReluAutoencoder::ownThresholds() const {
    return {m_threshold.data_ptr<float>(), static_cast<std::size_t>(m_features)};
}

void JumpReluAutoencoder::afterStep() {
    ReluAutoencoder::afterStep();
    const at::NoGradGuard noGrad;
    m_threshold.copy_(m_logThreshold.exp());
}

void JumpReluAutoencoder::initialise(const at::Tensor& sample, std::uint64_t seed) {
    ReluAutoencoder::initialise(sample, seed);
    const at::NoGradGuard noGrad;
    m_logThreshold.fill_(std::log(m_options.initialThreshold));
    m_threshold.copy_(m_logThreshold.exp());
}

void JumpReluAutoencoder::restartFeatures(const std::vector<std::int32_t>& features,
                                          const at::Tensor& directions, double encoderNorm) {
    ReluAutoencoder::restartFeatures(features, directions, encoderNorm);
    const at::NoGradGuard noGrad;
    m_logThreshold.index_fill_(0, featureIndex(features), std::log(m_options.initialThreshold));
    m_threshold.copy_(m_logThreshold.exp());
}

double JumpReluAutoencoder::sparsityPenalty(const SparseCode& code) const {
    return m_options.penalty * static_cast<double>(code.nonZeros()) /
           static_cast<double>(std::max<std::int64_t>(1, code.rows()));
}

void JumpReluAutoencoder::appendActive(const at::Tensor& preActivations, SparseCode& code) const {
    appendAbove(preActivations, m_threshold, code);
}

void JumpReluAutoencoder::addOwnGradients(const at::Tensor& preActivations, const at::Tensor& outputGradient,
                                          double penaltyWeight) {
    const double half = m_options.bandwidth / 2;
    SparseCode near;
    near.features = m_features;
    appendBetween(preActivations, m_threshold - half, m_threshold + half, near);
    const std::vector<float> codeGradient = sparseCodeGradient(near, m_decoder, outputGradient);

    at::Tensor gradient = m_parameters[4].gradient;
    float* const result = gradient.data_ptr<float>();
    const float* const threshold = m_threshold.data_ptr<float>();
    const double countWeight = m_options.penalty * penaltyWeight;
    for (std::size_t e = 0; e < codeGradient.size(); ++e) {
        const std::int32_t f = near.columns[e];
        const double byThreshold = -(threshold[f] * codeGradient[e] + countWeight) / m_options.bandwidth;
        result[f] += static_cast<float>(byThreshold * threshold[f]);
    }
}

NamedTensors JumpReluAutoencoder::stateDict() const {
    NamedTensors state = ReluAutoencoder::stateDict();
    state.emplace_back("threshold", m_threshold.clone());
    return state;
}

void JumpReluAutoencoder::loadStateDict(const NamedTensors& state, const std::string& origin) {
    const at::NoGradGuard noGrad;
    const at::Tensor threshold = stateTensor(state, "threshold", {m_features}, origin);
    if (!(threshold.min().item<float>() > 0) || !at::isfinite(threshold).all().item<bool>())
        fail("{}: threshold holds values that are not above zero; it is not that of a JumpReLU autoencoder",
             origin);
    ReluAutoencoder::loadStateDict(state, origin);
    m_threshold.copy_(threshold);
    m_logThreshold.copy_(threshold.log());
}

}  // namespace saeception
