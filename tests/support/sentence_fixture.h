// SPDX-License-Identifier: GPL-3.0-or-later
// Runs whose cycles predict differently, and a plain recount of what their indexes say.
#pragma once

#include "support/feature_fixture.h"
#include "ui/models/sentence_filter.h"
#include "ui/models/sentence_predictions.h"

#include <QString>

#include <cmath>
#include <random>
#include <set>

namespace saeception::fixture {

/// Sentences of both splits that are the same in every cycle, with predictions that are not. Ids leave gaps,
/// and the splits share some. `first`: how many training sentences are left out.
inline std::vector<FixtureSentence> variedSentences(int cycle, int first = 0, int training = 40,
                                                    int validation = 24) {
    std::vector<FixtureSentence> sentences;
    for (int i = first; i < training + validation; ++i) {
        std::mt19937 words(static_cast<unsigned>(1000 + i));
        std::mt19937 model(static_cast<unsigned>(7919 * cycle + i));
        FixtureSentence sentence;
        sentence.split = i < training ? SplitKind::Train : SplitKind::Validation;
        sentence.example = i < training ? 3 * i : 2 * (i - training);
        sentence.label = static_cast<int>(words() % 2);
        sentence.tokens.push_back({0, {}});
        for (unsigned length = 2 + words() % 6; length > 0; --length)
            sentence.tokens.push_back({static_cast<int>(words() % 14), {{3, 1.0F}}});
        const float margin = 0.25F * static_cast<float>(static_cast<int>(model() % 17) - 5);
        sentence.logits = {sentence.label == 0 ? margin : 0.0F, sentence.label == 1 ? margin : 0.0F};
        sentences.push_back(std::move(sentence));
    }
    return sentences;
}

inline void writeVariedIndex(const std::filesystem::path& root, int cycle) {
    writeIndex(indexFile(root, cycle), cycle, 6, 1, {}, variedSentences(cycle));
}

inline void writeVariedRun(const std::filesystem::path& root, int cycles) {
    writeRun(root, 0);
    for (int cycle = 0; cycle < cycles; ++cycle)
        writeVariedIndex(root, cycle);
}

/// A sentence with what every cycle makes of it, counted from the indexes by plain loops.
struct Recounted {
    SentenceKey key = 0;
    int label = 0;
    QString text;
    int tokens = 0;
    std::vector<int> predictions;  ///< -1 where a cycle does not have it
    std::vector<double> confidences;
    std::vector<double> losses;
    int flips = -1;

    std::vector<int> known() const {
        std::vector<int> found;
        for (const int prediction : predictions)
            if (prediction >= 0)
                found.push_back(prediction);
        return found;
    }
};

/// In the order of the last index.
inline std::vector<Recounted> recount(const std::vector<std::shared_ptr<const FeatureIndex>>& indexes) {
    std::vector<Recounted> all;
    const FeatureIndex& newest = *indexes.back();
    for (int s = 0; s < newest.sentenceCount(); ++s) {
        const IndexedSentence sentence = newest.sentence(s);
        Recounted one;
        one.key = sentenceKey(sentence.split, sentence.example);
        one.label = sentence.label;
        one.text = QString::fromStdString(newest.sentenceText(s));
        one.tokens = static_cast<int>(sentence.tokens.size());
        for (const auto& index : indexes) {
            one.predictions.push_back(-1);
            one.confidences.push_back(std::nan(""));
            one.losses.push_back(std::nan(""));
            for (int t = 0; t < index->sentenceCount() && index->classNames() == newest.classNames(); ++t) {
                const IndexedSentence other = index->sentence(t);
                if (other.split != sentence.split || other.example != sentence.example ||
                    !std::equal(other.tokens.begin(), other.tokens.end(), sentence.tokens.begin(),
                                sentence.tokens.end()))
                    continue;
                const auto negative = static_cast<double>(other.logits[0]);
                const auto positive = static_cast<double>(other.logits[1]);
                const int predicted = positive > negative ? 1 : 0;
                const double ofPositive = 1 / (1 + std::exp(negative - positive));
                one.predictions.back() = predicted;
                one.confidences.back() = predicted == 1 ? ofPositive : 1 - ofPositive;
                one.losses.back() = -std::log(sentence.label == 1 ? ofPositive : 1 - ofPositive);
            }
        }
        const std::vector<int> known = one.known();
        for (std::size_t i = 1; i < known.size(); ++i)
            one.flips = std::max(0, one.flips) + (known[i] != known[i - 1] ? 1 : 0);
        all.push_back(std::move(one));
    }
    return all;
}

/// Whether the sentence should pass; `cycles` are those of its predictions.
inline bool passes(const Recounted& sentence, const SentenceFilter& filter, const std::vector<int>& cycles) {
    using Outcome = SentenceFilter::Outcome;
    using Change = SentenceFilter::Change;
    bool isNumber = false;
    const qlonglong number = filter.text.toLongLong(&isNumber);
    isNumber = isNumber && filter.text.trimmed() == filter.text;
    if (isNumber ? exampleOf(sentence.key) != number
                 : !sentence.text.contains(filter.text, Qt::CaseInsensitive))
        return false;
    if (filter.split && splitOf(sentence.key) != *filter.split)
        return false;
    if (filter.label >= 0 && sentence.label != filter.label)
        return false;
    const std::vector<int> known = sentence.known();
    if (filter.outcome != Outcome::Any) {
        std::vector<int> asked;
        for (std::size_t i = 0; i < cycles.size(); ++i)
            if (sentence.predictions[i] >= 0 &&
                (filter.cycle == SentenceFilter::everyCycle || filter.cycle == cycles[i]))
                asked.push_back(sentence.predictions[i]);
        for (const int prediction : asked)
            if ((prediction == sentence.label) != (filter.outcome == Outcome::Right))
                return false;
        if (asked.empty())
            return false;
    }
    const bool flips = sentence.flips > 0;
    const bool first = !known.empty() && known.front() == sentence.label;
    const bool last = !known.empty() && known.back() == sentence.label;
    switch (filter.change) {
        case Change::Flips:
            return flips;
        case Change::BecomesRight:
            return !first && last;
        case Change::BecomesWrong:
            return first && !last;
        case Change::Any:
            break;
    }
    return true;
}

}  // namespace saeception::fixture
