// SPDX-License-Identifier: GPL-3.0-or-later
#include "features/feature_index.h"

#include "base/error.h"
#include "features/index_format.h"
#include "model/safetensors.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>

namespace saeception {
namespace names = index_format;
namespace {

std::size_t at(std::int64_t i) {
    return static_cast<std::size_t>(i);
}

/// `text` with every byte that is not part of well-formed UTF-8 replaced by U+FFFD.
std::string toValidUtf8(std::string_view text) {
    std::string valid;
    for (;;) {
        const std::size_t bad = findInvalidUtf8(text);
        valid += text.substr(0, bad);
        if (bad == std::string_view::npos)
            return valid;
        valid += "\xEF\xBF\xBD";
        text.remove_prefix(bad + 1);
    }
}

}  // namespace

struct FeatureIndex::Impl {
    SafetensorsFile file;
    int cycle = 0;
    std::vector<std::string> classNames;
    std::int64_t features = 0;
    std::int64_t rows = 0;
    std::span<const float> density, meanActivation, maxActivation, csi, usefulness, classMean, topActivations;
    std::span<const std::uint32_t> histogram;
    std::span<const double> histogramWidth;
    std::span<const std::int64_t> rowsPerClass, topOffsets, sentenceExample, sentenceOffsets, tokenOffsets;
    std::span<const std::int32_t> topSentence, sentenceLabel, sentencePrediction, sentenceTokens;
    std::span<const std::uint8_t> sentenceSplit, tokenBytes;
    std::vector<std::int64_t> activationOffsets;  // [entries + 1], where each entry's activations begin

    explicit Impl(SafetensorsFile opened) : file(std::move(opened)) {
        readMetadata();
        mapTables();
        checkTables();
    }

private:
    [[noreturn]] void damaged(std::string_view what) const {
        fail("{}: the feature index is damaged ({}); delete it and build it anew with 'saeception features'",
             file.path().string(), what);
    }
    void require(bool condition, std::string_view what) const {
        if (!condition)
            damaged(what);
    }

    std::string metadata(const char* key) const {
        const auto found = file.metadata().find(key);
        return found == file.metadata().end() ? std::string() : found->second;
    }
    int integer(const char* key) const {
        const std::string text = metadata(key);
        int value = -1;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
        require(error == std::errc() && end == text.data() + text.size() && value >= 0,
                fmt::format("its {} is '{}'", key, oneLine(text)));
        return value;
    }
    void readMetadata() {
        if (metadata(names::formatKey) != names::format)
            fail("{}: not a feature index; give the index.safetensors of a run's features/cycle_N folder",
                 file.path().string());
        const int version = integer(names::versionKey);
        if (version > names::version)
            fail(
                "{}: a feature index of version {}, written by a newer SAEception Studio (this one reads "
                "version {}); update "
                "the program, or build the index anew with 'saeception features'",
                file.path().string(), version, names::version);
        require(version == names::version, fmt::format("there is no version {}", version));
        cycle = integer(names::cycleKey);
        const nlohmann::json list = nlohmann::json::parse(metadata(names::classNamesKey), nullptr, false);
        require(list.is_array() && !list.empty() &&
                    std::all_of(list.begin(), list.end(), [](const auto& name) { return name.is_string(); }),
                "its class_names are not a list of texts");
        classNames = list.get<std::vector<std::string>>();
    }

