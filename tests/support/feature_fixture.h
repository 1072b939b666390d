// SPDX-License-Identifier: GPL-3.0-or-later
// A small real feature index with known contents, and run folders that hold one for each cycle.
#pragma once

#include "base/files.h"
#include "features/feature_index.h"
#include "features/feature_index_builder.h"

#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace saeception::fixture {

inline const std::vector<std::string> tokenText = {"A",    " won",   "der",    "ful",       " film",
                                                   " is",  " dull",  " <b>",   "\n",        "!",
                                                   " and", " quite", " truly", " splendid", "\xEF\xBF\xBD"};

struct FiringToken {
    int token = 0;                              ///< index into tokenText
    std::vector<std::pair<int, float>> active;  ///< (feature, activation), features ascending
};

struct FixtureSentence {
    std::int64_t example = 0;
    SplitKind split = SplitKind::Train;
    int label = 0;
    int prediction = 0;
    std::vector<FiringToken> tokens;  ///< the first is no SAE data
    std::vector<float> logits = {};   ///< of two classes; empty: some that tell the prediction
};

inline std::vector<FixtureSentence> fixtureSentences() {
    std::vector<FiringToken> longOne = {{0, {}}, {4, {{3, 1.0F}}}};
    for (int i = 0; i < 24; ++i)
        for (const int token : {10, 11, 12, 13})
            longOne.push_back({token, {}});
    longOne.push_back({6, {{1, 2.0F}}});
    return {
        {0,
         SplitKind::Train,
         1,
         1,
         {{0, {}}, {1, {{0, 8.0F}}}, {2, {{0, 4.0F}}}, {3, {{0, 0.5F}}}, {4, {{3, 2.0F}}}, {9, {}}}},
        {1, SplitKind::Train, 0, 1, {{0, {}}, {6, {{1, 4.0F}}}, {7, {}}, {4, {{3, 3.0F}}}, {8, {}}}},
        {2, SplitKind::Train, 1, 1, {{4, {}}, {5, {}}, {11, {{5, 0.25F}}}, {1, {{0, 6.0F}}}}},
        {7, SplitKind::Validation, 0, 0, longOne},
    };
}

/// What the weights would tell: feature 0 raises positive by 0.5, 1 negative by 0.25, 3 neither, 5 positive
/// by 0.1; neighbours of 0 are 5 and 3; each raises and lowers two tokens.
inline IndexSupplement fixtureSupplement(int features) {
    IndexSupplement supplement;
    const auto count = static_cast<std::size_t>(features);
    supplement.classEffect.resize(2 * count);
    supplement.vocabulary.kept = 2;
    for (std::size_t f = 0; f < count; ++f) {
        supplement.vocabulary.topTokens.insert(supplement.vocabulary.topTokens.end(), {13, 1});
        supplement.vocabulary.topLogits.insert(supplement.vocabulary.topLogits.end(), {0.5F, 0.25F});
        supplement.vocabulary.bottomTokens.insert(supplement.vocabulary.bottomTokens.end(), {6, 4});
        supplement.vocabulary.bottomLogits.insert(supplement.vocabulary.bottomLogits.end(), {-0.5F, -0.125F});
        const float x = static_cast<float>(f) / static_cast<float>(count);
        supplement.positions.insert(supplement.positions.end(), {2 * x - 1, 1 - 2 * x * x});
    }
    supplement.neighbours.resize(count);
    if (features >= 6) {
        supplement.classEffect[0] = -0.25F;
        supplement.classEffect[1] = 0.25F;
        supplement.classEffect[2] = 0.125F;
        supplement.classEffect[3] = -0.125F;
        supplement.classEffect[10] = -0.05F;
        supplement.classEffect[11] = 0.05F;
        supplement.neighbours[0] = {{5, 0.75F}, {3, 0.5F}};
        supplement.neighbours[5] = {{0, 0.75F}};
    }
    return supplement;
}

/// Of an index of the fixture, unless a test says otherwise.
inline IndexOrigin fixtureOrigin(int cycle, const std::string& sae = {}) {
    IndexOrigin origin;
    origin.cycle = cycle;
    origin.classNames = {"negative", "positive"};
    origin.sae = sae;
    origin.autoencoder = "topk, k=2";
    origin.block = 0;
    origin.blocks = 2;
    origin.sharpening = "per_class";
    origin.topKPct = 34;  // two of six features
    return origin;
}

/// Features: 0 wonderful (positive, peak 8), 1 dull (negative, peak 4), 2 never, 3 film (both classes), 4
/// never, 5 quite (weak; positive). `scale` multiplies every activation. `sentences`: by (split, example).
inline void writeIndex(const std::filesystem::path& file, const IndexOrigin& origin, int features,
                       float scale, const IndexSupplement& supplement,
                       const std::vector<FixtureSentence>& sentences = fixtureSentences()) {
    FeatureIndexBuilder builder(features, origin);
    NearestTokens nearest(features);
    for (const FixtureSentence& sentence : sentences) {
        std::vector<std::int32_t> ids;
        std::vector<std::int64_t> offsets = {0};
        std::vector<std::int32_t> columns;
        std::vector<float> values;
        nearest.begin();
        for (const FiringToken& token : sentence.tokens) {
            std::vector<float> margins(static_cast<std::size_t>(features),
                                       -1.0F - static_cast<float>(ids.size()));
            for (const auto& [feature, activation] : token.active) {
                columns.push_back(feature);
                values.push_back(scale * activation);
                margins[static_cast<std::size_t>(feature)] = scale * activation;
            }
            if (!ids.empty()) {
                offsets.push_back(static_cast<std::int64_t>(columns.size()));
                nearest.add(margins.data(), 0, static_cast<std::uint16_t>(ids.size()));
            }
            ids.push_back(token.token);
        }
        std::vector<float> logits = sentence.logits;
        if (logits.empty())
            logits = {sentence.prediction == 0 ? 1.5F : -0.5F, sentence.prediction == 0 ? -1.5F : 0.5F};
        builder.add(
            {sentence.example, sentence.split, sentence.label, logits, ids, 1, offsets, columns, values},
            &nearest);
    }
    createDirectories(file.parent_path());
    builder.save(file, tokenText, supplement);
}

/// The same of the usual origin and supplement. `sae`: the identity of its autoencoder.
inline void writeIndex(const std::filesystem::path& file, int cycle, int features = 6, float scale = 1,
                       const std::string& sae = {},
                       const std::vector<FixtureSentence>& sentences = fixtureSentences(),
                       const std::vector<std::string>& classNames = {"negative", "positive"}) {
    IndexOrigin origin = fixtureOrigin(cycle, sae);
    origin.classNames = classNames;
    writeIndex(file, origin, features, scale, fixtureSupplement(features), sentences);
}

inline std::filesystem::path indexFile(const std::filesystem::path& run, int cycle) {
    return run / "features" / ("cycle_" + std::to_string(cycle)) / "index.safetensors";
}

/// A run folder with `cycles` indexed cycles; the activations of cycle n are n + 1 times those of cycle 0.
inline void writeRun(const std::filesystem::path& root, int cycles, int features = 6) {
    createDirectories(root / ".hydra");
    writeFile(root / ".hydra" / "config.yaml", "seed: 42\n");
    for (int cycle = 0; cycle < cycles; ++cycle)
        writeIndex(indexFile(root, cycle), cycle, features, static_cast<float>(cycle + 1));
}

inline std::shared_ptr<const FeatureIndex> openIndex(const std::filesystem::path& file) {
    return std::make_shared<const FeatureIndex>(FeatureIndex::open(file));
}

}  // namespace saeception::fixture
