// SPDX-License-Identifier: GPL-3.0-or-later
// A feature index recounted by brute force: plain loops over dense codes, which share with the builder only
// what defines its numbers.
#pragma once

#include "evaluation/selectivity_formulas.h"
#include "features/feature_index.h"
#include "features/firing_sample.h"
#include "features/log_histogram.h"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace saeception::fixture {

struct PlainSentence {
    std::int64_t example = 0;
    SplitKind split = SplitKind::Train;
    int label = 0;
    std::vector<float> logits;
    std::vector<std::int32_t> tokens;
    int firstToken = 0;
    /// [tokens - firstToken][features]; 0 where a feature is silent.
    std::vector<std::vector<float>> activations;
    /// The same: pre-activation less threshold; empty where near misses are not to be checked.
    std::vector<std::vector<float>> margins;

    SentenceKey key() const { return sentenceKey(split, example); }
};

class IndexRecount {
public:
    IndexRecount(const FeatureIndex& index, std::vector<PlainSentence> sentences,
                 std::int64_t sampleEntries = FiringSample::defaultEntries)
        : m_index(index), m_sentences(std::move(sentences)), m_sampleEntries(sampleEntries) {
        std::sort(m_sentences.begin(), m_sentences.end(),
                  [](const PlainSentence& a, const PlainSentence& b) { return a.key() < b.key(); });
    }

    /// What differs first; empty when nothing does.
    std::string difference() {
        try {
            compareSentences();
            m_rowsPerClass.assign(classes(), 0);
            for (const PlainSentence& s : m_sentences)
                m_rowsPerClass[static_cast<std::size_t>(s.label)] +=
                    static_cast<std::int64_t>(s.activations.size());
            same("rows per class", std::ranges::equal(m_index.rowsPerClass(), m_rowsPerClass));
            for (const PlainSentence& s : m_sentences)
                for (const std::int32_t token : s.tokens) {
                    ++m_timesOfText[plainText(token)];
                    ++m_tokens;
                }
            for (int f = 0; f < m_index.featureCount(); ++f) {
                compareNumbers(f);
                compareHistograms(f);
                compareLists(f);
            }
            compareSample();
        } catch (const std::string& what) {
            return what;
        }
        return {};
    }

private:
    std::size_t classes() const { return m_index.classNames().size(); }
    static void same(const std::string& what, bool equal) {
        if (!equal)
            throw what + " differs";
    }
    template <typename T>
    static void same(const std::string& what, const T& actual, const T& expected) {
        bool equal = actual == expected;
        if constexpr (std::is_floating_point_v<T>)
            equal = equal || (std::isnan(actual) && std::isnan(expected));
        if (!equal)
            throw fmt::format("{} is {} and should be {}", what, actual, expected);
    }

    void compareSentences() const {
        same("number of sentences", m_index.sentenceCount(), static_cast<int>(m_sentences.size()));
        for (int i = 0; i < m_index.sentenceCount(); ++i) {
            const PlainSentence& expected = m_sentences[static_cast<std::size_t>(i)];
            const IndexedSentence found = m_index.sentence(i);
            const std::string what = fmt::format("sentence {}", i);
            same(what + "'s example", found.example, expected.example);
            same(what + "'s split", found.split == expected.split);
            same(what + "'s label", found.label, expected.label);
            same(what + "'s first token", found.firstToken, expected.firstToken);
            same(what + "'s tokens", std::ranges::equal(found.tokens, expected.tokens));
            same(what + "'s logits", std::ranges::equal(found.logits, expected.logits));
            same(what + "'s place", m_index.positionOf(expected.split, expected.example).value_or(-1), i);
        }
    }

    struct Firing {
        int label = 0;
        float value = 0;
    };
    std::vector<Firing> firings(int f) const {
        std::vector<Firing> found;
        for (const PlainSentence& s : m_sentences)
            for (const std::vector<float>& row : s.activations)
                if (const float value = row[static_cast<std::size_t>(f)]; value > 0)
                    found.push_back({s.label, value});
        return found;
    }

