// SPDX-License-Identifier: GPL-3.0-or-later
// What the model of every cycle predicts for the sentences of a run, in flat columns that are made off the
// GUI thread.
#pragma once

#include "features/feature_index.h"
#include "features/sentence_search.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace saeception {

/// The sentences of one index in its order, training first, each split by example. Their texts stay in the
/// index.
struct SentenceRows {
    std::shared_ptr<const FeatureIndex> index;
    std::shared_ptr<const SentenceSearch> search;
    std::vector<std::int64_t> example;
    std::vector<std::int32_t> label;
    std::vector<std::int32_t>
        textRank;      ///< place in alphabetical order, in any case; equal texts have equal ranks
    int training = 0;  ///< sentences of the training split

    int count() const { return static_cast<int>(example.size()); }
    SplitKind split(int row) const { return row < training ? SplitKind::Train : SplitKind::Validation; }
    SentenceKey key(int row) const { return sentenceKey(split(row), example[static_cast<std::size_t>(row)]); }
    std::optional<int> rowOf(SentenceKey sentence) const;
};

/// What one cycle's model predicts, one value a row of SentenceRows.
struct CyclePredictions {
    int cycle = 0;
    std::shared_ptr<const FeatureIndex> index;
    std::vector<std::int32_t> label;  ///< the class predicted; -1 where the index does not have the sentence
    std::vector<double> confidence;   ///< that class's softmax probability, else NaN
    std::vector<double> loss;         ///< -log of the gold label's probability in nats, else NaN
    int known = 0;                    ///< rows with a prediction
};

/// Immutable; may be used from several threads.
class SentencePredictions {
public:
    /// One cycle's index, and what searches its sentences.
    struct Source {
        int cycle = 0;
        std::shared_ptr<const FeatureIndex> index;
        std::shared_ptr<const SentenceSearch> search;
    };

    /// Rows are the sentences of the last of `sources`, which are at least one, by cycle. Another cycle has a
    /// sentence where split, example, tokens and class names are the same. What `before` (may be null) has of
    /// the same indexes is taken from there; where the sentences are still the same, so are the rows. Reads
    /// files: not for the GUI thread.
    static std::shared_ptr<const SentencePredictions> make(const std::vector<Source>& sources,
                                                           const SentencePredictions* before);

    const SentenceRows& rows() const { return *m_rows; }
    int count() const { return m_rows->count(); }
    /// Whether row by row the sentences are the same: one was made with the other before it.
    bool hasRowsOf(const SentencePredictions& other) const { return m_rows == other.m_rows; }
    /// By cycle; at least one.
    const std::vector<std::shared_ptr<const CyclePredictions>>& cycles() const { return m_cycles; }
    /// Null where `cycle` is none of them.
    const CyclePredictions* of(int cycle) const;
    int newest() const { return m_cycles.back()->cycle; }

    /// How often the prediction changes from one cycle to the next that has the sentence; -1 where fewer than
    /// two have it.
    int flips(int row) const { return m_flips[static_cast<std::size_t>(row)]; }

private:
    SentencePredictions() = default;

    std::shared_ptr<const SentenceRows> m_rows;
    std::vector<std::shared_ptr<const CyclePredictions>> m_cycles;
    std::vector<std::int32_t> m_flips;
};

}  // namespace saeception
