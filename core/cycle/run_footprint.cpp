// SPDX-License-Identifier: GPL-3.0-or-later
#include "cycle/run_footprint.h"

#include "cycle/step_counts.h"
#include "features/feature_effects.h"
#include "features/firing_sample.h"
#include "features/index_tables.h"

#include <algorithm>

namespace saeception {
namespace {

constexpr double real = 4;  // bytes of a float

// malloc hands memory back to the system only where more than this lies free at its end (tuneRuntime).
constexpr double keptByMalloc = 1 << 29;

// A line of metrics.jsonl and a record of the TensorBoard file.
constexpr double bytesPerPoint = 190;
constexpr double fineTuningTags = 7;
constexpr double saeTags = 9;
constexpr double resultsBytes = 16e3;
constexpr double vocabularyBytes = 22;  // of a word in vocab.json and merges.txt

double count(std::int64_t value) {
    return static_cast<double>(value);
}

double roundedUp(std::int64_t value, std::int64_t by) {
    return count((value + by - 1) / by);
}

class Sizes {
public:
    explicit Sizes(const RunScale& scale)
        : m_scale(scale),
          d(count(scale.model.hiddenSize)),
          model(real * modelParameters(scale.model)),
          features(d * scale.config.sae.expansionFactor),
          sae(real * (2 * features * d + features + d)),
          tokens(count(scale.train.tokens + scale.validation.tokens)),
          sentences(count(scale.train.rows + scale.validation.rows)),
          store(real * (tokens * d + sentences * count(scale.model.numLabels))),
          targets(real * count(scale.train.rows) * d) {}

