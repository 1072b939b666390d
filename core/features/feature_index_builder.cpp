// SPDX-License-Identifier: GPL-3.0-or-later
#include "features/feature_index_builder.h"

#include "base/error.h"
#include "evaluation/selectivity_formulas.h"
#include "features/index_format.h"
#include "model/safetensors.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>
#include <map>
#include <stdexcept>
#include <tuple>
#include <unordered_map>

namespace saeception {
namespace {

__extension__ typedef unsigned __int128 Wide;

constexpr float missing = std::numeric_limits<float>::quiet_NaN();
constexpr float activationLimit = 0x1p40F;
constexpr int fractionBits = 60;

/// A positive float below activationLimit in units of 2^-60 (rounded down). Sums of integers, unlike sums of
/// floats, do not depend on the order; 2^28 of the largest still fit.
Wide toFixed(float value) {
    const auto bits = std::bit_cast<std::uint32_t>(value);
    const int exponent = static_cast<int>(bits >> 23);
    const Wide mantissa = (bits & 0x7FFFFFU) | (exponent > 0 ? 0x800000U : 0U);
    const int shift = std::max(exponent, 1) - 150 + fractionBits;
    if (shift >= 0)
        return mantissa << shift;
    return shift > -32 ? mantissa >> -shift : 0;
}

double fromFixed(Wide value) {
    return std::ldexp(static_cast<double>(value), -fractionBits);
}

/// Counts in histogramBins bins whose width, a power of two, doubles whenever a value falls beyond the last:
/// merging bins in pairs is exact, so one pass needs no knowledge of the maximum.
struct Histogram {
    std::array<std::uint32_t, histogramBins> counts{};
    double width = 0;
    double inverseWidth = 0;

    void add(float value) {
        if (!(value <= width * histogramBins))
            widen(value);
        const double position = value * inverseWidth;
        const auto below = static_cast<int>(position);
        ++counts[static_cast<std::size_t>(below == position ? below - 1 : below)];
    }

private:
    void widen(float value) {
        if (width == 0)
            setWidth(std::exp2(std::floor(std::log2(static_cast<double>(value) / histogramBins)) - 1));
        while (value > width * histogramBins) {
            for (std::size_t b = 0; b < counts.size(); ++b)
                counts[b] = 2 * b + 1 < counts.size() ? counts[2 * b] + counts[2 * b + 1] : 0;
            setWidth(2 * width);
        }
    }
    void setWidth(double value) {
        width = value;
        inverseWidth = 1 / value;
    }
};

/// One entry of a feature's top list.
struct TopEntry {
    float peak = 0;
    SplitKind split{};
    std::int64_t example = 0;
    std::vector<float> activations;
};

bool ranksBefore(const TopEntry& a, const TopEntry& b) {
    return a.peak != b.peak ? a.peak > b.peak : std::tie(a.split, a.example) < std::tie(b.split, b.example);
}

struct StoredSentence {
    int label = 0;
    int prediction = 0;
    std::vector<std::int32_t> tokens;
    int uses = 0;
};

struct FeatureStatistics {
    float maximum = 0;
    std::int64_t fires = 0;
    Histogram histogram;
    std::vector<TopEntry> top;  // a heap whose front ranks last
};

std::uint64_t keyOf(SplitKind split, std::int64_t example) {
    return static_cast<std::uint64_t>(example) << 1 | static_cast<std::uint64_t>(split);
}

}  // namespace

struct FeatureIndexBuilder::Impl {
    int cycle = 0;
    std::vector<std::string> classNames;
    std::vector<FeatureStatistics> features;
    std::vector<Wide> sums;                   // [features x classes]
    std::vector<std::int64_t> firesPerClass;  // [features x classes]
    std::vector<std::int64_t> rowsPerClass;
    std::unordered_map<std::uint64_t, StoredSentence> sentences;
    std::vector<float> peaks;           // [features], of the sentence at hand
    std::vector<std::int32_t> touched;  // features that fire in it

