// SPDX-License-Identifier: GPL-3.0-or-later
#include "sae/optimiser.h"

#include "base/error.h"

#include <cmath>

namespace saeception {
namespace {

NamedTensors leaves(Autoencoder& sae) {
    NamedTensors result;
    for (SaeParameter& parameter : sae.parameters()) {
        parameter.value.requires_grad_(true);
        result.emplace_back(parameter.name, parameter.value);
    }
    return result;
}

AdamWOptions adamOptions(double weightDecay) {
    AdamWOptions options;
    options.weightDecay = weightDecay;
    return options;
}

}  // namespace

SaeOptimiser::SaeOptimiser(Autoencoder& sae, const SaeOptimiserOptions& options)
    : m_sae(sae), m_options(options), m_adam(leaves(sae), adamOptions(options.weightDecay)) {}

double SaeOptimiser::step(double rateFactor) {
    const at::NoGradGuard noGrad;
    for (SaeParameter& parameter : m_sae.parameters()) {
        if (m_options.projectDecoderGradient && m_sae.hasUnitDecoder() && parameter.name == "decoder.weight")
            parameter.gradient.sub_((parameter.gradient * parameter.value).sum(at::IntArrayRef{1}, true) *
                                    parameter.value);
        parameter.value.mutable_grad() = parameter.gradient;
    }
    const double norm = m_adam.clipAndStep(m_options.learningRate * rateFactor, m_options.maxGradNorm);
    if (!std::isfinite(norm))
        fail("the SAE's loss is no longer finite; lower sae.learning_rate (now {})", m_options.learningRate);
    m_sae.afterStep();
    return norm;
}

void SaeOptimiser::resetFeatures(const std::vector<std::int32_t>& features) {
    if (features.empty())
        return;
    const at::NoGradGuard noGrad;
    const at::Tensor index =
        at::tensor(std::vector<std::int64_t>(features.begin(), features.end()), at::kLong);
    for (std::size_t i = 0; i < m_sae.parameters().size(); ++i) {
        if (!m_sae.parameters()[i].perFeature)
            continue;
        m_adam.firstMoment(i).index_fill_(0, index, 0);
        m_adam.secondMoment(i).index_fill_(0, index, 0);
    }
}

}  // namespace saeception
