// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/sentence_predictions.h"

#include <QString>

#include <algorithm>
#include <limits>
#include <numeric>
#include <string>

namespace saeception {
namespace {

constexpr double notKnown = std::numeric_limits<double>::quiet_NaN();

std::size_t at(int row) {
    return static_cast<std::size_t>(row);
}

SentenceKey keyOf(const IndexedSentence& sentence) {
    return sentenceKey(sentence.split, sentence.example);
}

// The texts themselves are gone again when their order is known.
std::vector<std::int32_t> textRanks(const FeatureIndex& index) {
    std::vector<std::string> texts;
    texts.reserve(at(index.sentenceCount()));
    for (int row = 0; row < index.sentenceCount(); ++row)
        texts.push_back(
            QString::fromStdString(index.sentenceText(row)).trimmed().toCaseFolded().toStdString());
    std::vector<std::int32_t> order(texts.size());
    std::iota(order.begin(), order.end(), 0);
    std::sort(order.begin(), order.end(),
              [&](std::int32_t a, std::int32_t b) { return texts[at(a)] < texts[at(b)]; });
    std::vector<std::int32_t> ranks(texts.size());
    for (std::size_t i = 1; i < order.size(); ++i)
        ranks[at(order[i])] =
            ranks[at(order[i - 1])] + (texts[at(order[i])] == texts[at(order[i - 1])] ? 0 : 1);
    return ranks;
}

std::shared_ptr<const SentenceRows> rowsOf(const SentencePredictions::Source& source) {
    auto rows = std::make_shared<SentenceRows>();
    rows->index = source.index;
    rows->search = source.search;
    for (int row = 0; row < source.index->sentenceCount(); ++row) {
        const IndexedSentence sentence = source.index->sentence(row);
        rows->example.push_back(sentence.example);
        rows->label.push_back(sentence.label);
        rows->training += sentence.split == SplitKind::Train ? 1 : 0;
    }
    rows->textRank = textRanks(*source.index);
    return rows;
}

bool haveSameTokens(const IndexedSentence& a, const IndexedSentence& b) {
    return std::equal(a.tokens.begin(), a.tokens.end(), b.tokens.begin(), b.tokens.end());
}

// Whether the index has just these sentences, with the same labels.
bool isMadeOf(const SentenceRows& rows, const FeatureIndex& index) {
    if (index.sentenceCount() != rows.count() || index.classNames() != rows.index->classNames())
        return false;
    for (int row = 0; row < rows.count(); ++row) {
        const IndexedSentence sentence = index.sentence(row);
        if (keyOf(sentence) != rows.key(row) || sentence.label != rows.label[at(row)] ||
            !haveSameTokens(sentence, rows.index->sentence(row)))
            return false;
    }
    return true;
}

std::shared_ptr<const CyclePredictions> predictionsOf(const SentencePredictions::Source& source,
                                                      const SentenceRows& rows) {
    auto found = std::make_shared<CyclePredictions>();
    found->cycle = source.cycle;
    found->index = source.index;
    found->label.assign(at(rows.count()), -1);
    found->confidence.assign(at(rows.count()), notKnown);
    found->loss.assign(at(rows.count()), notKnown);
    if (source.index->classNames() != rows.index->classNames())
        return found;
    // Both are in the same order: one walk over the two.
    int position = 0;
    for (int row = 0; row < rows.count(); ++row) {
        while (position < source.index->sentenceCount() &&
               keyOf(source.index->sentence(position)) < rows.key(row))
            ++position;
        if (position == source.index->sentenceCount())
            break;
        IndexedSentence sentence = source.index->sentence(position);
        if (keyOf(sentence) != rows.key(row) || !haveSameTokens(sentence, rows.index->sentence(row)))
            continue;
        const int predicted = sentence.prediction();
        sentence.label = rows.label[at(row)];
        found->label[at(row)] = predicted;
        found->confidence[at(row)] = sentence.probability(predicted);
        found->loss[at(row)] = sentence.loss();
        ++found->known;
    }
    return found;
}

}  // namespace

std::optional<int> SentenceRows::rowOf(SentenceKey sentence) const {
    const auto middle = example.begin() + training;
    const bool inTraining = splitOf(sentence) == SplitKind::Train;
    const auto end = inTraining ? middle : example.end();
    const auto found = std::lower_bound(inTraining ? example.begin() : middle, end, exampleOf(sentence));
    if (found == end || *found != exampleOf(sentence))
        return std::nullopt;
    return static_cast<int>(found - example.begin());
}

std::shared_ptr<const SentencePredictions> SentencePredictions::make(const std::vector<Source>& sources,
                                                                     const SentencePredictions* before) {
    // Its constructor is for this function alone.
    const std::shared_ptr<SentencePredictions> made(new SentencePredictions);
    const bool same = before != nullptr && isMadeOf(before->rows(), *sources.back().index);
    made->m_rows = same ? before->m_rows : rowsOf(sources.back());
    for (const Source& source : sources) {
        const auto kept = [&]() -> std::shared_ptr<const CyclePredictions> {
            if (same)
                for (const auto& cycle : before->cycles())
                    if (cycle->cycle == source.cycle && cycle->index == source.index)
                        return cycle;
            return nullptr;
        }();
        made->m_cycles.push_back(kept ? kept : predictionsOf(source, *made->m_rows));
    }
    made->m_flips.assign(at(made->count()), -1);
    std::vector<std::int32_t> last(at(made->count()), -1);
    for (const auto& cycle : made->m_cycles)
        for (std::size_t row = 0; row < last.size(); ++row) {
            if (cycle->label[row] < 0)
                continue;
            if (last[row] >= 0)
                made->m_flips[row] =
                    std::max(0, made->m_flips[row]) + (cycle->label[row] != last[row] ? 1 : 0);
            last[row] = cycle->label[row];
        }
    return made;
}

const CyclePredictions* SentencePredictions::of(int cycle) const {
    for (const auto& known : m_cycles)
        if (known->cycle == cycle)
            return known.get();
    return nullptr;
}

}  // namespace saeception
