// SPDX-License-Identifier: GPL-3.0-or-later
#include "features/feature_effects.h"

#include "sae/products.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace saeception {
namespace {

// The `count` largest of each row, or smallest, ordered, equal ones by number.
void appendOrdered(const at::Tensor& logits, std::int64_t count, bool largest,
                   std::vector<std::int32_t>& tokens, std::vector<float>& effects) {
    const auto [values, where] = at::topk(logits, count, 1, largest, true);
    const float* value = values.data_ptr<float>();
    const std::int64_t* id = where.data_ptr<std::int64_t>();
    std::vector<std::pair<float, std::int64_t>> row(static_cast<std::size_t>(count));
    for (std::int64_t i = 0; i < logits.size(0); ++i) {
        for (auto& entry : row)
            entry = {*value++, *id++};
        std::sort(row.begin(), row.end(), [largest](const auto& a, const auto& b) {
            if (a.first != b.first)
                return largest ? a.first > b.first : a.first < b.first;
            return a.second < b.second;
        });
        for (const auto& [logit, token] : row) {
            tokens.push_back(static_cast<std::int32_t>(token));
            effects.push_back(logit);
        }
    }
}

}  // namespace

DirectPath::DirectPath(const Gpt2Classifier& model, double meanInverse)
    : m_gamma((model.parameter("transformer.ln_f.weight").detach() * meanInverse).contiguous()),
      m_classes(model.parameter("score.weight").detach()),
      m_unembedding(model.parameter("transformer.wte.weight").detach()) {}

at::Tensor DirectPath::inverseScales(const at::Tensor& stream, double epsilon) {
    const at::NoGradGuard noGrad;
    return (stream.var(at::IntArrayRef{1}, false, false) + epsilon).rsqrt();
}

at::Tensor DirectPath::throughNorm(const at::Tensor& directions) const {
    return (directions - directions.mean(at::IntArrayRef{1}, true)) * m_gamma;
}

at::Tensor DirectPath::classEffects(const at::Tensor& directions) const {
    const at::NoGradGuard noGrad;
    at::Tensor effects = at::empty({directions.size(0), m_classes.size(0)});
    multiplyTransposed(throughNorm(directions), m_classes, {}, effects);
    return effects;
}

VocabularyEffects DirectPath::vocabularyEffects(const at::Tensor& directions, std::int64_t vocabulary,
                                                const StepControl& steps) const {
    const at::NoGradGuard noGrad;
    constexpr std::int64_t rowsAtOnce = 64;  // the logits of a large vocabulary take 200 kB a row
    const at::Tensor unembedding = m_unembedding.narrow(0, 0, std::min(vocabulary, m_unembedding.size(0)));
    VocabularyEffects effects;
    effects.kept = std::min<std::int64_t>(vocabularyTokenCount, unembedding.size(0));
    const std::int64_t rows = directions.size(0);
    at::Tensor block = at::empty({std::min(rows, rowsAtOnce), unembedding.size(0)});
    for (std::int64_t begin = 0; begin < rows; begin += rowsAtOnce) {
        steps.holdOrStop();
        const std::int64_t size = std::min(rowsAtOnce, rows - begin);
        at::Tensor logits = block.narrow(0, 0, size);
        multiplyTransposed(throughNorm(directions.narrow(0, begin, size)), unembedding, {}, logits);
        appendOrdered(logits, effects.kept, true, effects.topTokens, effects.topLogits);
        appendOrdered(logits, effects.kept, false, effects.bottomTokens, effects.bottomLogits);
    }
    return effects;
}

}  // namespace saeception
