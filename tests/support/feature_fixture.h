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

/// Features: 0 wonderful (positive, peak 8), 1 dull (negative, peak 4), 2 never, 3 film (both classes), 4
/// never, 5 quite (weak; positive). `scale` multiplies every activation. The first token of each sentence is
/// no SAE data.
inline void writeIndex(const std::filesystem::path& file, int cycle, int features = 6, float scale = 1) {
    struct Sentence {
        std::int64_t example;
        SplitKind split;
        int label;
        int prediction;
        std::vector<FiringToken> tokens;
    };
    std::vector<FiringToken> longOne = {{0, {}}, {4, {{3, 1.0F}}}};
    for (int i = 0; i < 24; ++i)
        for (const int token : {10, 11, 12, 13})
            longOne.push_back({token, {}});
    longOne.push_back({6, {{1, 2.0F}}});
    const std::vector<Sentence> sentences = {
        {0,
         SplitKind::Train,
         1,
         1,
         {{0, {}}, {1, {{0, 8.0F}}}, {2, {{0, 4.0F}}}, {3, {{0, 0.5F}}}, {4, {{3, 2.0F}}}, {9, {}}}},
        {1, SplitKind::Train, 0, 1, {{0, {}}, {6, {{1, 4.0F}}}, {7, {}}, {4, {{3, 3.0F}}}, {8, {}}}},
        {2, SplitKind::Train, 1, 1, {{4, {}}, {5, {}}, {11, {{5, 0.25F}}}, {1, {{0, 6.0F}}}}},
        {7, SplitKind::Validation, 0, 0, longOne},
    };
    FeatureIndexBuilder builder(cycle, features, {"negative", "positive"});
    for (const Sentence& sentence : sentences) {
        std::vector<std::int32_t> ids;
        std::vector<std::uint8_t> inData;
        std::vector<std::int64_t> offsets = {0};
        std::vector<std::int32_t> columns;
        std::vector<float> values;
        for (const FiringToken& token : sentence.tokens) {
            inData.push_back(ids.empty() ? 0 : 1);
            ids.push_back(token.token);
            for (const auto& [feature, activation] : token.active) {
                columns.push_back(feature);
                values.push_back(scale * activation);
            }
            offsets.push_back(static_cast<std::int64_t>(columns.size()));
        }
        builder.add({sentence.example, sentence.split, sentence.label, sentence.prediction, ids, inData,
                     offsets, columns, values});
    }
    createDirectories(file.parent_path());
    builder.save(file, tokenText);
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
