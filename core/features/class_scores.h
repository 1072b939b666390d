// SPDX-License-Identifier: GPL-3.0-or-later
// What logits of classes say. Torch-free.
#pragma once

#include <algorithm>
#include <cmath>
#include <span>
#include <vector>

namespace saeception {

/// The class of the largest of `scores` (logits or probabilities, at least one); of equal ones the first.
template <typename Number>
int likeliestClass(const std::vector<Number>& scores) {
    return static_cast<int>(std::max_element(scores.begin(), scores.end()) - scores.begin());
}
inline int likeliestClass(std::span<const float> logits) {
    return static_cast<int>(std::max_element(logits.begin(), logits.end()) - logits.begin());
}

/// Softmax. At least one logit.
inline std::vector<double> classProbabilities(std::span<const float> logits) {
    const auto most = static_cast<double>(*std::max_element(logits.begin(), logits.end()));
    std::vector<double> shares;
    double sum = 0;
    for (const float logit : logits) {
        shares.push_back(std::exp(static_cast<double>(logit) - most));
        sum += shares.back();
    }
    for (double& share : shares)
        share /= sum;
    return shares;
}

}  // namespace saeception
