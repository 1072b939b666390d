// SPDX-License-Identifier: GPL-3.0-or-later
// First-letter feature absorption: where a letter's own features stay silent because another feature carries
// the letter along (Chanin et al. 2024, "A is for Absorption").
#pragma once

#include "base/step_control.h"
#include "base/torch_headers.h"
#include "sae/autoencoder.h"

#include <cstdint>
#include <vector>

namespace saeception {

inline constexpr int alphabetSize = 26;

/// Words in context: the target layer's activation at each, and its first letter.
struct LetterRows {
    at::Tensor activations;             ///< [rows, input] float32
    std::vector<std::int32_t> letters;  ///< [rows], 0 = 'a' .. 25 = 'z'
};

struct AbsorptionOptions {
    int maxMainFeatures = 10;
    /// A further main feature must raise the k-sparse probe's F1 by more than this.
    double leastF1Gain = 0.03;
    /// The absorbing feature's direction has at least this cosine with the probe's ...
    double leastCosine = 0.025;
    /// ... and carries at least this share of the activation's projection on it.
    double leastShare = 0.4;
};

struct LetterAbsorption {
    int letter = 0;
    std::vector<std::int32_t> mainFeatures;  ///< the letter is split over these
    std::int64_t words = 0;                  ///< held-out rows of the letter that the probe reads rightly
    std::int64_t absorbed = 0;
    double rate() const { return static_cast<double>(absorbed) / static_cast<double>(words); }
};

struct Absorption {
    double probeAccuracy = 0;               ///< of the linear probe on held-out rows
    std::vector<LetterAbsorption> letters;  ///< those with at least one such row
    std::int64_t words() const;
    /// Mean rate over letters; NaN when there are none.
    double rate() const;
    /// Mean number of main features; NaN when there are no letters.
    double mainFeatures() const;
};

/// Adapted to words as they occur in the data: one logistic probe reads the first letter from activations
/// (fitted on `train`, whose words `test` does not hold). For each letter the main features are those of the
/// k-sparse probe on codes. A row of `test` that the probe reads rightly is absorbed when all main features
/// are silent on it and another feature, aligned with the probe's direction, carries the projection of the
/// activation (less what decoding nothing gives) on it. @throws Cancelled
Absorption measureAbsorption(const Autoencoder& sae, const LetterRows& train, const LetterRows& test,
                             const AbsorptionOptions& options = {}, const StepControl& steps = {});

}  // namespace saeception