    void mapTables() {
        const auto classes = static_cast<std::int64_t>(classNames.size());
        density = file.values<float>(names::density, "F32");
        features = static_cast<std::int64_t>(density.size());
        require(features <= std::numeric_limits<int>::max(), "it has too many features");
        meanActivation = file.values<float>(names::meanActivation, "F32", features);
        maxActivation = file.values<float>(names::maxActivation, "F32", features);
        csi = file.values<float>(names::csi, "F32", features);
        usefulness = file.values<float>(names::usefulness, "F32", features);
        classMean = file.values<float>(names::classMean, "F32", features * classes);
        rowsPerClass = file.values<std::int64_t>(names::rowsPerClass, "I64", classes);
        histogram = file.values<std::uint32_t>(names::histogram, "U32", features * histogramBins);
        histogramWidth = file.values<double>(names::histogramWidth, "F64", features);
        topOffsets = file.values<std::int64_t>(names::topOffsets, "I64", features + 1);
        topSentence = file.values<std::int32_t>(names::topSentence, "I32");
        topActivations = file.values<float>(names::topActivations, "F32");
        sentenceExample = file.values<std::int64_t>(names::sentenceExample, "I64");
        const auto sentences = static_cast<std::int64_t>(sentenceExample.size());
        sentenceSplit = file.values<std::uint8_t>(names::sentenceSplit, "U8", sentences);
        sentenceLabel = file.values<std::int32_t>(names::sentenceLabel, "I32", sentences);
        sentencePrediction = file.values<std::int32_t>(names::sentencePrediction, "I32", sentences);
        sentenceOffsets = file.values<std::int64_t>(names::sentenceOffsets, "I64", sentences + 1);
        sentenceTokens = file.values<std::int32_t>(names::sentenceTokens, "I32");
        tokenOffsets = file.values<std::int64_t>(names::tokenOffsets, "I64");
        tokenBytes = file.values<std::uint8_t>(names::tokenBytes, "U8");
    }

    /// `offsets` must rise from 0 to `size`, each by at least `least`.
    void checkOffsets(std::span<const std::int64_t> offsets, std::size_t size, std::int64_t least,
                      const char* name) const {
        bool sound =
            !offsets.empty() && offsets.front() == 0 && offsets.back() == static_cast<std::int64_t>(size);
        for (std::size_t i = 1; sound && i < offsets.size(); ++i)
            sound = offsets[i] >= offsets[i - 1] && offsets[i] - offsets[i - 1] >= least;
        require(sound, fmt::format("{} do not fit what they index", name));
    }
    void checkIds(std::span<const std::int32_t> ids, std::size_t count, const char* name) const {
        const bool sound = std::all_of(ids.begin(), ids.end(), [&](std::int32_t id) {
            return id >= 0 && static_cast<std::size_t>(id) < count;
        });
        require(sound, fmt::format("{} holds an id out of range", name));
    }

