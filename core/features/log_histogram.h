// SPDX-License-Identifier: GPL-3.0-or-later
// Quantiles of a stream of positive numbers, from counts in buckets of constant relative width.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <memory>

namespace saeception {

/// As in DDSketch (Masson, Rim and Lee 2019), with buckets that follow the bits of a float: 32 an octave,
/// each at most 1/32 of its value wide. The 16 highest octaves that occur are told apart; what lies below
/// them is one bucket. What it tells does not depend on the order of the numbers.
class LogHistogram {
public:
    /// `value` > 0 and finite.
    void add(float value) {
        const std::uint32_t bucket = bucketOf(value);
        if (!m_counts)
            begin(bucket / perOctave);
        else if (bucket / perOctave > m_top)
            raise(bucket / perOctave);
        if (bucket < lowest())
            ++m_below;
        else
            ++(*m_counts)[bucket % size];
        ++m_total;
    }

    std::uint64_t total() const { return m_total; }

    /// The middle of the bucket that holds the ceil(q * total)-th smallest number, 0 < q <= 1; NaN for none.
    /// Of the one bucket below all octaves, its upper edge.
    float quantile(double q) const {
        if (m_total == 0)
            return std::numeric_limits<float>::quiet_NaN();
        const auto wanted = std::max<std::uint64_t>(
            1, static_cast<std::uint64_t>(std::ceil(q * static_cast<double>(m_total))));
        std::uint64_t seen = m_below;
        if (seen >= wanted)
            return edge(lowest());
        std::uint32_t bucket = lowest();
        while ((seen += (*m_counts)[bucket % size]) < wanted)
            ++bucket;
        return middleOfBucket(bucket);
    }

    /// The middle of the bucket that `value` falls into: what quantile() tells of it.
    static float middleOf(float value) { return middleOfBucket(bucketOf(value)); }

private:
    static constexpr std::uint32_t perOctave = 32;
    static constexpr std::uint32_t octaves = 16;
    static constexpr std::uint32_t size = perOctave * octaves;
    static constexpr int shift = 23 - 5;  // mantissa bits that a bucket does not tell

    static std::uint32_t bucketOf(float value) { return std::bit_cast<std::uint32_t>(value) >> shift; }
    static float edge(std::uint32_t bucket) { return std::bit_cast<float>(bucket << shift); }
    static float middleOfBucket(std::uint32_t bucket) {
        return std::bit_cast<float>((bucket << shift) + (1U << (shift - 1)));
    }
    std::uint32_t lowest() const { return m_top < octaves ? 0 : (m_top + 1 - octaves) * perOctave; }

    void begin(std::uint32_t octave) {
        m_counts = std::make_unique<std::array<std::uint32_t, size>>();
        m_top = octave;
    }
    // The octaves that fall off the lower end go into the bucket below; their places are the new ones'.
    void raise(std::uint32_t octave) {
        const std::uint32_t from = lowest();
        m_top = octave;
        const std::uint32_t dropped = std::min(lowest() - from, size);
        for (std::uint32_t bucket = from; bucket < from + dropped; ++bucket) {
            m_below += (*m_counts)[bucket % size];
            (*m_counts)[bucket % size] = 0;
        }
    }

    std::unique_ptr<std::array<std::uint32_t, size>> m_counts;
    std::uint64_t m_below = 0;
    std::uint64_t m_total = 0;
    std::uint32_t m_top = 0;  // the highest octave
};

}  // namespace saeception
