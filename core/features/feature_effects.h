// SPDX-License-Identifier: GPL-3.0-or-later
// What a feature's decoder direction does on the direct path through ln_f: to the class logits and to the
// logits of the vocabulary.
#pragma once

#include "base/step_control.h"
#include "base/torch_headers.h"
#include "features/index_supplement.h"
#include "model/gpt2.h"

#include <cstdint>

namespace saeception {

/// Tokens told of a direction, of those raised and of those lowered.
inline constexpr int vocabularyTokenCount = 10;

/// ln_f divides by the standard deviation of its input, which a direction alone does not have: with that held
/// at s, the direct effect of a direction v is linear, logits += W (gamma * (v - mean(v))) / s ("frozen layer
/// norm", as logit attribution is done in the field; Elhage et al. 2021). Blocks after the target layer are
/// not part of the direct path.
class DirectPath {
public:
    /// `meanInverse`: the mean of 1 / s over the inputs that ln_f sees, see inverseScales().
    DirectPath(const Gpt2Classifier& model, double meanInverse);

    /// 1 / sqrt(variance + epsilon) of each row of `stream` [n, d], [n]: what ln_f multiplies with.
    static at::Tensor inverseScales(const at::Tensor& stream, double epsilon);

    /// Change of the class logits for each direction at length 1: directions [n, d] -> [n, classes].
    at::Tensor classEffects(const at::Tensor& directions) const;

    /// Of each direction the tokens of the unembedding, which is the token embedding (GPT-2 ties them), among
    /// the first `vocabulary` of them. @throws Cancelled
    VocabularyEffects vocabularyEffects(const at::Tensor& directions, std::int64_t vocabulary,
                                        const StepControl& steps = {}) const;

private:
    at::Tensor throughNorm(const at::Tensor& directions) const;

    at::Tensor m_gamma;        // [d], ln_f's scale over s
    at::Tensor m_classes;      // [classes, d]
    at::Tensor m_unembedding;  // [vocabulary, d]
};

}  // namespace saeception