    void compareNumbers(int f) const {
        const auto at = static_cast<std::size_t>(f);
        const std::string of = fmt::format("feature {}: ", f);
        const std::vector<Firing> all = firings(f);
        std::vector<double> sums(classes());
        std::vector<std::int64_t> fires(classes());
        std::vector<float> values;
        double total = 0;
        for (const auto& [label, value] : all) {
            sums[static_cast<std::size_t>(label)] += value;
            ++fires[static_cast<std::size_t>(label)];
            values.push_back(value);
            total += value;
        }
        std::sort(values.begin(), values.end());
        const auto rows = static_cast<double>(m_index.rowCount());
        const auto close = [&](const std::string& what, float actual, double expected) {
            if (std::abs(static_cast<double>(actual) - expected) > 1e-6 * std::max(1e-3, std::abs(expected)))
                throw fmt::format("{}{} is {} and should be {}", of, what, actual, expected);
        };
        same(of + "fires", m_index.fires()[at], static_cast<std::int64_t>(values.size()));
        same(of + "density", m_index.density()[at],
             rows > 0 ? static_cast<float>(static_cast<double>(values.size()) / rows) : 0.0F);
        same(of + "max", m_index.maxActivation()[at], values.empty() ? 0.0F : values.back());
        close("mean", m_index.meanActivation()[at],
              values.empty() ? 0.0 : total / static_cast<double>(values.size()));
        for (std::size_t q = 0; q < quantileCount; ++q) {
            const float found = m_index.quantiles(f)[q];
            if (values.empty()) {
                same(of + "quantile", std::isnan(found));
                continue;
            }
            const auto rank = static_cast<std::size_t>(
                std::max(1.0, std::ceil(quantileShares[q] * static_cast<double>(values.size()))));
            same(of + fmt::format("quantile {}", quantileShares[q]), found,
                 std::min(LogHistogram::middleOf(values[rank - 1]), values.back()));
        }
        if (values.empty())
            same(of + "CSI", std::isnan(m_index.csi()[at]));
        else
            close("CSI", m_index.csi()[at], csi(sums, m_rowsPerClass));
        same(of + "U", m_index.usefulness()[at], static_cast<float>(usefulness(fires, m_rowsPerClass)));
        for (std::size_t c = 0; c < classes(); ++c) {
            const auto classRows = static_cast<double>(m_rowsPerClass[c]);
            close("class mean", m_index.classMean()[at * classes() + c],
                  classRows > 0 ? sums[c] / classRows : 0);
            double last = 0;
            double sentences = 0;
            for (const PlainSentence& s : m_sentences)
                if (s.split == SplitKind::Train && s.label == static_cast<int>(c)) {
                    last += static_cast<double>(s.activations.back()[at]);
                    ++sentences;
                }
            close("sentence mean", m_index.sentenceMean()[at * classes() + c],
                  sentences > 0 ? last / sentences : 0);
        }
    }

    void compareHistograms(int f) const {
        const std::string of = fmt::format("feature {}: ", f);
        const std::vector<Firing> all = firings(f);
        const std::vector<std::uint32_t> counts = m_index.histogram(f);
        const std::vector<float> edges = m_index.histogramEdges(f);
        if (all.empty()) {
            same(of + "histogram", counts.empty() && edges.empty());
            return;
        }
        same(of + "edges", edges.size(), counts.size() + 1);
        same(of + "bins", counts.size() > histogramBins / 2 && counts.size() <= histogramBins);
        std::uint64_t total = 0;
        for (std::size_t b = 0; b < counts.size(); ++b) {
            total += counts[b];
            std::uint32_t sum = 0;
            for (std::size_t c = 0; c < classes(); ++c) {
                const auto inside = std::count_if(all.begin(), all.end(), [&](const Firing& firing) {
                    return firing.label == static_cast<int>(c) && firing.value > edges[b] &&
                           firing.value <= edges[b + 1];
                });
                same(of + "histogram of a class", m_index.histogram(f, static_cast<int>(c))[b],
                     static_cast<std::uint32_t>(inside));
                sum += static_cast<std::uint32_t>(inside);
            }
            same(of + "histogram", counts[b], sum);
        }
        same(of + "histogram's total", total, static_cast<std::uint64_t>(all.size()));
    }

    struct Ranked {
        float value = 0;
        int token = 0;
        const PlainSentence* sentence = nullptr;
    };