    double heap(Stage stage) const;
    double left(Stage stage) const;

private:
    const RunScale& m_scale;

public:
    const double d;
    const double model;  // bytes, as the next three
    const double features;
    const double sae;
    const double tokens;
    const double sentences;
    const double store;
    const double targets;

private:
    double data() const {
        constexpr double perToken = 4 + 8;  // its number and its concepts
        return 1.5 * (tokens * perToken + 12 * sentences);
    }
    double training(std::int64_t firstTrainable, bool embeddings) const;
    IndexScale index() const;
};

// Weights, gradients (of the words only those of the batch), both moments, the best epoch's copy and the
// next one; and what a backward pass reads again: of every token and block (of the last one only one token)
// 16 d, and the attention's probabilities.
double Sizes::training(std::int64_t firstTrainable, bool embeddings) const {
    const Gpt2Config& gpt = m_scale.model;
    const double blocks = count(gpt.numLayers - firstTrainable);
    const double dense = blocks * blockParameters(gpt.hiddenSize) + d * (2 + count(gpt.numLabels)) +
                         (embeddings ? d * count(gpt.maxPositions) : 0);
    const double words = embeddings ? d * count(gpt.vocabSize) : 0;
    const double copies = m_scale.config.model.epochsPerCycle > 1 ? 2 : 1;
    const double rows =
        std::min(count(m_scale.train.rows), static_cast<double>(m_scale.config.dataset.batchSize));
    const double longest = count(m_scale.longestRow);
    const double perToken = std::max(1.0, blocks - 1) * (16 * d + count(gpt.numHeads) * longest) + 12 * d;
    return (1 + copies) * model + real * (3 * dense + 2 * words) + real * rows * longest * perToken;
}

IndexScale Sizes::index() const {
    return {features,  count(m_scale.model.numLabels), tokens,
            sentences, m_scale.activeFeatures,         count(m_scale.model.vocabSize)};
}

double Sizes::heap(Stage stage) const {
    const ExperimentConfig& config = m_scale.config;
    const double trained = count(m_scale.train.rows);
    const double codes = m_scale.activeFeatures * 8 + 8;  // of one row
    const double longest = count(m_scale.longestRow);
    switch (stage) {
        case Stage::Prepare: {
            constexpr double perExample = 120;
            return 2 * count(m_scale.textBytes) + perExample * sentences + data();
        }
        case Stage::Baseline:
            return data() + training(0, true);
        case Stage::Auxiliary: {
            const std::int64_t block = resolveLayer(config.model.targetLayer, m_scale.model.numLayers);
            return data() + sae + targets +
                   std::max(training(block, false), model + targets + trained * codes);
        }
        case Stage::Extract: {
            const double batch =
                std::min(sentences, static_cast<double>(extractionBatchSize(config.dataset)));
            const double perToken = 14 * d + count(m_scale.model.numHeads) * longest;
            return data() + model + sae + real * batch * longest * perToken;
        }
        case Stage::Sae: {
            const double batch =
                std::min(count(m_scale.train.saeRows), static_cast<double>(config.sae.batchSize));
            const double start = std::min(count(m_scale.train.saeRows), count(saeInitialRows));
            return data() + model + 6 * sae + 8 * count(m_scale.train.saeRows) +
                   real * (batch * (4 * d + 2 * features) + 3 * start * d);
        }
        case Stage::Evaluate: {
            const double validation = count(m_scale.validation.tokens);
            constexpr double whitened = 1024;  // columns up to which a probe keeps their covariance
            const double square =
                std::max(d <= whitened ? d * d : 0, features <= whitened ? features * features : 0);
            return data() + model + sae + trained * (2 * real * d + 2 * codes + 50 * 8) + 3 * 8 * square +
                   validation * (3 * real * d + 2 * codes);
        }
        case Stage::Features:
            break;
    }
    constexpr double perFeature = 2500;  // counts for its quantiles, most of it
    constexpr double perEntry = 120;     // of a feature's lists, with its activations
    return data() + model + sae + 2 * index().bytes() +
           features * (perFeature + perEntry * index().entries());
}

double Sizes::left(Stage stage) const {
    const ExperimentConfig& config = m_scale.config;
    switch (stage) {
        case Stage::Prepare:
            return vocabularyBytes * count(m_scale.model.vocabSize);
        case Stage::Baseline:
        case Stage::Auxiliary: {
            const FineTuningCounts counts = fineTuningCounts(config, m_scale.train.rows);
            return model + counts.epochs * roundedUp(counts.stepsPerEpoch, counts.windowSteps) *
                               fineTuningTags * bytesPerPoint;
        }
        case Stage::Sae: {
            const SaeCounts counts = saeCounts(config.sae, std::max<std::int64_t>(1, m_scale.train.saeRows));
            return sae + config.sae.epochs * roundedUp(counts.stepsPerEpoch, counts.windowSteps) * saeTags *
                             bytesPerPoint;
        }
        case Stage::Evaluate:
            return resultsBytes;
        case Stage::Features:
            return index().bytes();
        case Stage::Extract:
            break;  // only the cache
    }
    return 0;
}

bool readsStore(Stage stage) {
    return stage != Stage::Prepare && stage != Stage::Baseline && stage != Stage::Extract;
}

}  // namespace

double blockParameters(std::int64_t width) {
    return 12 * count(width) * count(width) + 13 * count(width);
}

double modelParameters(const Gpt2Config& sizes) {
    return count(sizes.numLayers) * blockParameters(sizes.hiddenSize) +
           count(sizes.hiddenSize) * count(sizes.vocabSize + sizes.maxPositions + 2 + sizes.numLabels);
}

double IndexScale::entries() const {
    constexpr double firesInSentence = 1.5;  // tokens of a sentence in which a feature fires
    constexpr double most = topSentenceCount + 3.0 * bandSentenceCount;
    return nearMissCount +
           std::min(most, tokens * activeFeatures / std::max(1.0, features) / firesInSentence);
}

double IndexScale::bytes() const {
    const double perFeature = 8 + 6 * real + real * quantileCount + classes * real * (3 + histogramBins) + 8 +
                              2 * vocabularyTokenCount * 2 * real + neighbourCount * 5 * real + 2 * real +
                              8 * bandCount;
    constexpr double perEntry = 18 + 1.5 * 6;
    const double sampled =
        std::min(tokens * activeFeatures, static_cast<double>(FiringSample::defaultEntries));
    const double sampledTokens = sampled / std::max(1.0, activeFeatures);
    return features * (perFeature + perEntry * entries()) + sentences * (25 + real * classes) +
           real * tokens + 8 * sampled + 8 * sampledTokens + vocabularyBytes * vocabulary / 2;
}

double writingSeconds(double bytes) {
    constexpr double perFile = 0.01;
    constexpr double bytesPerSecond = 4e8;  // of a plain disk
    return perFile + bytes / bytesPerSecond;
}

Footprint footprint(const std::vector<PlannedStage>& stages, const RunScale& scale) {
    const Sizes sizes(scale);
    Footprint result;
    double kept = 0;
    double disk = 0;
    double targets = 0;
    double stores = 0;
    double cache = 0;
    double most = 0;
    bool mapsStore = false;
    for (const auto& [stage, cycle] : stages) {
        if (stage == Stage::Extract && !scale.storesAtHand.contains(cycle)) {
            stores += sizes.store;  // the earlier one goes when this one is whole
            cache = std::max(cache, stores + targets);
            stores = sizes.store;
        }
        mapsStore = mapsStore || readsStore(stage);
        if (stage == Stage::Auxiliary) {
            targets += sizes.targets;
            cache = std::max(cache, stores + targets);
        }
        const double heap = std::max(sizes.heap(stage), kept);
        kept = std::max(kept, std::min(sizes.heap(stage), keptByMalloc));
        const double mapped = mapsStore && stage != Stage::Baseline ? sizes.store : 0;
        result.stages.push_back(static_cast<std::int64_t>(heap + mapped));
        if (heap + mapped > most) {
            most = heap + mapped;
            result.mapped = static_cast<std::int64_t>(mapped);
        }
        disk += sizes.left(stage);
    }
    result.memory = static_cast<std::int64_t>(most);
    result.disk = static_cast<std::int64_t>(disk + stores + targets);
    result.cache = static_cast<std::int64_t>(cache);
    return result;
}

}  // namespace saeception
