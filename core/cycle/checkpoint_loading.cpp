// SPDX-License-Identifier: GPL-3.0-or-later
#include "cycle/checkpoint_loading.h"

#include "base/error.h"
#include "model/checkpoint.h"
#include "model/pretrained.h"

namespace saeception {
namespace {

[[noreturn]] void failShape(const std::filesystem::path& file, const char* tensor, std::int64_t rows,
                            std::int64_t columns, std::int64_t wantedRows, std::int64_t wantedColumns,
                            const std::string& why) {
    fail("{}: tensor '{}' has shape [{}, {}] where [{}, {}] is needed: {}", file.string(), tensor, rows,
         columns, wantedRows, wantedColumns, why);
}

void checkLayers(const std::filesystem::path& file, std::int64_t found, std::int64_t wanted,
                 std::int64_t width) {
    if (found < wanted)
        fail(
            "{}: tensor 'transformer.h.{}.ln_1.weight' [{}] is missing: the file has {} layers and "
            "model.num_layers={}; set model.num_layers={}",
            file.string(), found, width, found, wanted, found);
    if (found > wanted)
        fail(
            "{}: tensor 'transformer.h.{}.ln_1.weight' [{}] has no place: the file has {} layers and "
            "model.num_layers={}; set model.num_layers={}",
            file.string(), wanted, width, found, wanted, found);
}

}  // namespace

Gpt2Classifier loadStageModel(const std::filesystem::path& file, const ExperimentConfig& config,
                              const PreparedData& data, bool sizesAreKnown) {
    Gpt2Classifier model = loadClassifier(file, config);
    const Gpt2Config& sizes = model.config();
    constexpr char words[] = "transformer.wte.weight";
    constexpr char positions[] = "transformer.wpe.weight";
    // A model that started from a file has that file's sizes, whatever the configuration says of them.
    if (sizesAreKnown && config.model.init == "random") {
        if (sizes.hiddenSize != config.model.hiddenSize)
            failShape(file, words, sizes.vocabSize, sizes.hiddenSize, sizes.vocabSize,
                      config.model.hiddenSize,
                      fmt::format("model.hidden_size={}; set model.hidden_size={}", config.model.hiddenSize,
                                  sizes.hiddenSize));
        checkLayers(file, sizes.numLayers, config.model.numLayers, sizes.hiddenSize);
    }
    if (const int vocabulary = data.tokenizer.vocabSize(); vocabulary > sizes.vocabSize)
        failShape(file, words, sizes.vocabSize, sizes.hiddenSize, vocabulary, sizes.hiddenSize,
                  fmt::format("the tokenizer has {} tokens; set model.tokenizer to the folder of the "
                              "tokenizer that this model was trained with",
                              vocabulary));
    if (config.dataset.maxLength > sizes.maxPositions)
        failShape(file, positions, sizes.maxPositions, sizes.hiddenSize, config.dataset.maxLength,
                  sizes.hiddenSize,
                  fmt::format("dataset.max_length={}; set it to at most {}", config.dataset.maxLength,
                              sizes.maxPositions));
    static_cast<void>(model.resolveLayer(config.model.targetLayer));
    return model;
}

std::unique_ptr<Autoencoder> loadStageSae(const std::filesystem::path& file, std::int64_t hiddenSize,
                                          const StageContext& context) {
    const SaeConfig& config = context.config.sae;
    const Checkpoint checkpoint = loadCheckpoint(file);
    std::unique_ptr<Autoencoder> sae = loadAutoencoder(checkpoint, config, hiddenSize, file.string());
    const std::int64_t wanted = hiddenSize * config.expansionFactor;
    if (sae->features() != wanted) {
        const std::string remedy =
            sae->features() % hiddenSize == 0
                ? fmt::format("set sae.expansion_factor={}", sae->features() / hiddenSize)
                : std::string("train the autoencoder again");
        failShape(file, "encoder.weight", sae->features(), hiddenSize, wanted, hiddenSize,
                  fmt::format("sae.expansion_factor={}; {}", config.expansionFactor, remedy));
    }
    const PtValue* const k = find(checkpoint.extra, "k");
    if (k != nullptr && sae->type().find("topk") != std::string_view::npos && k->number(config.k) != config.k)
        context.emit(Warning{fmt::format(
            "{} was trained with k = {}, which is used; sae.k={} has no effect on an autoencoder that is "
            "trained already",
            file.string(), k->number(0), config.k)});
    return sae;
}

void recordSizes(const Gpt2Classifier& model, ModelConfig& config) {
    config.vocabSize = static_cast<int>(model.config().vocabSize);
    config.hiddenSize = static_cast<int>(model.config().hiddenSize);
    config.numLayers = static_cast<int>(model.config().numLayers);
    config.numHeads = static_cast<int>(model.config().numHeads);
    config.maxPositions = static_cast<int>(model.config().maxPositions);
}

}  // namespace saeception
