// SPDX-License-Identifier: GPL-3.0-or-later
#include "features/feature_index.h"

#include "base/files.h"
#include "features/class_scores.h"
#include "features/index_tables.h"
#include "sharpening/kept_features.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace saeception {
namespace {

std::size_t at(std::int64_t i) {
    return static_cast<std::size_t>(i);
}

/// The `columns` numbers of row `row` in a table.
template <typename T>
std::span<const T> rowOf(std::span<const T> table, std::int64_t row, std::int64_t columns) {
    return table.subspan(at(row * columns), at(columns));
}

}  // namespace

int IndexedSentence::prediction() const {
    return likeliestClass(logits);
}

double IndexedSentence::loss() const {
    const double largest = static_cast<double>(*std::max_element(logits.begin(), logits.end()));
    double sum = 0;
    for (const float logit : logits)
        sum += std::exp(static_cast<double>(logit) - largest);
    return largest + std::log(sum) - static_cast<double>(logits[at(label)]);
}

double IndexedSentence::probability(int of) const {
    IndexedSentence other = *this;
    other.label = of;
    return std::exp(-other.loss());
}

FeatureIndex::FeatureIndex(std::unique_ptr<MappedIndex> index) : m_index(std::move(index)) {}
FeatureIndex::~FeatureIndex() = default;
FeatureIndex::FeatureIndex(FeatureIndex&&) noexcept = default;
FeatureIndex& FeatureIndex::operator=(FeatureIndex&&) noexcept = default;

FeatureIndex FeatureIndex::open(const std::filesystem::path& file, const std::string& remedy) {
    return FeatureIndex(std::make_unique<MappedIndex>(openIndex(file, remedy)));
}

const IndexOrigin& FeatureIndex::origin() const {
    return m_index->origin;
}
int FeatureIndex::featureCount() const {
    return static_cast<int>(m_index->sizes.features);
}
int FeatureIndex::classCount() const {
    return static_cast<int>(m_index->sizes.classes);
}
int FeatureIndex::cycle() const {
    return m_index->origin.cycle;
}
std::int64_t FeatureIndex::rowCount() const {
    return m_index->rows;
}
std::span<const std::int64_t> FeatureIndex::rowsPerClass() const {
    return m_index->tables.rowsPerClass;
}
const std::vector<std::string>& FeatureIndex::classNames() const {
    return m_index->origin.classNames;
}
const std::vector<std::string>& FeatureIndex::conceptNames() const {
    return m_index->origin.conceptNames;
}
std::span<const std::int64_t> FeatureIndex::fires() const {
    return m_index->tables.fires;
}
std::span<const float> FeatureIndex::density() const {
    return m_index->tables.density;
}
std::span<const float> FeatureIndex::meanActivation() const {
    return m_index->tables.meanActivation;
}
std::span<const float> FeatureIndex::maxActivation() const {
    return m_index->tables.maxActivation;
}
std::span<const float> FeatureIndex::csi() const {
    return m_index->tables.csi;
}
std::span<const float> FeatureIndex::usefulness() const {
    return m_index->tables.usefulness;
}
std::span<const float> FeatureIndex::classMean() const {
    return m_index->tables.classMean;
}
std::span<const float> FeatureIndex::sentenceMean() const {
    return m_index->tables.sentenceMean;
}
std::span<const float> FeatureIndex::classEffect() const {
    return m_index->tables.classEffect;
}
std::span<const float> FeatureIndex::positions() const {
    return m_index->tables.position;
}

int FeatureIndex::strongestClass(int feature) const {
    if (!isAlive(feature))
        return -1;
    const auto means = rowOf(classMean(), feature, m_index->sizes.classes);
    return static_cast<int>(std::max_element(means.begin(), means.end()) - means.begin());
}

int FeatureIndex::favouredClass(int feature) const {
    const auto effects = rowOf(classEffect(), feature, m_index->sizes.classes);
    if (std::isnan(effects.front()))
        return -1;
    return static_cast<int>(std::max_element(effects.begin(), effects.end()) - effects.begin());
}

