// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench_index.h"

#include "base/files.h"
#include "base/random.h"
#include "bench_data.h"
#include "features/feature_index_builder.h"

#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace saeception {
namespace fs = std::filesystem;

Tokenizer letterTokenizer(const fs::path& folder) {
    const std::vector<std::string> nothing;
    Tokenizer::train(nothing, 257).save(folder);
    auto vocabulary = nlohmann::json::parse(readFile(folder / "vocab.json"));
    std::string merges = readFile(folder / "merges.txt");
    if (!merges.empty() && merges.back() != '\n')
        merges += '\n';
    // Every token of n letters is one of n - 1 and a letter more.
    std::vector<std::string> shorter;
    for (char letter = 'a'; letter <= 'z'; ++letter)
        shorter.emplace_back(1, letter);
    auto next = static_cast<int>(vocabulary.size());
    while (next < benchVocabulary) {
        std::vector<std::string> longer;
        for (const std::string& begin : shorter)
            for (char letter = 'a'; letter <= 'z' && next < benchVocabulary; ++letter) {
                longer.push_back(begin + letter);
                vocabulary[longer.back()] = next++;
                merges += begin + ' ' + letter + '\n';
            }
        shorter = std::move(longer);
    }
    writeFile(folder / "vocab.json", vocabulary.dump());
    writeFile(folder / "merges.txt", merges);
    return Tokenizer::load(folder);
}

void writeRandomIndex(const fs::path& file, const Tokenizer& tokenizer, int features, int k,
                      std::int64_t sentences, int cycle) {
    IndexOrigin origin;
    origin.cycle = cycle;
    origin.classNames = {"negative", "positive"};
    FeatureIndexBuilder builder(features, origin);
    const TokenizedSplit split = sentencesLikeSst2(sentences, 1);
    const CodeSource source(features, k);
    Rng rng(3);
    for (std::int64_t s = 0; s < split.rows(); ++s) {
        const std::int64_t length = split.length(s);
        const auto label = split.labels[static_cast<std::size_t>(s)];
        const SparseCode code =
            source.draw(std::vector<std::int32_t>(static_cast<std::size_t>(length), label),
                        static_cast<std::uint64_t>(s) + 1);
        const auto logit = static_cast<float>(rng.normal());
        const std::vector<float> logits = {-logit, logit};
        builder.add({s, s % 64 == 0 ? SplitKind::Validation : SplitKind::Train, label, logits,
                     std::span(split.ids).subspan(
                         static_cast<std::size_t>(split.offsets[static_cast<std::size_t>(s)]),
                         static_cast<std::size_t>(length)),
                     0, code.rowOffsets, code.columns, code.values});
    }
    IndexSupplement supplement;
    supplement.neighbours.resize(static_cast<std::size_t>(features));
    supplement.vocabulary.kept = 10;
    for (int f = 0; f < features; ++f) {
        const auto effect = static_cast<float>(0.2 * rng.normal());
        supplement.classEffect.insert(supplement.classEffect.end(), {-effect, effect});
        supplement.positions.insert(supplement.positions.end(), {static_cast<float>(2 * rng.uniform() - 1),
                                                                 static_cast<float>(2 * rng.uniform() - 1)});
        for (int i = 0; i < supplement.vocabulary.kept; ++i) {
            const auto token = static_cast<std::int32_t>(rng.below(benchVocabulary));
            const float weight = 1 - 0.05F * static_cast<float>(i);
            supplement.vocabulary.topTokens.push_back(token);
            supplement.vocabulary.topLogits.push_back(weight);
            supplement.vocabulary.bottomTokens.push_back(token);
            supplement.vocabulary.bottomLogits.push_back(-weight);
        }
        for (int i = 1; i <= 10; ++i)
            supplement.neighbours[static_cast<std::size_t>(f)].push_back(
                {(f + i) % features, 0.9F - 0.05F * static_cast<float>(i)});
    }
    std::vector<std::string> texts;
    for (std::int32_t id = 0; id < tokenizer.vocabSize(); ++id)
        texts.push_back(tokenizer.tokenBytes(id));
    createDirectories(file.parent_path());
    builder.save(file, texts, supplement);
}

}  // namespace saeception
