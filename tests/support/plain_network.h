// SPDX-License-Identifier: GPL-3.0-or-later
// A small GPT-2 written out in plain operations, to compare the engine's with.
#pragma once

#include "model/checkpoint.h"

#include <cmath>
#include <filesystem>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

namespace saeception::fixture {

/// The tensor `name` of a checkpoint, in double precision.
inline at::Tensor stateOf(const std::filesystem::path& checkpoint, const std::string& name) {
    for (const auto& [key, tensor] : loadCheckpoint(checkpoint).state)
        if (key == name)
            return tensor.to(at::kDouble);
    throw std::runtime_error(name);
}

/// GPT-2 of two blocks and two heads written out for one sentence in double precision, with layer norms whose
/// scales can be held.
class PlainNetwork {
public:
    explicit PlainNetwork(const NamedTensors& state) {
        for (const auto& [name, tensor] : state)
            m_state[name] = tensor.to(at::kDouble);
    }

    /// [tokens, d] leaving `block`.
    at::Tensor streamAfter(const std::vector<std::int32_t>& ids, int block) {
        const std::vector<std::int64_t> wide(ids.begin(), ids.end());
        const auto count = static_cast<std::int64_t>(ids.size());
        at::Tensor x = get("transformer.wte.weight").index_select(0, at::tensor(wide, at::kLong)) +
                       get("transformer.wpe.weight").narrow(0, 0, count);
        for (int i = 0; i <= block; ++i)
            x = through(x, i);
        m_scales.clear();
        return x;
    }
    /// Of the prediction, from the stream that leaves `block`.
    double margin(at::Tensor x, int block, int of) {
        m_next = 0;
        for (int i = block + 1; i < 2; ++i)
            x = through(x, i);
        const at::Tensor last = norm(x, "transformer.ln_f")[-1];
        const at::Tensor logits = at::mv(get("score.weight"), last);
        return (logits[of] - logits[1 - of]).item<double>();
    }
    /// From now on the norms of margin() keep the scales of its last call.
    void holdNorms() { m_held = true; }

private:
    const at::Tensor& get(const std::string& name) const { return m_state.at(name); }
    at::Tensor norm(const at::Tensor& x, const std::string& name) {
        const at::Tensor centred = x - x.mean(at::IntArrayRef{-1}, true);
        if (!m_held) {
            m_scales.resize(m_next);
            m_scales.push_back((centred.square().mean(at::IntArrayRef{-1}, true) + 1e-5).rsqrt());
        }
        return centred * m_scales[m_next++] * get(name + ".weight") + get(name + ".bias");
    }
    at::Tensor affine(const at::Tensor& x, const std::string& name) const {
        return at::mm(x, get(name + ".weight")) + get(name + ".bias");
    }
    at::Tensor through(const at::Tensor& x, int block) {
        const std::string at = "transformer.h." + std::to_string(block) + '.';
        const std::int64_t d = x.size(1);
        const at::Tensor qkv = affine(norm(x, at + "ln_1"), at + "attn.c_attn");
        std::vector<at::Tensor> heads;
        for (std::int64_t h = 0; h < 2; ++h) {
            const at::Tensor q = qkv.narrow(1, h * d / 2, d / 2);
            const at::Tensor k = qkv.narrow(1, d + h * d / 2, d / 2);
            const at::Tensor v = qkv.narrow(1, 2 * d + h * d / 2, d / 2);
            const at::Tensor scores = at::mm(q, k.t()) / std::sqrt(static_cast<double>(d) / 2);
            const at::Tensor later = at::ones_like(scores).triu(1).to(at::kBool);
            heads.push_back(at::mm(at::softmax(scores.masked_fill(later, -INFINITY), 1), v));
        }
        const at::Tensor attended = x + affine(at::cat(heads, 1), at + "attn.c_proj");
        const at::Tensor inner = affine(norm(attended, at + "ln_2"), at + "mlp.c_fc");
        return attended + affine(at::gelu(inner, "tanh"), at + "mlp.c_proj");
    }

    std::map<std::string, at::Tensor> m_state;
    std::vector<at::Tensor> m_scales;
    std::size_t m_next = 0;
    bool m_held = false;
};

}  // namespace saeception::fixture
