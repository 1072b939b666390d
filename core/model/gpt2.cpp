// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/gpt2.h"

#include "base/error.h"
#include "model/attention.h"

#include <cmath>
#include <map>
#include <optional>
#include <set>

namespace saeception {
namespace {

constexpr std::string_view prefix = "transformer.";
constexpr char scoreName[] = "score.weight";

std::string shapeText(at::IntArrayRef sizes) {
    return fmt::format("[{}]", fmt::join(sizes.begin(), sizes.end(), ", "));
}

/// Tensors that other programs store beside the weights: the causal mask as a buffer, the language-model
/// head.
bool isPassedOver(std::string_view name) {
    return name.ends_with(".attn.bias") || name.ends_with(".attn.masked_bias") || name == "lm_head.weight";
}

/// x [..., in] W [in, out] + b, W as GPT-2's Conv1D stores it.
at::Tensor affine(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias) {
    std::vector<std::int64_t> shape = x.sizes().vec();
    shape.back() = weight.size(1);
    return at::addmm(bias, x.reshape({-1, x.size(-1)}), weight).view(shape);
}

}  // namespace

std::int64_t resolveLayer(std::int64_t targetLayer, std::int64_t numLayers) {
    const std::int64_t layer = targetLayer < 0 ? targetLayer + numLayers : targetLayer;
    if (layer < 0 || layer >= numLayers)
        fail("model.target_layer={} does not exist in a model of {} layers; choose {} to {}", targetLayer,
             numLayers, -numLayers, numLayers - 1);
    return layer;
}

Gpt2Classifier::Gpt2Classifier(const Gpt2Config& config, std::uint64_t seed) : m_config(config) {
    const std::int64_t d = config.hiddenSize;
    if (d <= 0 || config.numHeads <= 0 || d % config.numHeads != 0)
        fail("model.hidden_size={} is not divisible by model.num_heads={}; choose sizes that fit", d,
             config.numHeads);
    if (config.numLayers <= 0 || config.vocabSize <= 0 || config.maxPositions <= 0 || config.numLabels <= 0)
        fail("model.num_layers, vocab_size, max_positions and dataset.num_classes must all be at least 1");
    at::Generator generator = at::detail::createCPUGenerator(seed);
    const auto add = [&](const std::string& name, at::Tensor tensor) {
        tensor.set_requires_grad(true);
        m_parameters.emplace_back(name, tensor);
        return tensor;
    };
    const auto normal = [&](const std::string& name, std::vector<std::int64_t> shape, double deviation) {
        return add(name, at::empty(shape).normal_(0, deviation, generator));
    };
    const auto constant = [&](const std::string& name, std::int64_t size, double value) {
        return add(name, at::full({size}, value, at::TensorOptions(at::kFloat)));
    };
    const double deviation = 0.02;
    const double residualDeviation = deviation / std::sqrt(2.0 * static_cast<double>(config.numLayers));

    m_tokenEmbedding = normal("transformer.wte.weight", {config.vocabSize, d}, deviation);
    m_positionEmbedding = normal("transformer.wpe.weight", {config.maxPositions, d}, deviation);
    for (std::int64_t i = 0; i < config.numLayers; ++i) {
        const std::string stem = fmt::format("transformer.h.{}.", i);
        Block block;
        block.ln1Weight = constant(stem + "ln_1.weight", d, 1);
        block.ln1Bias = constant(stem + "ln_1.bias", d, 0);
        block.attentionWeight = normal(stem + "attn.c_attn.weight", {d, 3 * d}, deviation);
        block.attentionBias = constant(stem + "attn.c_attn.bias", 3 * d, 0);
        block.projectionWeight = normal(stem + "attn.c_proj.weight", {d, d}, residualDeviation);
        block.projectionBias = constant(stem + "attn.c_proj.bias", d, 0);
        block.ln2Weight = constant(stem + "ln_2.weight", d, 1);
        block.ln2Bias = constant(stem + "ln_2.bias", d, 0);
        block.expandWeight = normal(stem + "mlp.c_fc.weight", {d, 4 * d}, deviation);
        block.expandBias = constant(stem + "mlp.c_fc.bias", 4 * d, 0);
        block.contractWeight = normal(stem + "mlp.c_proj.weight", {4 * d, d}, residualDeviation);
        block.contractBias = constant(stem + "mlp.c_proj.bias", d, 0);
        m_blocks.push_back(std::move(block));
    }
    m_finalWeight = constant("transformer.ln_f.weight", d, 1);
    m_finalBias = constant("transformer.ln_f.bias", d, 0);
    m_score = normal(scoreName, {config.numLabels, d}, deviation);
}

const at::Tensor& Gpt2Classifier::parameter(const std::string& name) const {
    for (const auto& [key, tensor] : m_parameters)
        if (key == name)
            return tensor;
    fail("the model has no parameter '{}'", name);
}

NamedTensors Gpt2Classifier::stateDict() const {
    NamedTensors state;
    for (const auto& [name, tensor] : m_parameters)
        state.emplace_back(name, tensor.detach());
    return state;
}

void Gpt2Classifier::loadStateDict(const NamedTensors& state, const std::string& origin,
                                   bool scoreIsOptional) {
    std::map<std::string, at::Tensor> wanted(m_parameters.begin(), m_parameters.end());
    std::map<std::string, at::Tensor> given;
    for (const auto& [name, tensor] : state) {
        if (isPassedOver(name))
            continue;
        const std::string full =
            name == scoreName || name.starts_with(prefix) ? name : std::string(prefix) + name;
        const auto found = wanted.find(full);
        if (found == wanted.end())
            fail(
                "{}: the tensor '{}' has no place in a GPT-2 classifier of {} layers; check model.init and "
                "model.num_layers",
                origin, name, m_config.numLayers);
        if (tensor.sizes() != found->second.sizes())
            fail("{}: tensor '{}' has shape {} but the model needs {}; make {} that of the file", origin,
                 name, shapeText(tensor.sizes()), shapeText(found->second.sizes()),
                 name == scoreName ? "dataset.num_classes" : "the model's sizes");
        if (!tensor.is_floating_point())
            fail("{}: tensor '{}' does not hold floating-point numbers; convert it to F32", origin, name);
        if (!given.emplace(full, tensor).second)
            fail("{}: tensor '{}' appears twice, with and without the prefix '{}'", origin, full, prefix);
    }
    for (const auto& [name, tensor] : m_parameters)
        if (given.count(name) == 0 && !(scoreIsOptional && name == scoreName))
            fail("{}: the tensor '{}' {} is missing; check model.init and model.num_layers", origin, name,
                 shapeText(tensor.sizes()));
    // All is known to fit before anything is changed.
    const torch::autograd::AutoGradMode noGradients(false);
    for (const auto& [name, tensor] : given)
        wanted.at(name).copy_(tensor);
}

void Gpt2Classifier::freezeBelow(std::int64_t block) {
    std::set<std::string> frozen = {"transformer.wte.weight", "transformer.wpe.weight"};
    for (const auto& [name, tensor] : m_parameters)
        for (std::int64_t i = 0; i < block; ++i)
            if (name.starts_with(fmt::format("transformer.h.{}.", i)))
                frozen.insert(name);
    for (auto& [name, tensor] : m_parameters)
        tensor.set_requires_grad(frozen.count(name) == 0);
}

void Gpt2Classifier::unfreeze() {
    for (auto& [name, tensor] : m_parameters)
        tensor.set_requires_grad(true);
}

std::int64_t Gpt2Classifier::resolveLayer(std::int64_t targetLayer) const {
    return saeception::resolveLayer(targetLayer, m_config.numLayers);
}

at::Tensor Gpt2Classifier::embed(const at::Tensor& ids, DropoutKey* key) const {
    const std::int64_t columns = ids.size(1);
    if (columns > m_config.maxPositions)
        fail("a sentence of {} tokens does not fit into the model's {} positions; lower dataset.max_length",
             columns, m_config.maxPositions);
    // A sparse gradient holds the batch's few rows; a dense one would be written, normed and read over all of
    // them.
    const at::Tensor tokens = at::embedding(m_tokenEmbedding, ids, -1, false, /*sparse=*/true);
    return dropout(tokens + m_positionEmbedding.narrow(0, 0, columns), m_config.dropout, key);
}

at::Tensor Gpt2Classifier::normalise(const at::Tensor& x, const at::Tensor& weight,
                                     const at::Tensor& bias) const {
    if (FrozenNorms::on()) {
        const at::Tensor centred = x - x.mean(at::IntArrayRef{-1}, true);
        const at::Tensor scale =
            (centred.detach().square().mean(at::IntArrayRef{-1}, true) + m_config.layerNormEpsilon).rsqrt();
        return centred * scale * weight + bias;
    }
    return at::layer_norm(x, {m_config.hiddenSize}, weight, bias, m_config.layerNormEpsilon);
}

at::Tensor Gpt2Classifier::feedForward(const at::Tensor& x, const Block& block, DropoutKey* key) const {
    const at::Tensor inner =
        affine(normalise(x, block.ln2Weight, block.ln2Bias), block.expandWeight, block.expandBias);
    return addDropout(x, affine(at::gelu(inner, "tanh"), block.contractWeight, block.contractBias),
                      m_config.dropout, key);
}

at::Tensor Gpt2Classifier::runBlock(const at::Tensor& x, const Block& block, DropoutKey* key) const {
    const at::Tensor qkv =
        affine(normalise(x, block.ln1Weight, block.ln1Bias), block.attentionWeight, block.attentionBias);
    const at::Tensor mixed = causalAttention(qkv, m_config.numHeads, m_config.dropout, key);
    const at::Tensor projected = affine(mixed, block.projectionWeight, block.projectionBias);
    return feedForward(addDropout(x, projected, m_config.dropout, key), block, key);
}

at::Tensor Gpt2Classifier::runBlocks(at::Tensor x, std::int64_t first, std::int64_t last,
                                     DropoutKey* key) const {
    for (std::int64_t i = first; i < last; ++i)
        x = runBlock(x, m_blocks.at(static_cast<std::size_t>(i)), key);
    return x;
}

at::Tensor Gpt2Classifier::lastTokensThroughBlock(const at::Tensor& x, std::int64_t index,
                                                  const at::Tensor& lengths, DropoutKey* key) const {
    const Block& block = m_blocks.at(static_cast<std::size_t>(index));
    const std::int64_t d = m_config.hiddenSize;
    const at::Tensor normal = normalise(x, block.ln1Weight, block.ln1Bias);
    // Keys and values of every token, the query of one: the weight's columns are q, k, v.
    const at::Tensor kv =
        affine(normal, block.attentionWeight.narrow(1, d, 2 * d), block.attentionBias.narrow(0, d, 2 * d));
    const at::Tensor q = affine(lastTokens(normal, lengths), block.attentionWeight.narrow(1, 0, d),
                                block.attentionBias.narrow(0, 0, d));
    const at::Tensor mixed = lastQueryAttention(q, kv, lengths, m_config.numHeads, m_config.dropout, key);
    const at::Tensor projected = affine(mixed, block.projectionWeight, block.projectionBias);
    return feedForward(addDropout(lastTokens(x, lengths), projected, m_config.dropout, key), block, key);
}

at::Tensor Gpt2Classifier::lastTokens(const at::Tensor& x, const at::Tensor& lengths) {
    const std::int64_t rows = x.size(0), columns = x.size(1);
    const at::Tensor flat = at::arange(rows, lengths.options()) * columns + (lengths - 1);
    return x.reshape({rows * columns, x.size(2)}).index_select(0, flat);
}

at::Tensor Gpt2Classifier::classify(const at::Tensor& rows) const {
    return at::mm(normalise(rows, m_finalWeight, m_finalBias), m_score.t());
}

at::Tensor Gpt2Classifier::sentenceActivations(const at::Tensor& ids, const at::Tensor& lengths,
                                               std::int64_t block, DropoutKey* key) const {
    return lastTokensThroughBlock(runBlocks(embed(ids, key), 0, block, key), block, lengths, key);
}

at::Tensor Gpt2Classifier::logits(const at::Tensor& ids, const at::Tensor& lengths, DropoutKey* key) const {
    return logitsFrom(embed(ids, key), 0, lengths, key);
}

at::Tensor Gpt2Classifier::finalStream(const at::Tensor& x, std::int64_t first, const at::Tensor& lengths,
                                       DropoutKey* key) const {
    const std::int64_t last = m_config.numLayers - 1;
    if (first > last)
        return lastTokens(x, lengths);
    return lastTokensThroughBlock(runBlocks(x, first, last, key), last, lengths, key);
}

at::Tensor Gpt2Classifier::logitsFrom(const at::Tensor& x, std::int64_t first, const at::Tensor& lengths,
                                      DropoutKey* key) const {
    return classify(finalStream(x, first, lengths, key));
}

}  // namespace saeception
