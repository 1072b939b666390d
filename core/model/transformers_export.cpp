// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/transformers_export.h"

#include "base/files.h"
#include "data/bpe_model.h"

#include <nlohmann/json.hpp>

namespace saeception {

std::vector<std::filesystem::path> exportTransformers(const Gpt2Classifier& model, const Tokenizer& tokenizer,
                                                      const std::vector<std::string>& classNames,
                                                      const std::filesystem::path& folder) {
    const Gpt2Config& sizes = model.config();
    nlohmann::ordered_json config;
    config["architectures"] = {"GPT2ForSequenceClassification"};
    config["model_type"] = "gpt2";
    config["vocab_size"] = sizes.vocabSize;
    config["n_positions"] = sizes.maxPositions;
    config["n_ctx"] = sizes.maxPositions;
    config["n_embd"] = sizes.hiddenSize;
    config["n_layer"] = sizes.numLayers;
    config["n_head"] = sizes.numHeads;
    config["n_inner"] = nullptr;
    config["activation_function"] = "gelu_new";
    config["layer_norm_epsilon"] = sizes.layerNormEpsilon;
    for (const char* key : {"resid_pdrop", "embd_pdrop", "attn_pdrop"})
        config[key] = sizes.dropout;
    config["scale_attn_weights"] = true;
    config["scale_attn_by_inverse_layer_idx"] = false;
    for (const char* key : {"bos_token_id", "eos_token_id", "pad_token_id"})
        config[key] = tokenizer.endOfText();
    for (std::size_t label = 0; label < classNames.size(); ++label) {
        config["id2label"][std::to_string(label)] = classNames[label];
        config["label2id"][classNames[label]] = label;
    }
    config["problem_type"] = "single_label_classification";
    config["torch_dtype"] = "float32";

    nlohmann::ordered_json tokens;
    for (const char* key : {"bos_token", "eos_token", "unk_token", "pad_token"})
        tokens[key] = endOfTextSymbol;
    nlohmann::ordered_json tokenizerConfig = tokens;
    tokenizerConfig["tokenizer_class"] = "GPT2Tokenizer";
    tokenizerConfig["add_prefix_space"] = false;
    tokenizerConfig["model_max_length"] = sizes.maxPositions;

    const auto write = [&](const char* name, const nlohmann::ordered_json& json) {
        writeFile(folder / name, json.dump(2) + "\n");
    };
    saveTensors(folder / "model.safetensors", model.stateDict(), {{"format", "pt"}});
    tokenizer.save(folder);
    write("special_tokens_map.json", tokens);
    write("tokenizer_config.json", tokenizerConfig);
    write("config.json", config);
    std::vector<std::filesystem::path> files;
    for (const char* name : {"config.json", "model.safetensors", "vocab.json", "merges.txt",
                             "tokenizer_config.json", "special_tokens_map.json"})
        files.push_back(folder / name);
    return files;
}

}  // namespace saeception
