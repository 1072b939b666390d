// SPDX-License-Identifier: GPL-3.0-or-later
// Two readers of the demo corpus that know nothing of its grammar: one follows negation and contrast, one
// only counts words.
#pragma once

#include "data/dataset.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace saeception {

inline std::string lowered(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? char(c + 32) : c; });
    return text;
}

inline bool isWordByte(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '\'';
}

inline std::vector<std::string> wordsOf(const std::string& text) {
    std::vector<std::string> words;
    std::string word;
    for (const char c : lowered(text) + " ") {
        if (isWordByte(c))
            word += c;
        else if (!word.empty())
            words.push_back(std::exchange(word, {}));
    }
    return words;
}

inline std::set<std::string> bagOf(const Example& example) {
    const auto words = wordsOf(example.text);
    return {words.begin(), words.end()};
}

// Reads the polarity off a sentence from its opinion words, negations and connectives, as a person would,
// knowing nothing of the rules that formed it.
class Reader {
public:
    explicit Reader(const Dataset& dataset) {
        for (std::size_t i = 0; i < dataset.conceptNames.size(); ++i)
            m_id[dataset.conceptNames[i]] = static_cast<int>(i);
    }

    // 1 or 0; -1 when the parts of the sentence contradict each other.
    int label(const Example& example) const {
        const std::string text = lowered(example.text);
        // What stands before, within and after the clause that is conceded.
        std::size_t concedeBegin = 0;
        std::size_t concedeEnd = 0;
        for (const ConceptSpan& span : example.concepts) {
            if (span.conceptId != m_id.at("contrast"))
                continue;
            const std::string word = text.substr(span.begin, span.end - span.begin);
            static const std::set<std::string> conceding = {"although", "though",      "even though", "while",
                                                            "despite",  "in spite of", "for all"};
            if (!conceding.contains(word)) {
                concedeEnd = span.begin;
            } else {
                concedeBegin = span.begin;
                concedeEnd = span.begin == 0 ? text.find(',') : text.size();
            }
        }
        const int conceded =
            concedeEnd > concedeBegin ? stretch(example, text, concedeBegin, concedeEnd) : unsaid;
        const int before = stretch(example, text, 0, concedeBegin);
        const int after = stretch(example, text, concedeEnd, text.size());
        if ((before == unsaid) == (after == unsaid))
            return -1;
        const int main = before == unsaid ? after : before;
        if (main == mixed || (concedeEnd > concedeBegin && conceded != 1 - main))
            return -1;
        return main;
    }

private:
    static constexpr int unsaid = -2;
    static constexpr int mixed = -1;

    // The polarity that all statements within [begin, end) share.
    int stretch(const Example& example, const std::string& text, std::size_t begin, std::size_t end) const {
        int result = unsaid;
        int negations = 0;
        std::size_t last = begin;
        for (std::size_t i = 0; i < example.concepts.size(); ++i) {
            const ConceptSpan& span = example.concepts[i];
            if (span.begin < begin || span.end > end)
                continue;
            const std::string between = text.substr(last, span.begin - last);
            const bool positive = span.conceptId == m_id.at("positive");
            const bool opinion = positive || span.conceptId == m_id.at("negative");
            const bool joinsOpinions =
                span.conceptId == m_id.at("addition") && i + 1 < example.concepts.size() &&
                example.concepts[i + 1].begin == span.end + 1 && isOpinion(example.concepts[i + 1]);
            if (between.find_first_of(",;") != std::string::npos ||
                (span.conceptId == m_id.at("addition") && !joinsOpinions))
                negations = 0;
            last = span.end;
            if (span.conceptId == m_id.at("negation"))
                ++negations;
            if (!opinion)
                continue;
            const int polarity = positive == (negations % 2 == 0) ? 1 : 0;
            if (result != unsaid && result != polarity)
                return mixed;
            result = polarity;
        }
        return result;
    }

    bool isOpinion(const ConceptSpan& span) const {
        return span.conceptId == m_id.at("positive") || span.conceptId == m_id.at("negative");
    }

    std::map<std::string, int> m_id;
};

// Logistic regression on the presence of words, by plain stochastic gradient descent to far past convergence
// of the held-out accuracy.
inline double bagOfWordsAccuracy(const Dataset& dataset) {
    std::unordered_map<std::string, double> weight;
    double bias = 0.0;
    std::vector<std::set<std::string>> bags;
    for (const Example& example : dataset.train)
        bags.push_back(bagOf(example));
    const auto score = [&](const std::set<std::string>& bag) {
        double sum = bias;
        for (const std::string& word : bag)
            if (const auto found = weight.find(word); found != weight.end())
                sum += found->second;
        return sum;
    };
    for (int epoch = 0; epoch < 12; ++epoch) {
        for (std::size_t i = 0; i < bags.size(); ++i) {
            const double step = 0.05 * (dataset.train[i].label - 1.0 / (1.0 + std::exp(-score(bags[i]))));
            bias += step;
            for (const std::string& word : bags[i])
                weight[word] += step;
        }
    }
    const auto right = std::count_if(
        dataset.validation.begin(), dataset.validation.end(),
        [&](const Example& example) { return (score(bagOf(example)) > 0) == (example.label == 1); });
    return static_cast<double>(right) / static_cast<double>(dataset.validation.size());
}

inline double naiveBayesAccuracy(const Dataset& dataset) {
    std::unordered_map<std::string, std::array<double, 2>> counts;
    for (const Example& example : dataset.train)
        for (const std::string& word : bagOf(example))
            counts[word][static_cast<std::size_t>(example.label)] += 1;
    const auto right =
        std::count_if(dataset.validation.begin(), dataset.validation.end(), [&](const Example& example) {
            double sum = 0.0;
            for (const std::string& word : bagOf(example))
                if (const auto found = counts.find(word); found != counts.end())
                    sum += std::log((found->second[1] + 1) / (found->second[0] + 1));
            return (sum > 0) == (example.label == 1);
        });
    return static_cast<double>(right) / static_cast<double>(dataset.validation.size());
}

}  // namespace saeception
