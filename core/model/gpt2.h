// SPDX-License-Identifier: GPL-3.0-or-later
// GPT-2 (Radford et al. 2019) with a linear classification head at the last real token, tensors named as
// Hugging Face names them.
#pragma once

#include "base/torch_headers.h"
#include "model/dropout.h"
#include "model/tensor_io.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace saeception {

struct Gpt2Config {
    std::int64_t vocabSize = 50257;
    std::int64_t maxPositions = 1024;
    std::int64_t hiddenSize = 768;
    std::int64_t numLayers = 12;
    std::int64_t numHeads = 12;
    std::int64_t numLabels = 2;
    double layerNormEpsilon = 1e-5;
    double dropout = 0.1;  ///< embeddings, attention probabilities, attention output and MLP output
};

/// The block whose output `targetLayer` names in a model of `numLayers`: itself, or counted from the end when
/// negative (-1 = last). @throws UserError if there is no such block.
std::int64_t resolveLayer(std::int64_t targetLayer, std::int64_t numLayers);

/// While one lives on a thread, gradients take the scale of every layer norm there (not its mean) for a
/// constant, as direct attribution does: a norm leaves no length of its input, so along the input its full
/// gradient is zero. Values stay the same.
class FrozenNorms {
public:
    FrozenNorms() : m_before(std::exchange(s_on, true)) {}
    ~FrozenNorms() { s_on = m_before; }
    FrozenNorms(const FrozenNorms&) = delete;
    FrozenNorms& operator=(const FrozenNorms&) = delete;
    static bool on() { return s_on; }

private:
    inline static thread_local bool s_on = false;
    bool m_before;
};

/// Rows are right-padded. Attention is causal, so pads, which come last, never influence a real token; no
/// other mask exists. B rows, L columns, d hidden size, C labels throughout. `dropout == nullptr` means none
/// (evaluation).
class Gpt2Classifier {
public:
    /// Random weights as Hugging Face initialises them: N(0, 0.02), residual projections N(0, 0.02 / sqrt(2
    /// layers)), biases 0, layer-norm scales 1; reproducible in `seed`. @throws UserError if hiddenSize is
    /// not divisible by numHeads.
    Gpt2Classifier(const Gpt2Config& config, std::uint64_t seed);

    Gpt2Classifier(const Gpt2Classifier&) = delete;
    Gpt2Classifier& operator=(const Gpt2Classifier&) = delete;
    Gpt2Classifier(Gpt2Classifier&&) = default;
    Gpt2Classifier& operator=(Gpt2Classifier&&) = default;

    const Gpt2Config& config() const { return m_config; }

    /// Leaves, "transformer.wte.weight" first, "score.weight" [C, d] last. Conv1D weights are [in, out].
    /// The gradient of wte is SPARSE (rows of the batch's tokens only); AdamW of this layer takes it as it
    /// is.
    const NamedTensors& parameters() const { return m_parameters; }
    /// @throws UserError if there is none of that name.
    const at::Tensor& parameter(const std::string& name) const;
    /// Detached views of all parameters (not copies).
    NamedTensors stateDict() const;
    /// Copies values in; names with or without "transformer." are accepted, buffers (attn.bias,
    /// attn.masked_bias) and lm_head.weight passed over, and score.weight may be absent if `scoreIsOptional`.
    /// @throws UserError naming `origin`, the tensor and both shapes when something is missing, unknown or
    /// does not fit.
    void loadStateDict(const NamedTensors& state, const std::string& origin, bool scoreIsOptional = false);

    /// Embeddings and blocks before `block` stop requiring gradients, everything from it on requires them.
    void freezeBelow(std::int64_t block);
    /// Everything requires gradients again, as after construction.
    void unfreeze();

    /// The block whose output `targetLayer` names: itself, or counted from the end when negative (-1 = last).
    /// @throws UserError if there is no such block.
    std::int64_t resolveLayer(std::int64_t targetLayer) const;

    /// Token plus position embeddings. ids [B, L] int64 -> [B, L, d].
    at::Tensor embed(const at::Tensor& ids, DropoutKey* dropout = nullptr) const;
    /// Blocks first .. last - 1 over the residual stream x [B, L, d] -> [B, L, d] (before ln_f).
    /// The stream leaving block t is runBlocks(embed(ids), 0, t + 1).
    at::Tensor runBlocks(at::Tensor x, std::int64_t first, std::int64_t last,
                         DropoutKey* dropout = nullptr) const;
    /// One block at the last real token of each row only: what lastTokens(runBlocks(x, block, block + 1))
    /// gives, without computing the other tokens' queries and MLP. x [B, L, d], lengths [B] int64 -> [B, d].
    at::Tensor lastTokensThroughBlock(const at::Tensor& x, std::int64_t block, const at::Tensor& lengths,
                                      DropoutKey* dropout = nullptr) const;
    /// x [B, L, d] at position lengths - 1 -> [B, d].
    static at::Tensor lastTokens(const at::Tensor& x, const at::Tensor& lengths);
    /// score(ln_f(rows)): rows [B, d] -> logits [B, C].
    at::Tensor classify(const at::Tensor& rows) const;

    /// The stream leaving `block` at the last real token: ids [B, L], lengths [B] -> [B, d].
    at::Tensor sentenceActivations(const at::Tensor& ids, const at::Tensor& lengths, std::int64_t block,
                                   DropoutKey* dropout = nullptr) const;
    /// The classifier: ids [B, L], lengths [B] -> [B, C].
    at::Tensor logits(const at::Tensor& ids, const at::Tensor& lengths, DropoutKey* dropout = nullptr) const;
    /// The stream that ln_f sees at the last real token, from the stream x [B, L, d] entering block `first`
    /// -> [B, d].
    at::Tensor finalStream(const at::Tensor& x, std::int64_t first, const at::Tensor& lengths,
                           DropoutKey* dropout = nullptr) const;
    /// The rest of the classifier from the stream x [B, L, d] entering block `first` -> [B, C].
    at::Tensor logitsFrom(const at::Tensor& x, std::int64_t first, const at::Tensor& lengths,
                          DropoutKey* dropout = nullptr) const;

private:
    struct Block {
        at::Tensor ln1Weight, ln1Bias, attentionWeight, attentionBias, projectionWeight, projectionBias;
        at::Tensor ln2Weight, ln2Bias, expandWeight, expandBias, contractWeight, contractBias;
    };
    at::Tensor runBlock(const at::Tensor& x, const Block& block, DropoutKey* dropout) const;
    at::Tensor feedForward(const at::Tensor& x, const Block& block, DropoutKey* dropout) const;
    at::Tensor normalise(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias) const;

    Gpt2Config m_config;
    NamedTensors m_parameters;
    at::Tensor m_tokenEmbedding, m_positionEmbedding, m_finalWeight, m_finalBias, m_score;
    std::vector<Block> m_blocks;
};

}  // namespace saeception