    void compareLists(int f) const {
        const auto at = static_cast<std::size_t>(f);
        std::vector<Ranked> firing;
        std::vector<Ranked> near;
        for (const PlainSentence& s : m_sentences) {
            Ranked best;
            for (std::size_t r = 0; r < s.activations.size(); ++r)
                if (s.activations[r][at] > best.value)
                    best = {s.activations[r][at], s.firstToken + static_cast<int>(r), &s};
            if (best.sentence != nullptr) {
                firing.push_back(best);
                continue;
            }
            float margin = -INFINITY;
            for (std::size_t r = 0; r < s.margins.size(); ++r)
                if (s.margins[r][at] > margin) {
                    margin = s.margins[r][at];
                    best = {-margin, s.firstToken + static_cast<int>(r), &s};
                }
            if (best.sentence != nullptr)
                near.push_back(best);
        }
        const auto strongest = [](const Ranked& a, const Ranked& b) {
            return a.value != b.value ? a.value > b.value : a.sentence->key() < b.sentence->key();
        };
        std::sort(firing.begin(), firing.end(), strongest);
        std::sort(near.begin(), near.end(), [](const Ranked& a, const Ranked& b) {
            return a.value != b.value ? a.value < b.value : a.sentence->key() < b.sentence->key();
        });
        compareList(f, Band::Top, cut(firing, topSentenceCount));
        comparePeakTokens(f, cut(firing, topSentenceCount));
        compareList(f, Band::NearMiss, cut(near, nearMissCount));
        if (firing.empty())
            return;

        // Of each of up to 16 strata the four sentences with the least numbers.
        const float maximum = firing.front().value;
        double width = 1;
        while (static_cast<double>(maximum) > 16 * width)
            width *= 2;
        while (static_cast<double>(maximum) <= 8 * width)
            width /= 2;
        const auto byNumber = [f](const Ranked& a, const Ranked& b) {
            return shuffleOf(a.sentence->key(), f) < shuffleOf(b.sentence->key(), f);
        };
        std::vector<Ranked> sampled;
        for (int stratum = 0; stratum < 16; ++stratum) {
            std::vector<Ranked> own;
            for (const Ranked& entry : firing)
                if (static_cast<double>(entry.value) > stratum * width &&
                    static_cast<double>(entry.value) <= (stratum + 1) * width)
                    own.push_back(entry);
            std::sort(own.begin(), own.end(), byNumber);
            const std::vector<Ranked> kept = cut(own, 4);
            sampled.insert(sampled.end(), kept.begin(), kept.end());
        }
        const std::map<Band, std::pair<double, double>> bands = {
            {Band::Upper, {2.0 / 3, 1.0}}, {Band::Middle, {1.0 / 3, 2.0 / 3}}, {Band::Low, {0, 1.0 / 3}}};
        for (const auto& [band, ends] : bands) {
            std::vector<Ranked> own;
            for (const Ranked& entry : sampled) {
                const double share = static_cast<double>(entry.value) / static_cast<double>(maximum);
                if (share > ends.first && share <= ends.second)
                    own.push_back(entry);
            }
            std::sort(own.begin(), own.end(), byNumber);
            own = cut(own, bandSentenceCount);
            std::sort(own.begin(), own.end(), strongest);
            compareList(f, band, own);
        }
    }

    // By how often the top sentences peak at them times the squared logarithm of their share of all tokens;
    // ties by the strongest.
    void comparePeakTokens(int f, const std::vector<Ranked>& top) const {
        std::vector<std::pair<std::string, int>> met;
        for (const Ranked& entry : top) {
            const std::string text = plainText(entry.sentence->tokens[static_cast<std::size_t>(entry.token)]);
            if (text.empty())
                continue;
            const auto known =
                std::find_if(met.begin(), met.end(), [&](const auto& m) { return m.first == text; });
            if (known == met.end())
                met.emplace_back(text, 1);
            else
                ++known->second;
        }
        const auto score = [&](const auto& m) {
            const double rarity = std::log(m_tokens / m_timesOfText.at(m.first));
            return m.second * (rarity * rarity);
        };
        std::stable_sort(met.begin(), met.end(),
                         [&](const auto& a, const auto& b) { return score(a) > score(b); });
        std::vector<std::string> expected;
        for (std::size_t i = 0; i < std::min<std::size_t>(5, met.size()); ++i)
            expected.push_back(met[i].first);
        same(fmt::format("feature {}: peak tokens", f), m_index.peakTokens(f, 5) == expected);
        expected.resize(std::min<std::size_t>(2, expected.size()));
        same(fmt::format("feature {}: two peak tokens", f), m_index.peakTokens(f, 2) == expected);
    }

    std::string plainText(std::int32_t token) const {
        std::string text = m_index.tokenText(token);
        while (text.starts_with(' '))
            text.erase(0, 1);
        return text;
    }

    static std::vector<Ranked> cut(std::vector<Ranked> list, std::size_t most) {
        list.resize(std::min(list.size(), most));
        return list;
    }

