// SPDX-License-Identifier: GPL-3.0-or-later
#include "sae/saelens_export.h"

#include "base/error.h"
#include "base/files.h"

#include <nlohmann/json.hpp>

namespace saeception {
namespace {

/// The version of SAELens whose configuration this is: it decides how the loader reads the keys.
constexpr const char* layoutVersion = "6.0.0";

bool isTopKKind(const Autoencoder& sae) {
    return sae.type() == "topk" || sae.type() == "topk_ste";
}

bool subtractsBias(const Autoencoder& sae) {
    return isTopKKind(sae) || sae.type() == "batch_topk";
}

std::string architecture(const Autoencoder& sae) {
    if (isTopKKind(sae))
        return "topk";
    if (sae.type() == "batch_topk" || sae.type() == "jumprelu")
        return "jumprelu";
    if (sae.type() == "l1")
        return "standard";
    fail("SAELens has no layout for the {} autoencoder; export it with --format safetensors", sae.type());
}

}  // namespace

NamedTensors saeLensWeights(const Autoencoder& sae) {
    const at::NoGradGuard noGrad;
    const std::string kind = architecture(sae);
    NamedTensors weights;
    for (const auto& [name, tensor] : sae.stateDict()) {
        if (name == "encoder.weight")
            weights.emplace_back("W_enc", tensor.t().contiguous());
        else if (name == "decoder.weight")
            weights.emplace_back("W_dec", tensor.t().contiguous());
        else if (name == "encoder.bias" || name == "latent_bias")
            weights.emplace_back("b_enc", tensor);
        else if (name == "decoder.bias" || name == "pre_bias")
            weights.emplace_back("b_dec", tensor);
        else if (name == "threshold" && kind == "jumprelu")
            weights.emplace_back(name, tensor.expand({sae.features()}).to(at::kFloat).contiguous());
    }
    return weights;
}

std::vector<std::filesystem::path> exportSaeLens(const Autoencoder& sae, std::int64_t k,
                                                 const SaeLensOrigin& origin,
                                                 const std::filesystem::path& folder) {
    const std::string hook = fmt::format("blocks.{}.hook_resid_post", origin.layer);
    nlohmann::ordered_json config;
    config["architecture"] = architecture(sae);
    config["d_in"] = sae.inputSize();
    config["d_sae"] = sae.features();
    config["dtype"] = "float32";
    config["device"] = "cpu";
    config["apply_b_dec_to_input"] = subtractsBias(sae);
    config["normalize_activations"] = "none";
    config["reshape_activations"] = "none";
    if (isTopKKind(sae)) {
        config["k"] = k;
        config["rescale_acts_by_decoder_norm"] = false;
    }
    // The model's own weights, not TransformerLens's processed ones, gave the activations.
    nlohmann::ordered_json& metadata = config["metadata"];
    metadata["sae_lens_version"] = layoutVersion;
    metadata["sae_lens_training_version"] = nullptr;
    metadata["exported_by"] = "saeception " SAECEPTION_VERSION;
    metadata["sae_type"] = sae.type();
    metadata["model_name"] = origin.modelName;
    metadata["model_class_name"] = "HookedTransformer";
    metadata["model_from_pretrained_kwargs"] = {
        {"fold_ln", false}, {"center_writing_weights", false}, {"center_unembed", false}};
    metadata["hook_name"] = hook;
    metadata["hook_head_index"] = nullptr;
    metadata["dataset_path"] = origin.datasetName;
    metadata["context_size"] = origin.contextSize;
    metadata["prepend_bos"] = false;
    // What SAELens 5 reads.
    config["model_name"] = origin.modelName;
    config["hook_name"] = hook;
    config["hook_layer"] = origin.layer;
    config["hook_head_index"] = nullptr;
    config["activation_fn_str"] = isTopKKind(sae) ? "topk" : "relu";
    config["activation_fn_kwargs"] = nlohmann::ordered_json::object();
    if (isTopKKind(sae))
        config["activation_fn_kwargs"]["k"] = k;
    config["finetuning_scaling_factor"] = false;
    config["dataset_path"] = origin.datasetName;
    config["context_size"] = origin.contextSize;
    config["prepend_bos"] = false;

    const std::filesystem::path weightsFile = folder / "sae_weights.safetensors",
                                configFile = folder / "cfg.json";
    saveTensors(weightsFile, saeLensWeights(sae), {{"format", "pt"}});
    writeFile(configFile, config.dump(2) + "\n");
    return {configFile, weightsFile};
}

}  // namespace saeception