    void check(const SentenceCode& sentence) const;
    void count(const SentenceCode& sentence);
    void offer(const SentenceCode& sentence, std::int32_t feature, float peak);
    void release(const TopEntry& entry);
};

void FeatureIndexBuilder::Impl::check(const SentenceCode& sentence) const {
    const auto classes = static_cast<int>(classNames.size());
    const std::size_t tokens = sentence.tokenIds.size();
    if (sentence.label < 0 || sentence.label >= classes || sentence.prediction < 0 ||
        sentence.prediction >= classes)
        throw std::invalid_argument("a sentence's label or prediction is not one of the classes");
    if (tokens == 0 || sentence.inSaeData.size() != tokens || sentence.rowOffsets.size() != tokens + 1 ||
        sentence.columns.size() != sentence.values.size() || sentence.rowOffsets.front() != 0 ||
        sentence.rowOffsets.back() != static_cast<std::int64_t>(sentence.columns.size()))
        throw std::invalid_argument("the parts of a sentence's code do not fit together");
    for (const std::int32_t column : sentence.columns)
        if (column < 0 || static_cast<std::size_t>(column) >= features.size())
            throw std::invalid_argument("a sentence's code names a feature that does not exist");
    for (std::size_t j = 0; j < sentence.values.size(); ++j)
        if (!(sentence.values[j] > 0 && sentence.values[j] < activationLimit))
            fail(
                "example {}: feature {} has the activation {}, which is no positive number below 1e12; the "
                "training has "
                "diverged: lower model.learning_rate or sae.learning_rate and train again",
                sentence.example, sentence.columns[j], sentence.values[j]);
}

void FeatureIndexBuilder::Impl::count(const SentenceCode& sentence) {
    const std::size_t classes = classNames.size();
    const auto label = static_cast<std::size_t>(sentence.label);
    for (std::size_t t = 0; t < sentence.tokenIds.size(); ++t) {
        const auto begin = static_cast<std::size_t>(sentence.rowOffsets[t]);
        const auto end = static_cast<std::size_t>(sentence.rowOffsets[t + 1]);
        if (sentence.inSaeData[t] == 0) {
            if (begin != end)
                throw std::invalid_argument("a token outside the SAE data has active features");
            continue;
        }
        ++rowsPerClass[label];
        for (std::size_t j = begin; j < end; ++j) {
            const auto f = static_cast<std::size_t>(sentence.columns[j]);
            const float value = sentence.values[j];
            FeatureStatistics& feature = features[f];
            ++feature.fires;
            feature.maximum = std::max(feature.maximum, value);
            feature.histogram.add(value);
            sums[f * classes + label] += toFixed(value);
            ++firesPerClass[f * classes + label];
            if (peaks[f] == 0)
                touched.push_back(sentence.columns[j]);
            peaks[f] = std::max(peaks[f], value);
        }
    }
}

void FeatureIndexBuilder::Impl::offer(const SentenceCode& sentence, std::int32_t feature, float peak) {
    std::vector<TopEntry>& top = features[static_cast<std::size_t>(feature)].top;
    TopEntry entry{peak, sentence.split, sentence.example, {}};
    if (top.size() == topSentenceCount) {
        if (!ranksBefore(entry, top.front()))
            return;
        std::pop_heap(top.begin(), top.end(), ranksBefore);
        release(top.back());
        entry.activations = std::move(top.back().activations);
        top.pop_back();
    }
    const std::size_t tokens = sentence.tokenIds.size();
    entry.activations.resize(tokens);
    for (std::size_t t = 0; t < tokens; ++t) {
        entry.activations[t] = sentence.inSaeData[t] == 0 ? missing : 0;
        for (auto j = static_cast<std::size_t>(sentence.rowOffsets[t]);
             j < static_cast<std::size_t>(sentence.rowOffsets[t + 1]); ++j)
            if (sentence.columns[j] == feature)
                entry.activations[t] = sentence.values[j];
    }
    top.push_back(std::move(entry));
    std::push_heap(top.begin(), top.end(), ranksBefore);
    StoredSentence& stored = sentences[keyOf(sentence.split, sentence.example)];
    if (stored.uses++ == 0) {
        stored.label = sentence.label;
        stored.prediction = sentence.prediction;
        stored.tokens.assign(sentence.tokenIds.begin(), sentence.tokenIds.end());
    }
}

void FeatureIndexBuilder::Impl::release(const TopEntry& entry) {
    const auto stored = sentences.find(keyOf(entry.split, entry.example));
    if (--stored->second.uses == 0)
        sentences.erase(stored);
}

FeatureIndexBuilder::FeatureIndexBuilder(int cycle, int features, std::vector<std::string> classNames)
    : m_impl(std::make_unique<Impl>()) {
    if (features < 0 || classNames.empty())
        throw std::invalid_argument("a feature index needs at least one class");
    const std::size_t count = static_cast<std::size_t>(features);
    m_impl->cycle = cycle;
    m_impl->features.resize(count);
    m_impl->sums.resize(count * classNames.size());
    m_impl->firesPerClass.resize(count * classNames.size());
    m_impl->rowsPerClass.resize(classNames.size());
    m_impl->peaks.resize(count);
    m_impl->classNames = std::move(classNames);
}

FeatureIndexBuilder::~FeatureIndexBuilder() = default;

void FeatureIndexBuilder::add(const SentenceCode& sentence) {
    m_impl->check(sentence);
    m_impl->touched.clear();
    m_impl->count(sentence);
    for (const std::int32_t feature : m_impl->touched) {
        float& peak = m_impl->peaks[static_cast<std::size_t>(feature)];
        m_impl->offer(sentence, feature, peak);
        peak = 0;
    }
}

namespace {

/// Every table of the file, in memory.
struct Tables {
    std::vector<float> density, meanActivation, maxActivation, csi, usefulness, classMean, topActivations;
    std::vector<std::uint32_t> histogram;
    std::vector<double> histogramWidth;
    std::vector<std::int64_t> rowsPerClass, topOffsets{0}, sentenceExample, sentenceOffsets{0},
        tokenOffsets{0};
    std::vector<std::int32_t> topSentence, sentenceLabel, sentencePrediction, sentenceTokens;
    std::vector<std::uint8_t> sentenceSplit, tokenBytes;

