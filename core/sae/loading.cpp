// SPDX-License-Identifier: GPL-3.0-or-later
// Autoencoders out of checkpoints: our own say what kind they are, others are known by their tensors.
#include "base/error.h"
#include "model/checkpoint.h"
#include "sae/autoencoder.h"

#include <spdlog/fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace saeception {
namespace {

constexpr std::array<std::string_view, 5> kinds = {"topk", "topk_ste", "batch_topk", "jumprelu", "l1"};

const at::Tensor* findTensor(const NamedTensors& state, std::string_view name) {
    for (const auto& [key, tensor] : state)
        if (key == name)
            return &tensor;
    return nullptr;
}

std::string kindOf(const Checkpoint& checkpoint, const SaeConfig& config, const std::string& origin) {
    if (const PtValue* saved = find(checkpoint.extra, "sae_type")) {
        const std::string* name = saved->get<std::string>();
        if (name == nullptr || std::find(kinds.begin(), kinds.end(), *name) == kinds.end())
            fail("{}: 'sae_type' is {}; known are {}", origin,
                 name != nullptr ? "'" + oneLine(*name) + "'" : "not a string", fmt::join(kinds, ", "));
        return *name;
    }
    const auto has = [&](std::string_view name) { return findTensor(checkpoint.state, name) != nullptr; };
    if (has("latent_bias") || has("pre_bias")) {
        if (has("threshold"))
            return "batch_topk";
        return config.saeType == "topk_ste" ? "topk_ste" : "topk";
    }
    if (has("encoder.bias") && has("decoder.bias"))
        return has("threshold") ? "jumprelu" : "l1";
    fail(
        "{} holds no autoencoder: neither latent_bias and pre_bias (TopK kinds) nor encoder.bias and "
        "decoder.bias (l1, jumprelu) are there; give a file such as sae_cycle_0_best.pt",
        origin);
}

}  // namespace

std::unique_ptr<Autoencoder> loadAutoencoder(const Checkpoint& checkpoint, const SaeConfig& config,
                                             std::int64_t inputSize, const std::string& origin) {
    SaeConfig own = config;
    own.saeType = kindOf(checkpoint, config, origin);
    const at::Tensor* const encoder = findTensor(checkpoint.state, "encoder.weight");
    if (encoder == nullptr)
        fail("{} has no tensor encoder.weight; give a file such as sae_cycle_0_best.pt", origin);
    if (encoder->dim() != 2 || encoder->size(1) != inputSize || encoder->size(0) < 1)
        fail(
            "{}: encoder.weight has shape [{}] where activations of width {} need [features, {}]; use the "
            "model that the autoencoder was trained on",
            origin, fmt::join(encoder->sizes(), ", "), inputSize, inputSize);
    const PtValue* const k = find(checkpoint.extra, "k");
    if (k != nullptr && own.saeType.find("topk") != std::string::npos) {
        const double value = k->number(std::nan(""));
        if (!(value >= 1) || value > static_cast<double>(encoder->size(0)) || value != std::floor(value))
            fail("{}: 'k' is not a whole number from 1 to its {} features", origin, encoder->size(0));
        own.k = static_cast<int>(value);
    }
    std::unique_ptr<Autoencoder> sae = makeAutoencoder(own, inputSize, encoder->size(0));
    sae->loadStateDict(checkpoint.state, origin);
    return sae;
}

}  // namespace saeception