float FeatureIndex::effectContrast(int feature) const {
    const auto effects = rowOf(classEffect(), feature, m_index->sizes.classes);
    const float best = *std::max_element(effects.begin(), effects.end());
    double others = -static_cast<double>(best);
    for (const float effect : effects)
        others += static_cast<double>(effect);
    const auto count = static_cast<double>(std::max<std::size_t>(2, effects.size()) - 1);
    return static_cast<float>(static_cast<double>(best) - others / count);
}

float FeatureIndex::signedEffect(int feature) const {
    const float contrast = effectContrast(feature);
    return classCount() == 2 && favouredClass(feature) == 0 ? -contrast : contrast;
}

std::span<const float> FeatureIndex::quantiles(int feature) const {
    return rowOf(m_index->tables.quantiles, feature, quantileCount);
}

std::vector<std::uint32_t> FeatureIndex::histogram(int feature) const {
    std::vector<std::uint32_t> sum(histogramBins);
    for (int label = 0; label < classCount(); ++label) {
        const auto counts = rowOf(m_index->tables.histogram,
                                  static_cast<std::int64_t>(feature) * classCount() + label, histogramBins);
        for (std::size_t b = 0; b < counts.size(); ++b)
            sum[b] += counts[b];
    }
    while (!sum.empty() && sum.back() == 0)
        sum.pop_back();
    return sum;
}

std::vector<std::uint32_t> FeatureIndex::histogram(int feature, int label) const {
    const auto counts = rowOf(m_index->tables.histogram,
                              static_cast<std::int64_t>(feature) * classCount() + label, histogramBins);
    return {counts.begin(), counts.begin() + static_cast<std::ptrdiff_t>(histogram(feature).size())};
}

std::vector<float> FeatureIndex::histogramEdges(int feature) const {
    const std::size_t bins = histogram(feature).size();
    std::vector<float> edges;
    for (std::size_t b = 0; bins > 0 && b <= bins; ++b)
        edges.push_back(
            static_cast<float>(static_cast<double>(b) * m_index->tables.histogramWidth[at(feature)]));
    return edges;
}

std::span<const std::int32_t> FeatureIndex::listed(int feature, Band band) const {
    const std::size_t list = at(feature) * bandCount + static_cast<std::size_t>(band);
    const auto& offsets = m_index->tables.listOffsets;
    return m_index->tables.listSentence.subspan(at(offsets[list]), at(offsets[list + 1] - offsets[list]));
}

int FeatureIndex::sentenceCount(int feature, Band band) const {
    return static_cast<int>(listed(feature, band).size());
}

std::vector<ShadedSentence> FeatureIndex::sentences(int feature, Band band, int most) const {
    const std::size_t list = at(feature) * bandCount + static_cast<std::size_t>(band);
    const auto& offsets = m_index->tables.listOffsets;
    std::vector<ShadedSentence> result;
    const std::int64_t end = std::min(offsets[list + 1], offsets[list] + most);
    for (std::int64_t entry = offsets[list]; entry < end; ++entry)
        result.push_back(shaded(entry, band));
    return result;
}

ShadedSentence FeatureIndex::shaded(std::int64_t entry, Band band) const {
    const auto& t = m_index->tables;
    const IndexedSentence indexed = sentence(t.listSentence[at(entry)]);
    ShadedSentence result;
    result.example = indexed.example;
    result.split = indexed.split;
    result.label = indexed.label;
    result.prediction = indexed.prediction();
    result.peak = t.listValue[at(entry)];
    result.peakToken = t.listToken[at(entry)];
    result.nearMiss = band == Band::NearMiss;
    result.activations.assign(indexed.tokens.size(), 0);
    std::fill_n(result.activations.begin(), indexed.firstToken, std::numeric_limits<float>::quiet_NaN());
    for (std::int64_t a = t.activationOffsets[at(entry)]; a < t.activationOffsets[at(entry) + 1]; ++a)
        result.activations[t.activationToken[at(a)]] = t.activationValue[at(a)];
    for (const std::int32_t id : indexed.tokens)
        result.tokens.push_back(tokenText(id));
    return result;
}

