// SPDX-License-Identifier: GPL-3.0-or-later
#include "sae/autoencoder.h"

#include "base/error.h"
#include "sae/batch_topk.h"
#include "sae/jumprelu.h"
#include "sae/l1.h"
#include "sae/selection.h"
#include "sae/topk_ste.h"

namespace saeception {

const SaeParameter& Autoencoder::parameter(std::string_view name) const {
    for (const SaeParameter& parameter : m_parameters)
        if (parameter.name == name)
            return parameter;
    fail("the {} autoencoder has no parameter {}", type(), name);
}

SparseCode Autoencoder::encode(const at::Tensor& rows, const EncodingVisitor& visit) const {
    const at::NoGradGuard noGrad;
    SparseCode code;
    code.features = m_features;
    forEachPreActivationBlock(encoderInput(rows), m_parameters[EncoderWeight].value,
                              m_parameters[LatentBias].value,
                              [&](const at::Tensor& preActivations, std::int64_t first) {
                                  appendActive(preActivations, code);
                                  if (visit)
                                      visit(preActivations, first, code);
                              });
    return code;
}

void Autoencoder::afterStep() {
    if (!hasUnitDecoder())
        return;
    const at::NoGradGuard noGrad;
    const at::Tensor decoder = parameter("decoder.weight").value;
    decoder.div_(decoder.norm(2, at::IntArrayRef{1}, true).clamp_min(1e-12));
}

at::Tensor Autoencoder::addParameter(std::string name, at::IntArrayRef shape) {
    m_parameters.push_back({std::move(name), at::zeros(shape), at::zeros(shape), true});
    return m_parameters.back().value;
}

at::Tensor Autoencoder::addSharedParameter(std::string name, at::IntArrayRef shape) {
    const at::Tensor value = addParameter(std::move(name), shape);
    m_parameters.back().perFeature = false;
    return value;
}

at::Tensor Autoencoder::featureIndex(const std::vector<std::int32_t>& features) {
    return at::tensor(std::vector<std::int64_t>(features.begin(), features.end()), at::kLong);
}

std::unique_ptr<Autoencoder> makeAutoencoder(const SaeConfig& config, std::int64_t inputSize,
                                             std::int64_t features) {
    if (features == 0)
        features = inputSize * config.expansionFactor;
    const TopKOptions topK{features, config.k, config.auxK, config.auxKCoef};
    if (config.saeType == "topk")
        return std::make_unique<TopKAutoencoder>(inputSize, topK);
    if (config.saeType == "topk_ste")
        return std::make_unique<TopKSteAutoencoder>(inputSize, topK);
    if (config.saeType == "batch_topk")
        return std::make_unique<BatchTopKAutoencoder>(inputSize, topK);
    if (config.saeType == "jumprelu")
        return std::make_unique<JumpReluAutoencoder>(
            inputSize,
            JumpReluOptions{features, config.l0Penalty, config.bandwidth, config.initialThreshold});
    if (config.saeType == "l1")
        return std::make_unique<L1Autoencoder>(inputSize, L1Options{features, config.l1Penalty});
    fail("sae.sae_type={} is unknown; use topk, topk_ste, batch_topk, jumprelu or l1", config.saeType);
}

}  // namespace saeception
