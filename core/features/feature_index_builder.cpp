// SPDX-License-Identifier: GPL-3.0-or-later
#include "features/feature_index_builder.h"

#include "base/error.h"
#include "base/fingerprint.h"
#include "evaluation/selectivity_formulas.h"
#include "features/index_tables.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <string_view>
#include <unordered_map>

namespace saeception {
namespace {

constexpr float missing = std::numeric_limits<float>::quiet_NaN();
constexpr float infinite = std::numeric_limits<float>::infinity();
constexpr std::size_t none = std::numeric_limits<std::size_t>::max();

struct StoredSentence {
    SentenceKey key = 0;
    std::int32_t label = 0;
    std::int32_t firstToken = 0;
    std::int64_t tokens = 0;  // where they begin among all
    std::int64_t count = 0;
};

}  // namespace

struct FeatureIndexBuilder::Impl {
    Impl(int features, IndexOrigin indexOrigin, std::int64_t sampleEntries)
        : origin(std::move(indexOrigin)),
          statistics(features, static_cast<int>(origin.classNames.size())),
          lists(static_cast<std::size_t>(features)),
          bars(static_cast<std::size_t>(features), -infinite),
          sample(features, sampleEntries),
          head(static_cast<std::size_t>(features), none) {}

    IndexOrigin origin;
    FeatureStatistics statistics;
    std::vector<SentenceLists> lists;  // [features]
    std::vector<float> bars;           // [features], the least margin of a near miss that would be kept
    FiringSample sample;
    std::vector<StoredSentence> sentences;
    std::vector<std::int32_t> tokens;
    std::vector<float> logits;

    // Of the sentence at hand: its entries by feature, as chains that run from the last token to the first.
    std::vector<std::size_t> head;  // [features]
    std::vector<std::size_t> next;  // [entries]
    std::vector<std::uint16_t> tokenOf;
    std::vector<std::int32_t> touched;

    void check(const SentenceCode& sentence) const;
    void count(const SentenceCode& sentence);
    void chain(const SentenceCode& sentence);
    void offer(const SentenceCode& sentence, std::int32_t feature);
    void offerNearMisses(SentenceKey key, NearestTokens& nearest);
    void store(const SentenceCode& sentence);