std::vector<std::string> FeatureIndex::peakTokens(int feature, int most) const {
    std::vector<std::string> texts;
    for (const std::int32_t id : rowOf(m_index->tables.peakTokens, feature, peakTokenCount)) {
        if (id < 0 || static_cast<int>(texts.size()) == most)
            break;
        std::string text = tokenText(id);
        text.erase(0, std::min(text.find_first_not_of(' '), text.size()));
        texts.push_back(std::move(text));
    }
    return texts;
}

std::vector<TokenEffect> FeatureIndex::tokenEffects(std::span<const std::int32_t> ids,
                                                    std::span<const float> logits, int feature) const {
    const std::int64_t columns = m_index->sizes.vocabularyTokens;
    std::vector<TokenEffect> effects;
    for (std::int64_t i = feature * columns; i < (feature + 1) * columns; ++i)
        effects.push_back({tokenText(ids[at(i)]), logits[at(i)]});
    return effects;
}

std::vector<TokenEffect> FeatureIndex::topTokens(int feature) const {
    return tokenEffects(m_index->tables.topTokens, m_index->tables.topLogits, feature);
}
std::vector<TokenEffect> FeatureIndex::bottomTokens(int feature) const {
    return tokenEffects(m_index->tables.bottomTokens, m_index->tables.bottomLogits, feature);
}

std::vector<NeighbourFeature> FeatureIndex::neighbours(int feature) const {
    const auto ids = rowOf(m_index->tables.neighbour, feature, neighbourCount);
    const auto cosines = rowOf(m_index->tables.neighbourCosine, feature, neighbourCount);
    std::vector<NeighbourFeature> result;
    for (std::size_t i = 0; i < ids.size() && ids[i] >= 0; ++i)
        result.push_back({ids[i], cosines[i]});
    return result;
}

std::vector<Companion> FeatureIndex::companions(int feature) const {
    const auto ids = rowOf(m_index->tables.companion, feature, companionCount);
    const auto jaccard = rowOf(m_index->tables.companionJaccard, feature, companionCount);
    const auto share = rowOf(m_index->tables.companionShare, feature, companionCount);
    std::vector<Companion> result;
    for (std::size_t i = 0; i < ids.size() && ids[i] >= 0; ++i)
        result.push_back({ids[i], jaccard[i], share[i]});
    return result;
}

double FeatureIndex::meanActive() const {
    std::int64_t firings = 0;
    for (const std::int64_t count : fires())
        firings += count;
    return rowCount() > 0 ? static_cast<double>(firings) / static_cast<double>(rowCount()) : 0;
}

std::int64_t FeatureIndex::sampledRows() const {
    return static_cast<std::int64_t>(m_index->tables.sampleOffsets.size()) - 1;
}

std::vector<ConceptMatch> FeatureIndex::conceptsOf(int feature) const {
    const auto& t = m_index->tables;
    const std::int64_t concepts = m_index->sizes.concepts;
    std::vector<ConceptMatch> result;
    for (std::int64_t c = 0; c < concepts; ++c) {
        const auto both = static_cast<double>(t.conceptTogether[at(feature * concepts + c)]);
        if (both == 0)
            continue;
        const auto fires = static_cast<double>(t.conceptFires[at(feature)]);
        const auto rows = static_cast<double>(t.conceptRows[at(c)]);
        result.push_back({static_cast<int>(c), feature, both / fires, both / rows, 2 * both / (fires + rows),
                          std::numeric_limits<double>::quiet_NaN()});
        if (t.conceptFeature[at(c)] == feature)
            result.back().auroc = t.conceptScores[at(c * 4 + 3)];
    }
    std::stable_sort(result.begin(), result.end(),
                     [](const ConceptMatch& a, const ConceptMatch& b) { return a.f1 > b.f1; });
    return result;
}