    void compareList(int f, Band band, const std::vector<Ranked>& expected) const {
        const std::string of = fmt::format("feature {}, list {}: ", f, static_cast<int>(band));
        const std::vector<ShadedSentence> found = m_index.sentences(f, band);
        same(of + "length", found.size(), expected.size());
        for (std::size_t i = 0; i < found.size(); ++i) {
            const PlainSentence& s = *expected[i].sentence;
            same(of + "value", found[i].peak, expected[i].value);
            same(of + "token", found[i].peakToken, expected[i].token);
            same(of + "example", found[i].example, s.example);
            same(of + "split", found[i].split == s.split);
            same(of + "label", found[i].label, s.label);
            same(of + "prediction", found[i].prediction,
                 static_cast<int>(std::max_element(s.logits.begin(), s.logits.end()) - s.logits.begin()));
            same(of + "tokens", found[i].tokens.size(), s.tokens.size());
            for (std::size_t t = 0; t < s.tokens.size(); ++t) {
                const float activation = found[i].activations[t];
                if (static_cast<int>(t) < s.firstToken)
                    same(of + "token that is no SAE data", std::isnan(activation));
                else
                    same(of + "activation", activation,
                         s.activations[t - static_cast<std::size_t>(s.firstToken)]
                                      [static_cast<std::size_t>(f)]);
            }
        }
    }

    void compareSample() const {
        // The least halving with which all fits.
        std::vector<const PlainSentence*> sampled;
        for (int halvings = 0; halvings < 64; ++halvings) {
            sampled.clear();
            std::int64_t entries = 0;
            for (const PlainSentence& s : m_sentences) {
                if (halvings > 0 && shuffleOf(s.key()) >> (64 - halvings) != 0)
                    continue;
                sampled.push_back(&s);
                for (const std::vector<float>& row : s.activations)
                    entries += std::count_if(row.begin(), row.end(), [](float v) { return v > 0; });
            }
            if (entries <= m_sampleEntries)
                break;
        }
        const SampleView view = m_index.sample();
        same("number of sampled sentences", view.sentences.size(), sampled.size());
        std::vector<std::vector<std::uint8_t>> fires(static_cast<std::size_t>(m_index.featureCount()));
        for (std::size_t i = 0; i < sampled.size(); ++i) {
            const PlainSentence& s = *sampled[i];
            const IndexedSentence found = m_index.sentence(view.sentences[i]);
            same("sampled sentence", sentenceKey(found.split, found.example), s.key());
            same("rows of a sampled sentence", view.rows[i + 1] - view.rows[i],
                 static_cast<std::int64_t>(s.activations.size()));
            for (std::size_t r = 0; r < s.activations.size(); ++r) {
                const auto row = static_cast<std::size_t>(view.rows[i]) + r;
                std::map<int, float> code;
                for (std::int64_t e = view.offsets[row]; e < view.offsets[row + 1]; ++e)
                    code[view.features[static_cast<std::size_t>(e)]] =
                        view.values[static_cast<std::size_t>(e)];
                for (int f = 0; f < m_index.featureCount(); ++f) {
                    const float expected = s.activations[r][static_cast<std::size_t>(f)];
                    same("a sampled activation", code.contains(f) ? code[f] : 0.0F, expected);
                    fires[static_cast<std::size_t>(f)].push_back(expected > 0 ? 1 : 0);
                }
            }
        }
        compareCompanions(fires);
    }

    // fires[f][token]
    void compareCompanions(const std::vector<std::vector<std::uint8_t>>& fires) const {
        for (int f = 0; f < m_index.featureCount(); ++f) {
            std::vector<Companion> expected;
            for (int g = 0; g < m_index.featureCount(); ++g) {
                const std::vector<std::uint8_t>& own = fires[static_cast<std::size_t>(f)];
                const std::vector<std::uint8_t>& other = fires[static_cast<std::size_t>(g)];
                double both = 0;
                double either = 0;
                double ownCount = 0;
                for (std::size_t token = 0; token < own.size(); ++token) {
                    both += own[token] & other[token];
                    either += own[token] | other[token];
                    ownCount += own[token];
                }
                if (g != f && both >= leastTogether)
                    expected.push_back(
                        {g, static_cast<float>(both / either), static_cast<float>(both / ownCount)});
            }
            std::stable_sort(expected.begin(), expected.end(),
                             [](const Companion& a, const Companion& b) { return a.jaccard > b.jaccard; });
            expected.resize(std::min(expected.size(), static_cast<std::size_t>(companionCount)));
            const std::vector<Companion> found = m_index.companions(f);
            const std::string of = fmt::format("feature {}: ", f);
            same(of + "companions", found.size(), expected.size());
            for (std::size_t i = 0; i < found.size(); ++i) {
                same(of + "companion", found[i].feature, expected[i].feature);
                same(of + "Jaccard index", found[i].jaccard, expected[i].jaccard);
                same(of + "share", found[i].share, expected[i].share);
            }
        }
    }

    const FeatureIndex& m_index;
    std::vector<PlainSentence> m_sentences;
    std::int64_t m_sampleEntries;
    std::vector<std::int64_t> m_rowsPerClass;
    double m_tokens = 0;
    std::map<std::string, double> m_timesOfText;
};

}  // namespace saeception::fixture