    void fillStatistics(IndexTables<OwnedArray>& tables) const;
    void fillSentences(IndexTables<OwnedArray>& tables, std::span<const std::string> tokenText) const;
    void fillLists(IndexTables<OwnedArray>& tables) const;
    void fillPeakTokens(IndexTables<OwnedArray>& tables, std::span<const std::string> tokenText) const;
    void fillSample(IndexTables<OwnedArray>& tables, const StepControl& steps) const;
    std::int32_t positionOf(const IndexTables<OwnedArray>& tables, SentenceKey key) const;
};

void FeatureIndexBuilder::Impl::check(const SentenceCode& sentence) const {
    const std::size_t tokenCount = sentence.tokenIds.size();
    if (sentence.label < 0 || sentence.label >= statistics.classes() ||
        sentence.logits.size() != static_cast<std::size_t>(statistics.classes()))
        throw std::invalid_argument("a sentence's label or logits do not fit the classes");
    if (tokenCount == 0 || tokenCount > std::numeric_limits<std::uint16_t>::max() ||
        sentence.firstToken < 0 || static_cast<std::size_t>(sentence.firstToken) >= tokenCount ||
        sentence.example < 0 ||
        sentence.rowOffsets.size() != tokenCount - static_cast<std::size_t>(sentence.firstToken) + 1 ||
        sentence.columns.size() != sentence.values.size() ||
        sentence.rowOffsets.back() - sentence.rowOffsets.front() !=
            static_cast<std::int64_t>(sentence.columns.size()))
        throw std::invalid_argument("the parts of a sentence's code do not fit together");
    for (const std::int32_t column : sentence.columns)
        if (column < 0 || column >= statistics.features())
            throw std::invalid_argument("a sentence's code names a feature that does not exist");
    for (std::size_t j = 0; j < sentence.values.size(); ++j)
        if (!(sentence.values[j] > 0 && sentence.values[j] < FeatureStatistics::activationLimit))
            fail(
                "example {}: feature {} has the activation {}, which is no positive number below 1e12; the "
                "training has "
                "diverged: lower model.learning_rate or sae.learning_rate and train again",
                sentence.example, sentence.columns[j], sentence.values[j]);
}

void FeatureIndexBuilder::Impl::count(const SentenceCode& sentence) {
    const std::size_t rows = sentence.rowOffsets.size() - 1;
    for (std::size_t r = 0; r < rows; ++r)
        statistics.addRow(sentence.label);
    for (std::size_t j = 0; j < sentence.columns.size(); ++j)
        statistics.add(sentence.columns[j], sentence.label, sentence.values[j]);
    if (sentence.split != SplitKind::Train)
        return;
    statistics.addSentence(sentence.label);
    const auto last = static_cast<std::size_t>(sentence.rowOffsets[rows - 1] - sentence.rowOffsets.front());
    for (std::size_t j = last; j < sentence.columns.size(); ++j)
        statistics.addOfSentence(sentence.columns[j], sentence.label, sentence.values[j]);
}

void FeatureIndexBuilder::Impl::chain(const SentenceCode& sentence) {
    for (const std::int32_t feature : touched)
        head[static_cast<std::size_t>(feature)] = none;
    touched.clear();
    next.resize(sentence.columns.size());
    tokenOf.resize(sentence.columns.size());
    std::size_t j = 0;
    for (std::size_t r = 0; r + 1 < sentence.rowOffsets.size(); ++r) {
        const auto end = static_cast<std::size_t>(sentence.rowOffsets[r + 1] - sentence.rowOffsets.front());
        for (; j < end; ++j) {
            const std::int32_t feature = sentence.columns[j];
            std::size_t& first = head[static_cast<std::size_t>(feature)];
            if (first == none)
                touched.push_back(feature);
            next[j] = first;
            tokenOf[j] = static_cast<std::uint16_t>(static_cast<std::size_t>(sentence.firstToken) + r);
            first = j;
        }
    }
}

void FeatureIndexBuilder::Impl::offer(const SentenceCode& sentence, std::int32_t feature) {
    const auto f = static_cast<std::size_t>(feature);
    ListEntry entry;
    entry.sentence = sentenceKey(sentence.split, sentence.example);
    for (std::size_t j = head[f]; j != none; j = next[j])
        if (sentence.values[j] >= entry.value) {
            entry.value = sentence.values[j];
            entry.token = tokenOf[j];
        }
    const std::uint64_t shuffle = shuffleOf(entry.sentence, feature);
    if (!lists[f].wants(entry.value, entry.sentence, shuffle))
        return;
    for (std::size_t j = head[f]; j != none; j = next[j])
        entry.activations.push_back({tokenOf[j], sentence.values[j]});
    std::reverse(entry.activations.begin(), entry.activations.end());
    lists[f].add(std::move(entry), shuffle);
}

void FeatureIndexBuilder::Impl::offerNearMisses(SentenceKey key, NearestTokens& nearest) {
    const std::span<float> margins = nearest.margins();
    for (const std::int32_t feature : touched)
        margins[static_cast<std::size_t>(feature)] = -infinite;
    forEachAbove(margins, bars, [&](int feature) {
        const auto f = static_cast<std::size_t>(feature);
        if (!(margins[f] > -infinite))
            return;
        // A margin of 0 can be told from firing only by the code.
        lists[f].addNearMiss(
            {key, std::max(0.0F, -margins[f]), static_cast<std::uint16_t>(nearest.tokens()[f]), {}});
        bars[f] = -lists[f].nearMissBar();
    });
}

void FeatureIndexBuilder::Impl::store(const SentenceCode& sentence) {
    sentences.push_back({sentenceKey(sentence.split, sentence.example), sentence.label, sentence.firstToken,
                         static_cast<std::int64_t>(tokens.size()),
                         static_cast<std::int64_t>(sentence.tokenIds.size())});
    tokens.insert(tokens.end(), sentence.tokenIds.begin(), sentence.tokenIds.end());
    logits.insert(logits.end(), sentence.logits.begin(), sentence.logits.end());
}

FeatureIndexBuilder::FeatureIndexBuilder(int features, IndexOrigin origin, std::int64_t sampleEntries) {
    if (features < 0 || origin.classNames.empty())
        throw std::invalid_argument("a feature index needs at least one class");
    m_impl = std::make_unique<Impl>(features, std::move(origin), sampleEntries);
}

FeatureIndexBuilder::~FeatureIndexBuilder() = default;

void FeatureIndexBuilder::add(const SentenceCode& sentence, NearestTokens* nearest) {
    Impl& impl = *m_impl;
    impl.check(sentence);
    impl.count(sentence);
    impl.chain(sentence);
    for (const std::int32_t feature : impl.touched)
        impl.offer(sentence, feature);
    const SentenceKey key = sentenceKey(sentence.split, sentence.example);
    if (nearest != nullptr)
        impl.offerNearMisses(key, *nearest);
    if (impl.sample.wants(key)) {
        SparseCode code;
        code.features = impl.statistics.features();
        code.columns.assign(sentence.columns.begin(), sentence.columns.end());
        code.values.assign(sentence.values.begin(), sentence.values.end());
        for (std::size_t r = 1; r < sentence.rowOffsets.size(); ++r)
            code.rowOffsets.push_back(sentence.rowOffsets[r] - sentence.rowOffsets.front());
        impl.sample.add(key, std::move(code));
    }
    impl.store(sentence);
}

std::vector<std::int64_t> FeatureIndexBuilder::fires() const {
    std::vector<std::int64_t> fires;
    for (int f = 0; f < m_impl->statistics.features(); ++f)
        fires.push_back(m_impl->statistics.fires(f));
    return fires;
}

void FeatureIndexBuilder::Impl::fillStatistics(IndexTables<OwnedArray>& t) const {
    const auto append = [](auto& table, const auto& values) {
        table.insert(table.end(), values.begin(), values.end());
    };
    append(t.rowsPerClass, statistics.rowsPerClass());
    append(t.maxActivation, statistics.maximum());
    const auto rows = static_cast<double>(statistics.rows());
    for (int f = 0; f < statistics.features(); ++f) {
        const std::int64_t fires = statistics.fires(f);
        const std::vector<double> sums = statistics.sums(f);
        t.fires.push_back(fires);
        t.density.push_back(rows > 0 ? static_cast<float>(static_cast<double>(fires) / rows) : 0);
        t.meanActivation.push_back(
            fires > 0 ? static_cast<float>(statistics.sum(f) / static_cast<double>(fires)) : 0);
        for (const double share : quantileShares)
            t.quantiles.push_back(statistics.quantile(f, share));
        t.csi.push_back(fires > 0 ? static_cast<float>(csi(sums, statistics.rowsPerClass())) : missing);
        t.usefulness.push_back(
            static_cast<float>(usefulness(statistics.firesPerClass(f), statistics.rowsPerClass())));
        for (std::size_t c = 0; c < sums.size(); ++c) {
            const auto classRows = static_cast<double>(statistics.rowsPerClass()[c]);
            t.classMean.push_back(classRows > 0 ? static_cast<float>(sums[c] / classRows) : 0);
        }
        append(t.sentenceMean, statistics.sentenceMeans(f));
        append(t.histogram, statistics.histogram(f));
        t.histogramWidth.push_back(statistics.histogramWidth(f));
    }
}

void FeatureIndexBuilder::Impl::fillSentences(IndexTables<OwnedArray>& t,
                                              std::span<const std::string> tokenText) const {
    t.vocabularyOffsets.push_back(0);
    for (const std::string& text : tokenText) {
        t.vocabularyBytes.insert(t.vocabularyBytes.end(), text.begin(), text.end());
        t.vocabularyOffsets.push_back(static_cast<std::int64_t>(t.vocabularyBytes.size()));
    }
    // In an order of their own, so that equal indexes are equal files.
    std::vector<std::size_t> order(sentences.size());
    for (std::size_t i = 0; i < order.size(); ++i)
        order[i] = i;
    std::sort(order.begin(), order.end(),
              [&](std::size_t a, std::size_t b) { return sentences[a].key < sentences[b].key; });
    const auto classes = static_cast<std::ptrdiff_t>(statistics.classes());
    t.sentenceOffsets.push_back(0);
    for (const std::size_t i : order) {
        const StoredSentence& stored = sentences[i];
        t.sentenceExample.push_back(exampleOf(stored.key));
        t.sentenceSplit.push_back(static_cast<std::uint8_t>(splitOf(stored.key)));
        t.sentenceLabel.push_back(stored.label);
        t.sentenceFirst.push_back(stored.firstToken);
        const auto own = logits.begin() + static_cast<std::ptrdiff_t>(i) * classes;
        t.sentenceLogits.insert(t.sentenceLogits.end(), own, own + classes);
        for (std::int64_t token = stored.tokens; token < stored.tokens + stored.count; ++token) {
            const std::int32_t id = tokens[static_cast<std::size_t>(token)];
            if (id < 0 || static_cast<std::size_t>(id) >= tokenText.size())
                throw std::invalid_argument("a sentence holds a token without text");
            t.sentenceTokens.push_back(id);
        }
        t.sentenceOffsets.push_back(static_cast<std::int64_t>(t.sentenceTokens.size()));
    }
}

std::int32_t FeatureIndexBuilder::Impl::positionOf(const IndexTables<OwnedArray>& t, SentenceKey key) const {
    std::size_t low = 0;
    std::size_t high = t.sentenceExample.size();
    while (low < high) {
        const std::size_t middle = (low + high) / 2;
        if (sentenceKey(static_cast<SplitKind>(t.sentenceSplit[middle]), t.sentenceExample[middle]) < key)
            low = middle + 1;
        else
            high = middle;
    }
    return static_cast<std::int32_t>(low);
}

void FeatureIndexBuilder::Impl::fillLists(IndexTables<OwnedArray>& t) const {
    t.listOffsets.push_back(0);
    t.activationOffsets.push_back(0);
    for (std::size_t f = 0; f < lists.size(); ++f)
        for (int band = 0; band < bandCount; ++band) {
            for (const ListEntry& entry : lists[f].sorted(static_cast<Band>(band), statistics.maximum()[f])) {
                t.listSentence.push_back(positionOf(t, entry.sentence));
                t.listToken.push_back(entry.token);
                t.listValue.push_back(entry.value);
                for (const TokenActivation& activation : entry.activations) {
                    t.activationToken.push_back(activation.token);
                    t.activationValue.push_back(activation.value);
                }
                t.activationOffsets.push_back(static_cast<std::int64_t>(t.activationToken.size()));
            }
            t.listOffsets.push_back(static_cast<std::int64_t>(t.listSentence.size()));
        }
}

void FeatureIndexBuilder::Impl::fillPeakTokens(IndexTables<OwnedArray>& t,
                                               std::span<const std::string> tokenText) const {
    const auto textOf = [&](std::int32_t id) {
        std::string_view text = tokenText[static_cast<std::size_t>(id)];
        text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
        return text;
    };
    std::unordered_map<std::string_view, std::int64_t> occurrences;
    for (const std::int32_t id : tokens)
        ++occurrences[textOf(id)];
    // A comma at which many sentences peak tells less of a feature than a rare word at which some do.
    const auto weight = [&](std::string_view text) {
        const double rarity =
            std::log(static_cast<double>(tokens.size()) / static_cast<double>(occurrences.at(text)));
        return rarity * rarity;
    };
    struct Met {
        std::string_view text;
        std::int32_t id = 0;
        int times = 0;
        double score = 0;
    };
    for (std::size_t f = 0; f < lists.size(); ++f) {
        std::vector<Met> met;  // in the order in which they are met, the strongest first
        const std::size_t list = f * bandCount;
        for (std::int64_t e = t.listOffsets[list]; e < t.listOffsets[list + 1]; ++e) {
            const auto at = static_cast<std::size_t>(e);
            const std::int64_t begin = t.sentenceOffsets[static_cast<std::size_t>(t.listSentence[at])];
            const std::int32_t id = t.sentenceTokens[static_cast<std::size_t>(begin) + t.listToken[at]];
            const std::string_view text = textOf(id);
            const auto known =
                std::find_if(met.begin(), met.end(), [&](const Met& m) { return m.text == text; });
            if (known != met.end())
                ++known->times;
            else if (!text.empty())
                met.push_back({text, id, 1});
        }
        for (Met& m : met)
            m.score = m.times * weight(m.text);
        std::stable_sort(met.begin(), met.end(),
                         [](const Met& a, const Met& b) { return a.score > b.score; });
        for (std::size_t i = 0; i < peakTokenCount; ++i)
            t.peakTokens.push_back(i < met.size() ? met[i].id : -1);
    }
}

void FeatureIndexBuilder::Impl::fillSample(IndexTables<OwnedArray>& t, const StepControl& steps) const {
    FiringSample::Sentences sampled = sample.sorted();
    for (const SentenceKey key : sampled.keys)
        t.sampleSentence.push_back(positionOf(t, key));
    for (const std::vector<Companion>& list : companions(sampled.code, steps))
        for (std::size_t i = 0; i < companionCount; ++i) {
            const Companion companion = i < list.size() ? list[i] : Companion{};
            t.companion.push_back(companion.feature);
            t.companionJaccard.push_back(companion.jaccard);
            t.companionShare.push_back(companion.share);
        }
    t.sampleRows = std::move(sampled.offsets);
    t.sampleOffsets = std::move(sampled.code.rowOffsets);
    t.sampleFeature = std::move(sampled.code.columns);
    t.sampleValue = std::move(sampled.code.values);
}

namespace {

std::string dataIdentity(const IndexTables<OwnedArray>& t) {
    Fingerprint print;
    const auto add = [&](const auto& table) { print.add(std::as_bytes(std::span(table))); };
    add(t.sentenceExample);
    add(t.sentenceSplit);
    add(t.sentenceLabel);
    add(t.sentenceFirst);
    add(t.sentenceOffsets);
    add(t.sentenceTokens);
    return print.text();
}

void fillSupplement(IndexTables<OwnedArray>& t, const IndexSupplement& supplement, const IndexSizes& sizes) {
    const auto features = static_cast<std::size_t>(sizes.features);
    const auto concepts = static_cast<std::size_t>(sizes.concepts);
    const auto orUnknown = [](const auto& values, std::size_t size, auto unknown) {
        if (values.empty())
            return std::remove_cvref_t<decltype(values)>(size, unknown);
        if (values.size() != size)
            throw std::invalid_argument("a part of the index has another number of features");
        return values;
    };
    t.classEffect =
        orUnknown(supplement.classEffect, features * static_cast<std::size_t>(sizes.classes), missing);
    const auto tokens = features * static_cast<std::size_t>(sizes.vocabularyTokens);
    t.topTokens = orUnknown(supplement.vocabulary.topTokens, tokens, 0);
    t.topLogits = orUnknown(supplement.vocabulary.topLogits, tokens, missing);
    t.bottomTokens = orUnknown(supplement.vocabulary.bottomTokens, tokens, 0);
    t.bottomLogits = orUnknown(supplement.vocabulary.bottomLogits, tokens, missing);
    t.position = orUnknown(supplement.positions, 2 * features, missing);
    for (std::size_t f = 0; f < features; ++f)
        for (std::size_t i = 0; i < neighbourCount; ++i) {
            const bool known = f < supplement.neighbours.size() && i < supplement.neighbours[f].size();
            t.neighbour.push_back(known ? supplement.neighbours[f][i].feature : -1);
            t.neighbourCosine.push_back(known ? supplement.neighbours[f][i].cosine : 0);
        }
    const ConceptCounts& counts = supplement.concepts;
    t.conceptRows = orUnknown(counts.rows, concepts, 0);
    t.conceptFires = orUnknown(counts.fires, concepts > 0 ? features : 0, 0);
    t.conceptTogether = orUnknown(counts.together, features * concepts, 0U);
    for (std::size_t c = 0; c < concepts; ++c) {
        const ConceptMatch best = c < counts.best.size() ? counts.best[c] : ConceptMatch{};
        t.conceptFeature.push_back(best.feature);
        t.conceptScores.insert(t.conceptScores.end(), {best.precision, best.recall, best.f1, best.auroc});
    }
}

}  // namespace

void FeatureIndexBuilder::save(const std::filesystem::path& file, std::span<const std::string> tokenText,
                               const IndexSupplement& supplement, const StepControl& steps) const {
    const Impl& impl = *m_impl;
    IndexSizes sizes;
    sizes.features = impl.statistics.features();
    sizes.classes = impl.statistics.classes();
    sizes.concepts = static_cast<std::int64_t>(impl.origin.conceptNames.size());
    sizes.vocabularyTokens = supplement.vocabulary.kept;
    IndexTables<OwnedArray> tables;
    impl.fillStatistics(tables);
    impl.fillSentences(tables, tokenText);
    impl.fillLists(tables);
    impl.fillPeakTokens(tables, tokenText);
    impl.fillSample(tables, steps);
    fillSupplement(tables, supplement, sizes);
    IndexOrigin origin = impl.origin;
    origin.data = dataIdentity(tables);
    writeIndex(file, origin, sizes, tables);
}

}  // namespace saeception
