// SPDX-License-Identifier: GPL-3.0-or-later
#include "sae/dead_features.h"

#include "base/random.h"

#include <algorithm>
#include <numeric>

namespace saeception {

DeadFeatureTracker::DeadFeatureTracker(std::int64_t features, std::int64_t threshold)
    : m_threshold(threshold), m_silentTokens(static_cast<std::size_t>(features)) {}

void DeadFeatureTracker::update(const std::vector<std::int32_t>& fires, std::int64_t tokens) {
    m_dead.clear();
    for (std::size_t f = 0; f < m_silentTokens.size(); ++f) {
        m_silentTokens[f] = fires[f] > 0 ? 0 : m_silentTokens[f] + tokens;
        if (m_silentTokens[f] >= m_threshold)
            m_dead.push_back(static_cast<std::int32_t>(f));
    }
}

double DeadFeatureTracker::deadPercent() const {
    return 100.0 * static_cast<double>(m_dead.size()) / static_cast<double>(m_silentTokens.size());
}

void DeadFeatureTracker::revive(const std::vector<std::int32_t>& features) {
    for (const std::int32_t f : features)
        m_silentTokens[static_cast<std::size_t>(f)] = 0;
    m_dead.clear();
}

void resampleFeatures(Autoencoder& sae, const at::Tensor& rows, const std::vector<std::int32_t>& dead,
                      std::uint64_t seed) {
    if (dead.empty())
        return;
    const at::NoGradGuard noGrad;
    const at::Tensor residual = rows - sae.decode(sae.encode(rows));
    const at::Tensor errors = residual.square().sum(1).to(at::kDouble);
    std::vector<double> cumulative(static_cast<std::size_t>(errors.size(0)));
    const double* const error = errors.data_ptr<double>();
    std::partial_sum(error, error + errors.size(0), cumulative.begin());
    if (!(cumulative.back() > 0))
        return;

    at::Tensor encoder = sae.parameter("encoder.weight").value;
    at::Tensor decoder = sae.parameter("decoder.weight").value;
    at::Tensor latentBias = sae.parameter("latent_bias").value;
    const at::Tensor norms = encoder.norm(2, 1);
    double aliveNorm = norms.sum().item<double>();
    for (const std::int32_t f : dead)
        aliveNorm -= norms[f].item<double>();
    const auto alive = static_cast<double>(sae.features() - static_cast<std::int64_t>(dead.size()));
    const double scale = alive > 0 ? aliveNorm / alive : 1.0;

    Rng rng(seed);
    for (const std::int32_t f : dead) {
        const auto drawn =
            std::lower_bound(cumulative.begin(), cumulative.end(), rng.uniform() * cumulative.back());
        const auto row = std::min<std::int64_t>(drawn - cumulative.begin(), rows.size(0) - 1);
        const at::Tensor direction = residual[row] / residual[row].norm().clamp_min(1e-12);
        decoder[f].copy_(direction);
        encoder[f].copy_(direction * scale);
        latentBias[f].zero_();
    }
}

}  // namespace saeception
