// SPDX-License-Identifier: GPL-3.0-or-later
#include "sharpening/sharpening.h"

#include "base/error.h"
#include "sharpening/per_class.h"
#include "sharpening/per_example.h"
#include "sharpening/random_targets.h"

namespace saeception {

at::Tensor sharpenedTargets(const SharpeningConfig& config, const Autoencoder& sae, const SparseCode& code,
                            std::span<const std::int32_t> labels, int classes, std::uint64_t randomSeed) {
    const at::NoGradGuard noGrad;
    if (config.type == "per_class")
        return sae.decode(
            keepSalient(code, labels, salientFeaturesPerClass(code, labels, classes, config.topKPct)));
    if (config.type == "per_example")
        return sae.decode(keepStrongest(code, config.topKPct));
    if (config.type == "random")
        return randomTargets(code.rows(), sae.inputSize(), randomSeed);
    fail("sharpening.type={} is unknown; use per_class, per_example or random", config.type);
}

AuxiliaryLoss auxiliaryLossNamed(const std::string& name) {
    if (name == "cosine")
        return AuxiliaryLoss::Cosine;
    if (name == "mse")
        return AuxiliaryLoss::Mse;
    fail("cycle.aux_loss={} is unknown; use cosine or mse", name);
}

at::Tensor auxiliaryLoss(AuxiliaryLoss kind, const at::Tensor& activations, const at::Tensor& targets) {
    return kind == AuxiliaryLoss::Cosine ? cosineDistance(activations, targets)
                                         : meanSquaredDifference(activations, targets);
}

at::Tensor cosineDistance(const at::Tensor& activations, const at::Tensor& targets) {
    return 1 - at::cosine_similarity(activations, targets, 1, 1e-8).mean();
}

at::Tensor meanSquaredDifference(const at::Tensor& activations, const at::Tensor& targets) {
    return at::mse_loss(activations, targets);
}

}  // namespace saeception