    void checkTables() {
        checkOffsets(topOffsets, topSentence.size(), 0, names::topOffsets);
        checkOffsets(sentenceOffsets, sentenceTokens.size(), 1, names::sentenceOffsets);
        checkOffsets(tokenOffsets, tokenBytes.size(), 0, names::tokenOffsets);
        checkIds(topSentence, sentenceExample.size(), names::topSentence);
        checkIds(sentenceTokens, tokenOffsets.size() - 1, names::sentenceTokens);
        checkIds(sentenceLabel, classNames.size(), names::sentenceLabel);
        checkIds(sentencePrediction, classNames.size(), names::sentencePrediction);
        for (const std::uint8_t split : sentenceSplit)
            require(split <= static_cast<std::uint8_t>(SplitKind::Validation),
                    "a sentence is of an unknown split");
        for (const std::int64_t example : sentenceExample)
            require(example >= 0, "a sentence has a negative example id");
        for (const std::int64_t count : rowsPerClass) {
            require(count >= 0 && !__builtin_add_overflow(rows, count, &rows),
                    "its row counts are impossible");
        }
        for (std::int64_t f = 0; f < features; ++f) {
            const double width = histogramWidth[at(f)];
            require(std::isfinite(width) && width >= 0, "a histogram has an impossible width");
            require(topOffsets[at(f) + 1] - topOffsets[at(f)] <= topSentenceCount,
                    "a list of top sentences is too long");
        }
        activationOffsets.assign(1, 0);
        for (const std::int32_t sentence : topSentence)
            activationOffsets.push_back(activationOffsets.back() + sentenceOffsets[at(sentence) + 1] -
                                        sentenceOffsets[at(sentence)]);
        require(activationOffsets.back() == static_cast<std::int64_t>(topActivations.size()),
                "its activations do not fit its sentences");
    }
};

FeatureIndex::FeatureIndex(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}
FeatureIndex::~FeatureIndex() = default;
FeatureIndex::FeatureIndex(FeatureIndex&&) noexcept = default;
FeatureIndex& FeatureIndex::operator=(FeatureIndex&&) noexcept = default;

FeatureIndex FeatureIndex::open(const std::filesystem::path& file) {
    return FeatureIndex(std::make_unique<Impl>(SafetensorsFile::open(file)));
}

int FeatureIndex::featureCount() const {
    return static_cast<int>(m_impl->features);
}
int FeatureIndex::cycle() const {
    return m_impl->cycle;
}
std::int64_t FeatureIndex::rowCount() const {
    return m_impl->rows;
}
std::span<const std::int64_t> FeatureIndex::rowsPerClass() const {
    return m_impl->rowsPerClass;
}
const std::vector<std::string>& FeatureIndex::classNames() const {
    return m_impl->classNames;
}
std::span<const float> FeatureIndex::density() const {
    return m_impl->density;
}
std::span<const float> FeatureIndex::meanActivation() const {
    return m_impl->meanActivation;
}
std::span<const float> FeatureIndex::maxActivation() const {
    return m_impl->maxActivation;
}
std::span<const float> FeatureIndex::csi() const {
    return m_impl->csi;
}
std::span<const float> FeatureIndex::usefulness() const {
    return m_impl->usefulness;
}
std::span<const float> FeatureIndex::classMean() const {
    return m_impl->classMean;
}

std::span<const std::uint32_t> FeatureIndex::histogram(int feature) const {
    const auto all = m_impl->histogram.subspan(at(feature) * histogramBins, histogramBins);
    const auto lastUsed =
        std::find_if(all.rbegin(), all.rend(), [](std::uint32_t count) { return count > 0; });
    return all.first(static_cast<std::size_t>(all.rend() - lastUsed));
}

std::vector<float> FeatureIndex::histogramEdges(int feature) const {
    const std::size_t bins = histogram(feature).size();
    std::vector<float> edges;
    for (std::size_t b = 0; bins > 0 && b <= bins; ++b)
        edges.push_back(static_cast<float>(static_cast<double>(b) * m_impl->histogramWidth[at(feature)]));
    return edges;
}

std::vector<TopSentence> FeatureIndex::topSentences(int feature) const {
    const Impl& impl = *m_impl;
    std::vector<TopSentence> result;
    for (std::int64_t entry = impl.topOffsets[at(feature)]; entry < impl.topOffsets[at(feature) + 1];
         ++entry) {
        const std::size_t id = at(impl.topSentence[at(entry)]);
        TopSentence sentence;
        sentence.example = impl.sentenceExample[id];
        sentence.split = static_cast<SplitKind>(impl.sentenceSplit[id]);
        sentence.label = impl.sentenceLabel[id];
        sentence.prediction = impl.sentencePrediction[id];
        const std::int64_t first = impl.sentenceOffsets[id];
        const std::int64_t tokens = impl.sentenceOffsets[id + 1] - first;
        const auto activations =
            impl.topActivations.subspan(at(impl.activationOffsets[at(entry)]), at(tokens));
        sentence.activations.assign(activations.begin(), activations.end());
        for (std::int64_t t = 0; t < tokens; ++t) {
            const std::size_t token = at(impl.sentenceTokens[at(first + t)]);
            const auto bytes = impl.tokenBytes.subspan(
                at(impl.tokenOffsets[token]), at(impl.tokenOffsets[token + 1] - impl.tokenOffsets[token]));
            sentence.tokens.push_back(
                toValidUtf8({reinterpret_cast<const char*>(bytes.data()), bytes.size()}));
            if (activations[at(t)] > sentence.peak) {
                sentence.peak = activations[at(t)];
                sentence.peakToken = static_cast<int>(t);
            }
        }
        result.push_back(std::move(sentence));
    }
    return result;
}

}  // namespace saeception
