// SPDX-License-Identifier: GPL-3.0-or-later
#include "data/bpe_trainer.h"

#include "base/error.h"
#include "data/byte_symbols.h"
#include "data/pre_tokenizer.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <queue>
#include <unordered_map>
#include <utility>
#include <vector>

namespace saeception {
namespace {

constexpr int smallestVocabulary = 257;
constexpr std::int64_t leastCount = 2;

struct Word {
    std::vector<std::int32_t> ids;
    std::int64_t count = 0;
};

std::vector<Word> countWords(std::span<const std::string> texts, const StepControl& steps) {
    const PreTokenizer preTokenizer;
    std::unordered_map<std::string, std::int64_t> counts;
    std::vector<std::uint32_t> ends;
    std::string piece;
    for (std::size_t i = 0; i < texts.size(); ++i) {
        if (i % 1024 == 0)
            steps.holdOrStop();
        preTokenizer.split(texts[i], ends);
        std::uint32_t begin = 0;
        for (const std::uint32_t end : ends) {
            piece.assign(texts[i], begin, end - begin);
            ++counts[piece];
            begin = end;
        }
    }
    std::array<std::int32_t, 256> idOf{};
    for (std::size_t i = 0; i < 256; ++i)
        idOf[bytesInIdOrder()[i]] = static_cast<std::int32_t>(i);
    std::vector<Word> words;
    words.reserve(counts.size());
    for (const auto& [text, count] : counts) {
        Word& word = words.emplace_back();
        word.count = count;
        for (const char c : text)
            word.ids.push_back(idOf[static_cast<unsigned char>(c)]);
    }
    return words;
}

class PairCounts {
public:
    explicit PairCounts(std::vector<Word> words) : m_words(std::move(words)) {
        for (std::uint32_t w = 0; w < m_words.size(); ++w)
            addWord(w, -1);
        for (const auto& [pair, info] : m_pairs)
            m_queue.push({info.count, pair});
    }

    /// The most frequent pair (left in the high half), or nothing below leastCount.
    bool best(std::uint64_t& pair) {
        while (!m_queue.empty()) {
            const Candidate top = m_queue.top();
            m_queue.pop();
            const std::int64_t count = m_pairs.at(top.pair).count;
            if (count < leastCount)
                continue;
            if (count == top.count) {
                pair = top.pair;
                return true;
            }
            // Counts that fell since the offer are offered anew, those that rose were offered already.
            if (count < top.count)
                m_queue.push({count, top.pair});
        }
        return false;
    }

    void merge(std::uint64_t pair, std::int32_t product) {
        const auto left = static_cast<std::int32_t>(pair >> 32);
        const auto right = static_cast<std::int32_t>(pair & 0xFFFFFFFFU);
        const std::vector<std::uint32_t> touched = std::move(m_pairs[pair].words);
        m_changed.clear();
        for (const std::uint32_t w : touched) {
            std::vector<std::int32_t>& ids = m_words[w].ids;
            if (!contains(ids, left, right))
                continue;
            for (std::size_t i = 0; i + 1 < ids.size(); ++i)
                m_pairs[key(ids[i], ids[i + 1])].count -= m_words[w].count;
            std::size_t out = 0;
            for (std::size_t i = 0; i < ids.size(); ++out) {
                const bool joined = i + 1 < ids.size() && ids[i] == left && ids[i + 1] == right;
                ids[out] = joined ? product : ids[i];
                i += joined ? 2 : 1;
            }
            ids.resize(out);
            addWord(w, product);
        }
        std::sort(m_changed.begin(), m_changed.end());
        m_changed.erase(std::unique(m_changed.begin(), m_changed.end()), m_changed.end());
        for (const std::uint64_t changed : m_changed)
            m_queue.push({m_pairs[changed].count, changed});
    }

private:
    struct Info {
        std::int64_t count = 0;
        std::vector<std::uint32_t> words;  // where the pair has stood; it may be gone since
    };
    struct Candidate {
        std::int64_t count;
        std::uint64_t pair;
        bool operator<(const Candidate& other) const {
            return count != other.count ? count < other.count : pair > other.pair;
        }
    };

    static std::uint64_t key(std::int32_t left, std::int32_t right) {
        return (static_cast<std::uint64_t>(static_cast<std::uint32_t>(left)) << 32) |
               static_cast<std::uint32_t>(right);
    }
    static bool contains(const std::vector<std::int32_t>& ids, std::int32_t left, std::int32_t right) {
        for (std::size_t i = 0; i + 1 < ids.size(); ++i)
            if (ids[i] == left && ids[i + 1] == right)
                return true;
        return false;
    }

    // Counts the word's pairs. Only pairs with `product` (any, if it is negative) can be new to the word.
    void addWord(std::uint32_t w, std::int32_t product) {
        const std::vector<std::int32_t>& ids = m_words[w].ids;
        for (std::size_t i = 0; i + 1 < ids.size(); ++i) {
            const std::uint64_t pair = key(ids[i], ids[i + 1]);
            Info& info = m_pairs[pair];
            info.count += m_words[w].count;
            if (product >= 0 && ids[i] != product && ids[i + 1] != product)
                continue;
            if (info.words.empty() || info.words.back() != w)
                info.words.push_back(w);
            if (product >= 0)
                m_changed.push_back(pair);
        }
    }

    std::vector<Word> m_words;
    std::unordered_map<std::uint64_t, Info> m_pairs;
    std::priority_queue<Candidate> m_queue;
    std::vector<std::uint64_t> m_changed;
};

}  // namespace

BpeModel trainBpe(std::span<const std::string> texts, int vocabSize, const StepControl& steps) {
    if (vocabSize < smallestVocabulary)
        fail("a byte-level vocabulary of {} entries is too small; set model.vocab_size to at least {}",
             vocabSize, smallestVocabulary);
    BpeModel model;
    for (const std::uint8_t byte : bytesInIdOrder())
        model.bytes.emplace_back(1, static_cast<char>(byte));
    PairCounts pairs(countWords(texts, steps));
    std::uint64_t pair = 0;
    while (static_cast<int>(model.bytes.size()) + 1 < vocabSize && pairs.best(pair)) {
        if (model.merges.size() % 64 == 0)
            steps.holdOrStop();
        const auto left = static_cast<std::int32_t>(pair >> 32);
        const auto right = static_cast<std::int32_t>(pair & 0xFFFFFFFFU);
        const auto product = static_cast<std::int32_t>(model.bytes.size());
        model.bytes.push_back(model.bytes[static_cast<std::size_t>(left)] +
                              model.bytes[static_cast<std::size_t>(right)]);
        model.merges.push_back({left, right, product});
        pairs.merge(pair, product);
    }
    for (const std::string& bytes : model.bytes)
        model.symbols.push_back(toSymbols(bytes));
    model.endOfText = static_cast<std::int32_t>(model.bytes.size());
    model.bytes.emplace_back(endOfTextSymbol);
    model.symbols.emplace_back(endOfTextSymbol);
    return model;
}

}  // namespace saeception