std::vector<ConceptMatch> FeatureIndex::bestForConcepts() const {
    const auto& t = m_index->tables;
    std::vector<ConceptMatch> result;
    for (std::int64_t c = 0; c < m_index->sizes.concepts; ++c) {
        const auto scores = rowOf(t.conceptScores, c, 4);
        result.push_back(
            {static_cast<int>(c), t.conceptFeature[at(c)], scores[0], scores[1], scores[2], scores[3]});
    }
    return result;
}

std::vector<int> FeatureIndex::salientFeatures(int label, const IndexOrigin& next) const {
    if (next.sharpening != "per_class")
        return {};
    std::vector<int> order;
    for (int f = 0; f < featureCount(); ++f)
        order.push_back(f);
    const auto mean = [&](int f) { return sentenceMean()[at(f) * at(classCount()) + at(label)]; };
    const std::size_t kept = order.empty() ? 0 : keptFeatures(order.size(), next.topKPct);
    std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(kept), order.end(),
                      [&](int a, int b) { return mean(a) != mean(b) ? mean(a) > mean(b) : a < b; });
    order.resize(kept);
    return order;
}

int FeatureIndex::sentenceCount() const {
    return static_cast<int>(m_index->tables.sentenceExample.size());
}

IndexedSentence FeatureIndex::sentence(int position) const {
    const auto& t = m_index->tables;
    const std::size_t s = at(position);
    IndexedSentence sentence;
    sentence.example = t.sentenceExample[s];
    sentence.split = static_cast<SplitKind>(t.sentenceSplit[s]);
    sentence.label = t.sentenceLabel[s];
    sentence.firstToken = t.sentenceFirst[s];
    sentence.tokens = t.sentenceTokens.subspan(at(t.sentenceOffsets[s]),
                                               at(t.sentenceOffsets[s + 1] - t.sentenceOffsets[s]));
    sentence.logits = rowOf(t.sentenceLogits, position, m_index->sizes.classes);
    return sentence;
}

std::string FeatureIndex::sentenceText(int position) const {
    const auto& t = m_index->tables;
    std::string bytes;
    for (const std::int32_t id : sentence(position).tokens) {
        const std::size_t token = at(id);
        const auto text = t.vocabularyBytes.subspan(
            at(t.vocabularyOffsets[token]), at(t.vocabularyOffsets[token + 1] - t.vocabularyOffsets[token]));
        bytes.append(reinterpret_cast<const char*>(text.data()), text.size());
    }
    return validUtf8(bytes);
}

std::optional<int> FeatureIndex::positionOf(SplitKind split, std::int64_t example) const {
    const SentenceKey wanted = sentenceKey(split, example);
    int low = 0;
    int high = sentenceCount();
    while (low < high) {
        const int middle = low + (high - low) / 2;
        const IndexedSentence found = sentence(middle);
        if (sentenceKey(found.split, found.example) < wanted)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == sentenceCount())
        return std::nullopt;
    const IndexedSentence found = sentence(low);
    return sentenceKey(found.split, found.example) == wanted ? std::optional(low) : std::nullopt;
}

std::string FeatureIndex::tokenText(std::int32_t id) const {
    const auto& t = m_index->tables;
    const std::size_t token = at(id);
    const auto bytes = t.vocabularyBytes.subspan(
        at(t.vocabularyOffsets[token]), at(t.vocabularyOffsets[token + 1] - t.vocabularyOffsets[token]));
    return validUtf8({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

SampleView FeatureIndex::sample() const {
    const auto& t = m_index->tables;
    return {t.sampleSentence, t.sampleRows, t.sampleOffsets, t.sampleFeature, t.sampleValue};
}

}  // namespace saeception