    /// Calls `visit` with name, dtype, shape and values of each.
    template <typename Visit>
    void forEach(std::int64_t features, std::int64_t classes, const Visit& visit) const {
        namespace names = index_format;
        const auto flat = [&](const char* name, const char* dtype, const auto& values) {
            visit(name, dtype, std::vector<std::int64_t>{static_cast<std::int64_t>(values.size())}, values);
        };
        flat(names::density, "F32", density);
        flat(names::meanActivation, "F32", meanActivation);
        flat(names::maxActivation, "F32", maxActivation);
        flat(names::csi, "F32", csi);
        flat(names::usefulness, "F32", usefulness);
        visit(names::classMean, "F32", std::vector<std::int64_t>{features, classes}, classMean);
        flat(names::rowsPerClass, "I64", rowsPerClass);
        visit(names::histogram, "U32", std::vector<std::int64_t>{features, histogramBins}, histogram);
        flat(names::histogramWidth, "F64", histogramWidth);
        flat(names::topOffsets, "I64", topOffsets);
        flat(names::topSentence, "I32", topSentence);
        flat(names::topActivations, "F32", topActivations);
        flat(names::sentenceExample, "I64", sentenceExample);
        flat(names::sentenceSplit, "U8", sentenceSplit);
        flat(names::sentenceLabel, "I32", sentenceLabel);
        flat(names::sentencePrediction, "I32", sentencePrediction);
        flat(names::sentenceOffsets, "I64", sentenceOffsets);
        flat(names::sentenceTokens, "I32", sentenceTokens);
        flat(names::tokenOffsets, "I64", tokenOffsets);
        flat(names::tokenBytes, "U8", tokenBytes);
    }
};

}  // namespace

void FeatureIndexBuilder::save(const std::filesystem::path& file,
                               std::span<const std::string> tokenText) const {
    const Impl& impl = *m_impl;
    const std::size_t classes = impl.classNames.size();
    Tables tables;
    tables.rowsPerClass = impl.rowsPerClass;
    std::int64_t rows = 0;
    for (const std::int64_t count : impl.rowsPerClass)
        rows += count;

    // Sentences by (split, example) and tokens by id, so that equal indexes are equal files.
    std::map<std::pair<SplitKind, std::int64_t>, const StoredSentence*> sentences;
    std::map<std::int32_t, std::int32_t> tokens;
    for (const auto& [key, sentence] : impl.sentences) {
        sentences.emplace(std::pair{static_cast<SplitKind>(key & 1), static_cast<std::int64_t>(key >> 1)},
                          &sentence);
        for (const std::int32_t token : sentence.tokens)
            tokens.emplace(token, 0);
    }
    for (auto& [id, position] : tokens) {
        if (id < 0 || static_cast<std::size_t>(id) >= tokenText.size())
            throw std::invalid_argument("a sentence holds a token without text");
        position = static_cast<std::int32_t>(tables.tokenOffsets.size()) - 1;
        const std::string& text = tokenText[static_cast<std::size_t>(id)];
        tables.tokenBytes.insert(tables.tokenBytes.end(), text.begin(), text.end());
        tables.tokenOffsets.push_back(static_cast<std::int64_t>(tables.tokenBytes.size()));
    }
    std::map<std::pair<SplitKind, std::int64_t>, std::int32_t> sentencePosition;
    for (const auto& [key, sentence] : sentences) {
        sentencePosition.emplace(key, static_cast<std::int32_t>(tables.sentenceExample.size()));
        tables.sentenceSplit.push_back(static_cast<std::uint8_t>(key.first));
        tables.sentenceExample.push_back(key.second);
        tables.sentenceLabel.push_back(sentence->label);
        tables.sentencePrediction.push_back(sentence->prediction);
        for (const std::int32_t token : sentence->tokens)
            tables.sentenceTokens.push_back(tokens.at(token));
        tables.sentenceOffsets.push_back(static_cast<std::int64_t>(tables.sentenceTokens.size()));
    }

    std::vector<double> activationSums(classes);
    for (std::size_t f = 0; f < impl.features.size(); ++f) {
        const FeatureStatistics& feature = impl.features[f];
        const auto fires = static_cast<double>(feature.fires);
        Wide total = 0;
        for (std::size_t c = 0; c < classes; ++c) {
            total += impl.sums[f * classes + c];
            activationSums[c] = fromFixed(impl.sums[f * classes + c]);
            const auto classRows = static_cast<double>(impl.rowsPerClass[c]);
            tables.classMean.push_back(classRows > 0 ? static_cast<float>(activationSums[c] / classRows) : 0);
        }
        tables.density.push_back(rows > 0 ? static_cast<float>(fires / static_cast<double>(rows)) : 0);
        tables.meanActivation.push_back(fires > 0 ? static_cast<float>(fromFixed(total) / fires) : 0);
        tables.maxActivation.push_back(feature.maximum);
        tables.csi.push_back(fires > 0 ? static_cast<float>(csi(activationSums, impl.rowsPerClass))
                                       : missing);
        tables.usefulness.push_back(static_cast<float>(
            usefulness(std::span(impl.firesPerClass).subspan(f * classes, classes), impl.rowsPerClass)));
        tables.histogram.insert(tables.histogram.end(), feature.histogram.counts.begin(),
                                feature.histogram.counts.end());
        tables.histogramWidth.push_back(feature.histogram.width);
        std::vector<const TopEntry*> top;
        for (const TopEntry& entry : feature.top)
            top.push_back(&entry);
        std::sort(top.begin(), top.end(),
                  [](const TopEntry* a, const TopEntry* b) { return ranksBefore(*a, *b); });
        for (const TopEntry* entry : top) {
            tables.topSentence.push_back(sentencePosition.at({entry->split, entry->example}));
            tables.topActivations.insert(tables.topActivations.end(), entry->activations.begin(),
                                         entry->activations.end());
        }
        tables.topOffsets.push_back(static_cast<std::int64_t>(tables.topSentence.size()));
    }

    const auto featureCount = static_cast<std::int64_t>(impl.features.size());
    const auto classCount = static_cast<std::int64_t>(classes);
    std::vector<SafetensorsWriter::Declaration> declarations;
    tables.forEach(
        featureCount, classCount,
        [&](const char* name, const char* dtype, const std::vector<std::int64_t>& shape, const auto&) {
            declarations.push_back({name, dtype, shape});
        });
    SafetensorsWriter writer(file, declarations,
                             {{index_format::formatKey, index_format::format},
                              {index_format::versionKey, std::to_string(index_format::version)},
                              {index_format::cycleKey, std::to_string(impl.cycle)},
                              {index_format::classNamesKey, nlohmann::json(impl.classNames).dump()}});
    tables.forEach(featureCount, classCount,
                   [&](const char* name, const char*, const std::vector<std::int64_t>&, const auto& values) {
                       writer.write(name, values);
                   });
    writer.commit();
}

}  // namespace saeception
