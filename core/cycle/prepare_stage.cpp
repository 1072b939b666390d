// SPDX-License-Identifier: GPL-3.0-or-later
#include "cycle/prepare_stage.h"

#include "base/files.h"

#include <spdlog/spdlog.h>

namespace saeception {
namespace {

Tokenizer makeTokenizer(const ModelConfig& config, const Split& train, const std::stop_token& stop) {
    if (config.tokenizer != "train")
        return Tokenizer::load(config.tokenizer);
    std::vector<std::string> texts;
    texts.reserve(train.size());
    for (const Example& example : train)
        texts.push_back(example.text);
    return Tokenizer::train(texts, config.vocabSize, stop);
}

}  // namespace

PreparedData prepareData(const StageContext& context) {
    const ExperimentConfig& config = context.config;
    StageReporter reporter(context, Stage::Prepare, config.cycle.current, 3);
    Dataset dataset = loadDataset(config);
    reporter.advance();
    Tokenizer tokenizer = makeTokenizer(config.model, dataset.train, context.stop);
    createDirectories(context.directory.tokenizer());
    tokenizer.save(context.directory.tokenizer());
    reporter.advance();
    TokenizedSplit train = tokenizeSplit(dataset.train, tokenizer, config.dataset.maxLength, context.stop);
    TokenizedSplit validation =
        tokenizeSplit(dataset.validation, tokenizer, config.dataset.maxLength, context.stop);
    reporter.advance();
    spdlog::info("{}: {} training and {} validation sentences, {} tokens, vocabulary {}", dataset.name,
                 train.rows(), validation.rows(), train.tokens() + validation.tokens(),
                 tokenizer.vocabSize());
    reporter.finish();
    return {std::move(dataset.classNames), std::move(dataset.conceptNames), std::move(tokenizer),
            std::move(train), std::move(validation)};
}

}  // namespace saeception
