// SPDX-License-Identifier: GPL-3.0-or-later
#include "sae/autoencoder.h"

#include "base/error.h"
#include "sae/topk.h"

namespace saeception {

const SaeParameter& Autoencoder::parameter(std::string_view name) const {
    for (const SaeParameter& parameter : m_parameters)
        if (parameter.name == name)
            return parameter;
    fail("the {} autoencoder has no parameter {}", type(), name);
}

at::Tensor& Autoencoder::addParameter(std::string name, at::IntArrayRef shape) {
    m_parameters.push_back({std::move(name), at::zeros(shape), at::zeros(shape)});
    return m_parameters.back().value;
}

std::unique_ptr<Autoencoder> makeAutoencoder(const SaeConfig& config, std::int64_t inputSize,
                                             std::int64_t features) {
    if (features == 0)
        features = inputSize * config.expansionFactor;
    if (config.saeType == "topk")
        return std::make_unique<TopKAutoencoder>(
            inputSize, TopKOptions{features, config.k, config.auxK, config.auxKCoef});
    fail("sae.sae_type={} is unknown; use topk", config.saeType);
}

}  // namespace saeception
