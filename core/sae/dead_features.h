// SPDX-License-Identifier: GPL-3.0-or-later
// Which features have stopped firing, and giving them a new start (resampling: Bricken et al. 2023, "Towards
// monosemanticity").
#pragma once

#include "sae/autoencoder.h"

#include <cstdint>
#include <vector>

namespace saeception {

/// A feature is dead once it has not fired for `threshold` tokens of training.
class DeadFeatureTracker {
public:
    DeadFeatureTracker(std::int64_t features, std::int64_t threshold);
    /// Counts one batch of `tokens` rows in which feature f fired fires[f] times.
    void update(const std::vector<std::int32_t>& fires, std::int64_t tokens);
    const std::vector<std::int32_t>& dead() const { return m_dead; }
    double deadPercent() const;
    /// Treats the features as just having fired.
    void revive(const std::vector<std::int32_t>& features);

private:
    std::int64_t m_threshold;
    std::vector<std::int64_t> m_silentTokens;
    std::vector<std::int32_t> m_dead;
};

/// Points each feature of `dead` (ascending) at the residual of a row drawn with probability proportional to
/// its squared error: decoder row = that direction, encoder row = the same at a share of the mean norm of the
/// living. That share is a fifth for l1 (Bricken et al.), the whole for the kinds in which a feature so weak
/// would lose every competition for the top k.
void resampleFeatures(Autoencoder& sae, const at::Tensor& rows, const std::vector<std::int32_t>& dead,
                      std::uint64_t seed);

}  // namespace saeception
