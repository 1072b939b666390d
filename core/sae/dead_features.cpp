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

    const at::Tensor norms = sae.parameter("encoder.weight").value.norm(2, 1);
    double livingNorm = 0;
    std::int64_t living = 0;
    std::size_t next = 0;  // of `dead`, which ascends
    for (std::int32_t f = 0; f < sae.features(); ++f) {
        if (next < dead.size() && dead[next] == f) {
            ++next;
            continue;
        }
        livingNorm += norms.data_ptr<float>()[f];
        ++living;
    }
    const double norm = living > 0 ? livingNorm / static_cast<double>(living) : 1.0;

    Rng rng(seed);
    at::Tensor directions = at::empty({static_cast<std::int64_t>(dead.size()), rows.size(1)});
    for (std::int64_t i = 0; i < directions.size(0); ++i) {
        const auto drawn =
            std::lower_bound(cumulative.begin(), cumulative.end(), rng.uniform() * cumulative.back());
        const auto row = std::min<std::int64_t>(drawn - cumulative.begin(), rows.size(0) - 1);
        directions[i].copy_(residual[row] / residual[row].norm().clamp_min(1e-12));
    }
    sae.restartFeatures(dead, directions, norm * sae.restartNormShare());
}

}  // namespace saeception
