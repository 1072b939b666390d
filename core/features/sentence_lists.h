// SPDX-License-Identifier: GPL-3.0-or-later
// The sentences that are kept of every feature while all of them pass by once: those where it fires most
// strongly, samples from all its strengths, and those where it just does not fire. Torch-free.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace saeception {

enum class SplitKind : std::uint8_t { Train = 0, Validation = 1 };

/// A sentence of either split as one number, ordered by (split, example).
using SentenceKey = std::uint64_t;
constexpr SentenceKey sentenceKey(SplitKind split, std::int64_t example) {
    return static_cast<SentenceKey>(split) << 63 | static_cast<SentenceKey>(example);
}
constexpr SplitKind splitOf(SentenceKey key) {
    return static_cast<SplitKind>(key >> 63);
}
constexpr std::int64_t exampleOf(SentenceKey key) {
    return static_cast<std::int64_t>(key & ~(SentenceKey(1) << 63));
}

/// A number drawn for a sentence, the same in every index.
std::uint64_t shuffleOf(SentenceKey sentence);
/// The same for a sentence and a feature: each feature draws its own, lest all of them show the same few
/// sentences.
std::uint64_t shuffleOf(SentenceKey sentence, int feature);

inline constexpr int topSentenceCount = 50;
inline constexpr int bandSentenceCount = 12;  ///< of each band below the top
inline constexpr int nearMissCount = 10;

/// What a list of sentences of a feature shows: the strongest; samples with a peak above 2/3, between 1/3 and
/// 2/3, and up to 1/3 of the feature's largest activation; and those where it fires nowhere and came closest.
enum class Band : std::uint8_t { Top, Upper, Middle, Low, NearMiss };
inline constexpr int bandCount = 5;

struct TokenActivation {
    std::uint16_t token = 0;  ///< position in the sentence
    float value = 0;
};

struct ListEntry {
    SentenceKey sentence = 0;
    float value = 0;                           ///< the peak activation; of a near miss how much it lacked
    std::uint16_t token = 0;                   ///< where that was, the first of equal ones
    std::vector<TokenActivation> activations;  ///< of the tokens on which it fires, ascending
};

/// The lists of one feature. Their contents depend on what was offered, not on its order.
class SentenceLists {
public:
    /// Whether add() would keep a sentence with this peak. `shuffle`: shuffleOf(sentence, feature), by which
    /// samples are chosen.
    bool wants(float peak, SentenceKey sentence, std::uint64_t shuffle) const;
    /// `entry` is one sentence in which the feature fires.
    void add(ListEntry entry, std::uint64_t shuffle);
    /// A sentence in which it fires nowhere and lacked `entry.value` >= 0.
    void addNearMiss(const ListEntry& entry);
    /// What the next near miss must not exceed to be kept; infinite while there is room.
    float nearMissBar() const;

    /// In the order in which they are shown: the larger peak first, the smaller lack first; ties by (split,
    /// example). `maximum`: the feature's largest activation.
    std::vector<ListEntry> sorted(Band band, float maximum) const;

private:
    // Samples are drawn from up to 16 strata of equal width, a power of two for which the largest peak lies
    // in one of the upper eight. The least of the numbers drawn stay: a sample that can be merged with
    // another.
    static constexpr std::size_t strata = 16;
    static constexpr std::size_t perStratum = 4;
    struct Sampled {
        std::uint64_t shuffle = 0;
        ListEntry entry;
    };
    using Stratum = std::vector<Sampled>;
    bool fitsStrata(float peak) const { return static_cast<double>(peak) <= m_width * strata; }
    std::size_t stratumOf(float peak) const;
    void widen(float peak);
    static void keepLeast(Stratum& stratum);

    std::vector<ListEntry> m_top;   // a heap whose front ranks last
    std::vector<ListEntry> m_near;  // the same
    std::array<Stratum, strata> m_samples;
    double m_width = 0;
};

}  // namespace saeception
