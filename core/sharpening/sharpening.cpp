// SPDX-License-Identifier: GPL-3.0-or-later
#include "sharpening/sharpening.h"

#include "base/error.h"
#include "sharpening/per_class.h"

namespace saeception {

at::Tensor sharpenedTargets(const SharpeningConfig& config, const Autoencoder& sae, const SparseCode& code,
                            std::span<const std::int32_t> labels, int classes) {
    const at::NoGradGuard noGrad;
    if (config.type == "per_class")
        return sae.decode(
            keepSalient(code, labels, salientFeaturesPerClass(code, labels, classes, config.topKPct)));
    fail("sharpening.type={} is unknown; use per_class", config.type);
}

at::Tensor cosineDistance(const at::Tensor& activations, const at::Tensor& targets) {
    return 1 - at::cosine_similarity(activations, targets, 1, 1e-8).mean();
}

}  // namespace saeception
