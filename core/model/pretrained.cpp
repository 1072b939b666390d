// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/pretrained.h"

#include "base/error.h"
#include "base/files.h"
#include "model/checkpoint.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <optional>
#include <string_view>

namespace saeception {
namespace fs = std::filesystem;
namespace {

Gpt2Config configuredSizes(const ExperimentConfig& config) {
    Gpt2Config sizes;
    sizes.vocabSize = config.model.vocabSize;
    sizes.maxPositions = config.model.maxPositions;
    sizes.hiddenSize = config.model.hiddenSize;
    sizes.numLayers = config.model.numLayers;
    sizes.numHeads = config.model.numHeads;
    sizes.numLabels = config.dataset.numClasses;
    sizes.dropout = config.model.dropout;
    return sizes;
}

/// The config.json that belongs to a weights file: beside it, or under the file's own stem.
std::optional<fs::path> findConfigJson(const fs::path& weights) {
    fs::path own = weights;
    own.replace_extension(".config.json");
    for (const fs::path& candidate : {own, weights.parent_path() / "config.json"})
        if (fs::is_regular_file(candidate))
            return candidate;
    return std::nullopt;
}

std::int64_t positive(const nlohmann::json& json, const char* key, const std::string& file) {
    if (!json.contains(key) || !json[key].is_number_integer() || json[key].get<std::int64_t>() <= 0)
        fail("{}: '{}' is missing or not a whole number above 0; use the config.json of a GPT-2 model", file,
             key);
    return json[key].get<std::int64_t>();
}

/// Sizes as Hugging Face's GPT2Config names them; labels and dropout stay the experiment's.
void readConfigJson(const fs::path& path, Gpt2Config& sizes) {
    const std::string file = path.string();
    nlohmann::json json;
    try {
        json = nlohmann::json::parse(readFile(path));
    } catch (const nlohmann::json::exception& error) {
        fail("{}: not valid JSON ({}); get the file again", file, oneLine(error.what()));
    }
    if (!json.is_object())
        fail("{}: not a JSON object; use the config.json of a GPT-2 model", file);
    if (json.value("model_type", nlohmann::json("gpt2")) != "gpt2")
        fail("{}: model_type is {}, but only gpt2 is supported; choose a GPT-2 model", file,
             json["model_type"].dump());
    const nlohmann::json activation = json.value("activation_function", nlohmann::json("gelu_new"));
    if (activation != "gelu_new" && activation != "gelu_pytorch_tanh")
        fail("{}: activation_function {} is not supported (gelu_new is); choose another model", file,
             activation.dump());
    for (const auto& [key, standard] :
         {std::pair{"scale_attn_weights", true}, {"scale_attn_by_inverse_layer_idx", false}})
        if (json.value(key, nlohmann::json(standard)) != standard)
            fail("{}: '{}' must be {}; choose another model", file, key, standard);
    sizes.vocabSize = positive(json, "vocab_size", file);
    sizes.maxPositions = positive(json, "n_positions", file);
    sizes.hiddenSize = positive(json, "n_embd", file);
    sizes.numLayers = positive(json, "n_layer", file);
    sizes.numHeads = positive(json, "n_head", file);
    if (sizes.hiddenSize % sizes.numHeads != 0)
        fail("{}: n_embd {} is not divisible by n_head {}; get the file again", file, sizes.hiddenSize,
             sizes.numHeads);
    if (json.contains("n_inner") && !json["n_inner"].is_null() && json["n_inner"] != 4 * sizes.hiddenSize)
        fail("{}: n_inner {} is not supported (4 x n_embd is); choose another model", file,
             json["n_inner"].dump());
    const nlohmann::json epsilon = json.value("layer_norm_epsilon", nlohmann::json(1e-5));
    if (!epsilon.is_number() || !std::isfinite(epsilon.get<double>()) || epsilon.get<double>() <= 0)
        fail("{}: layer_norm_epsilon {} is not a number above 0; get the file again", file, epsilon.dump());
    sizes.layerNormEpsilon = epsilon.get<double>();
}

/// Sizes read off the tensors themselves, for weights without a config.json; the number of heads is not among
/// them.
void readSizesFromTensors(const NamedTensors& state, const std::string& origin, const char* remedy,
                          Gpt2Config& sizes) {
    std::int64_t layers = 0;
    bool hasTokens = false, hasPositions = false;
    for (const auto& [name, tensor] : state) {
        const bool isMatrix = tensor.dim() == 2;
        if (name.ends_with("wte.weight") && isMatrix) {
            hasTokens = true;
            sizes.vocabSize = tensor.size(0);
            sizes.hiddenSize = tensor.size(1);
        } else if (name.ends_with("wpe.weight") && isMatrix) {
            hasPositions = true;
            sizes.maxPositions = tensor.size(0);
        } else if (name.ends_with(".ln_1.weight")) {
            ++layers;
        }
    }
    if (!hasTokens || !hasPositions || layers == 0)
        fail("{}: holds no GPT-2 weights (wte.weight, wpe.weight and h.N.ln_1.weight are expected); {}",
             origin, remedy);
    sizes.numLayers = layers;
}

void checkHeads(const Gpt2Config& sizes, const std::string& origin) {
    if (sizes.numHeads < 1 || sizes.hiddenSize % sizes.numHeads != 0)
        fail(
            "{}: its hidden size {} is not divisible by model.num_heads={}; set model.num_heads to that of "
            "the model",
            origin, sizes.hiddenSize, sizes.numHeads);
}

/// Whether `hfPath` names one of the published GPT-2 models, whose heads are all 64 wide.
bool isPublishedGpt2(std::string_view hfPath) {
    if (const std::size_t slash = hfPath.rfind('/'); slash != std::string_view::npos)
        hfPath.remove_prefix(slash + 1);
    constexpr std::array names = {"gpt2", "gpt2-medium", "gpt2-large", "gpt2-xl", "distilgpt2"};
    return std::find(names.begin(), names.end(), hfPath) != names.end();
}

/// The weights file that model.init names; nothing when it is random or no longer there.
std::optional<fs::path> initialWeights(const std::string& init) {
    std::error_code code;
    if (init == "random" || !fs::exists(init, code))
        return std::nullopt;
    return fs::is_directory(init, code) ? fs::path(init) / "model.safetensors" : fs::path(init);
}

/// Heads and epsilon of a saved model, which no tensor of it tells.
void readHeads(const Checkpoint& checkpoint, const ExperimentConfig& config, const std::string& origin,
               Gpt2Config& sizes) {
    if (const PtValue* value = find(checkpoint.extra, "layer_norm_epsilon")) {
        const double epsilon = value->number(0);
        if (!std::isfinite(epsilon) || epsilon <= 0)
            fail("{}: its 'layer_norm_epsilon' is not a number above 0; save the model again", origin);
        sizes.layerNormEpsilon = epsilon;
    }
    if (const PtValue* value = find(checkpoint.extra, "num_heads")) {
        const auto hidden = static_cast<double>(sizes.hiddenSize);
        const double heads = value->number(0);
        if (!(heads >= 1 && heads <= hidden) || std::fmod(hidden, heads) != 0 || std::trunc(heads) != heads)
            fail(
                "{}: its 'num_heads' is not a whole number that divides the hidden size {}; save the model "
                "again",
                origin, sizes.hiddenSize);
        sizes.numHeads = static_cast<std::int64_t>(heads);
        return;
    }
    if (const std::optional<fs::path> weights = initialWeights(config.model.init))
        if (const std::optional<fs::path> json = findConfigJson(*weights)) {
            Gpt2Config described;
            readConfigJson(*json, described);
            sizes.numHeads = described.numHeads;
            sizes.layerNormEpsilon = described.layerNormEpsilon;
            return;
        }
    const bool isConfigs =
        sizes.hiddenSize == config.model.hiddenSize && sizes.numLayers == config.model.numLayers;
    if (!isConfigs && isPublishedGpt2(config.model.hfPath) && sizes.hiddenSize % 64 == 0)
        sizes.numHeads = sizes.hiddenSize / 64;
    else if (sizes.hiddenSize != config.model.hiddenSize)
        fail(
            "{}: tensor 'transformer.wte.weight' has shape [{}, {}] but model.hidden_size={} asks for [{}, "
            "{}]; set model.hidden_size and model.num_heads to those of the file",
            origin, sizes.vocabSize, sizes.hiddenSize, config.model.hiddenSize, sizes.vocabSize,
            config.model.hiddenSize);
}

}  // namespace

Gpt2Classifier makeModel(const ExperimentConfig& config, int tokenizerVocabSize, std::uint64_t seed) {
    Gpt2Config sizes = configuredSizes(config);
    if (config.model.init == "random") {
        sizes.vocabSize = tokenizerVocabSize;
        return Gpt2Classifier(sizes, seed);
    }

    fs::path weights = config.model.init;
    if (fs::is_directory(weights))
        weights /= "model.safetensors";
    if (!fs::is_regular_file(weights))
        fail(
            "model.init: there is no file {}; give random, a .safetensors or .pt file, or a folder with "
            "model.safetensors and config.json",
            weights.string());
    const std::string origin = weights.string();
    const bool isSafetensors = weights.extension() == ".safetensors";
    if (!isSafetensors && weights.extension() != ".pt" && weights.extension() != ".bin")
        fail(
            "model.init: {} is neither a .safetensors nor a .pt file; give one of these, a folder, or random",
            origin);

    const std::optional<fs::path> json = findConfigJson(weights);
    if (json)
        readConfigJson(*json, sizes);
    else if (isSafetensors)
        fail("model.init: {} has no config.json beside it; copy the model's config.json there", origin);
    const NamedTensors state =
        isSafetensors ? loadTensors(SafetensorsFile::open(weights)) : loadCheckpoint(weights).state;
    if (!json)
        readSizesFromTensors(state, origin, "check model.init", sizes);
    checkHeads(sizes, origin);
    if (tokenizerVocabSize > sizes.vocabSize)
        fail(
            "{}: its vocabulary of {} tokens is smaller than the tokenizer's {}; set model.tokenizer to the "
            "folder of "
            "this model's own vocab.json and merges.txt",
            origin, sizes.vocabSize, tokenizerVocabSize);
    Gpt2Classifier model(sizes, seed);
    model.loadStateDict(state, origin, /*scoreIsOptional=*/true);
    return model;
}

Gpt2Config expectedSizes(const ExperimentConfig& config, int tokenizerVocabSize) {
    Gpt2Config sizes = configuredSizes(config);
    if (config.model.init == "random")
        sizes.vocabSize = tokenizerVocabSize;
    else if (const std::optional<fs::path> weights = initialWeights(config.model.init))
        if (const std::optional<fs::path> json = findConfigJson(*weights))
            readConfigJson(*json, sizes);
    checkHeads(sizes, config.model.init == "random" ? "the model" : config.model.init);
    return sizes;
}

Gpt2Classifier loadClassifier(const fs::path& path, const ExperimentConfig& config) {
    const std::string origin = path.string();
    const Checkpoint checkpoint = loadCheckpoint(path);
    Gpt2Config sizes = configuredSizes(config);
    readSizesFromTensors(checkpoint.state, origin, "give the model checkpoint of a run", sizes);
    readHeads(checkpoint, config, origin, sizes);
    checkHeads(sizes, origin);
    Gpt2Classifier model(sizes, 0);
    model.loadStateDict(checkpoint.state, origin);
    return model;
}

}  // namespace saeception
