// SPDX-License-Identifier: GPL-3.0-or-later
// Activation stores without a file, on which stages are measured.
#pragma once

#include "cycle/activation_store.h"

#include <cstdint>

namespace saeception {

/// Tokens that a stage is measured on, about.
inline constexpr std::int64_t measuredTokens = 4096;

/// One split's share of a store, with logits that say what the labels say. activations: [tokens, d]
inline ActivationStore::Part partOf(const TokenizedSplit& split, at::Tensor activations,
                                    std::int64_t classes) {
    const at::Tensor labels = at::tensor(split.labels, at::kInt).to(at::kLong);
    return {&split, std::move(activations), at::one_hot(labels, classes).to(at::kFloat)};
}

}  // namespace saeception
