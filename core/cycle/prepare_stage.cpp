// SPDX-License-Identifier: GPL-3.0-or-later
#include "cycle/prepare_stage.h"

#include "base/files.h"

#include <spdlog/spdlog.h>

namespace saeception {
namespace fs = std::filesystem;

Tokenizer tokenizerFor(const ModelConfig& config, const Split& train, const std::optional<fs::path>& kept,
                       const StepControl& steps) {
    if (kept)
        return Tokenizer::load(*kept);
    if (config.tokenizer != "train")
        return Tokenizer::load(config.tokenizer);
    std::vector<std::string> texts;
    texts.reserve(train.size());
    for (const Example& example : train)
        texts.push_back(example.text);
    return Tokenizer::train(texts, config.vocabSize, steps);
}

PreparedData prepareData(const StageContext& context, const std::optional<fs::path>& kept) {
    const ExperimentConfig& config = context.config;
    StageReporter reporter(context, Stage::Prepare, config.cycle.current, prepareSteps);
    Dataset dataset = loadDataset(config);
    reporter.advance();
    Tokenizer tokenizer = tokenizerFor(config.model, dataset.train, kept, context.steps());
    reporter.advance();
    TokenizedSplit train = tokenizeSplit(dataset.train, tokenizer, config.dataset.maxLength, context.steps());
    TokenizedSplit validation =
        tokenizeSplit(dataset.validation, tokenizer, config.dataset.maxLength, context.steps());
    reporter.advance();
    spdlog::info("{}: {} training and {} validation sentences, {} tokens, vocabulary {}", dataset.name,
                 train.rows(), validation.rows(), train.tokens() + validation.tokens(),
                 tokenizer.vocabSize());
    reporter.finish();
    return {std::move(dataset.classNames), std::move(dataset.conceptNames), std::move(tokenizer),
            std::move(train), std::move(validation)};
}

void keepTokenizer(const PreparedData& data, const RunDirectory& run) {
    createDirectories(run.tokenizer());
    data.tokenizer.save(run.tokenizer());
}

}  // namespace saeception
