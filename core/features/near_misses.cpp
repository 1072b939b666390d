// SPDX-License-Identifier: GPL-3.0-or-later
#include "features/near_misses.h"

#include "model/simd.h"

#include <algorithm>
#include <limits>

namespace saeception {
namespace {

SAECEPTION_INLINE void raise(float margin, std::int32_t token, float& best, std::int32_t& where) {
    const bool better = margin > best;
    best = better ? margin : best;
    where = better ? token : where;
}

SAECEPTION_VECTORISED
void raiseAll(const float* preActivations, float threshold, std::int32_t token, std::size_t features,
              float* best, std::int32_t* where) {
    for (std::size_t f = 0; f < features; ++f)
        raise(preActivations[f] - threshold, token, best[f], where[f]);
}

SAECEPTION_VECTORISED
void raiseEach(const float* preActivations, const float* thresholds, std::int32_t token, std::size_t features,
               float* best, std::int32_t* where) {
    for (std::size_t f = 0; f < features; ++f)
        raise(preActivations[f] - thresholds[f], token, best[f], where[f]);
}

}  // namespace

NearestTokens::NearestTokens(int features)
    : m_margins(static_cast<std::size_t>(features)), m_tokens(static_cast<std::size_t>(features)) {
    begin();
}

void NearestTokens::begin() {
    std::fill(m_margins.begin(), m_margins.end(), -std::numeric_limits<float>::infinity());
    std::fill(m_tokens.begin(), m_tokens.end(), 0);
}

void NearestTokens::add(const float* preActivations, float threshold, std::uint16_t token) {
    raiseAll(preActivations, threshold, token, m_margins.size(), m_margins.data(), m_tokens.data());
}

void NearestTokens::add(const float* preActivations, std::span<const float> thresholds, std::uint16_t token) {
    raiseEach(preActivations, thresholds.data(), token, m_margins.size(), m_margins.data(), m_tokens.data());
}

}  // namespace saeception
