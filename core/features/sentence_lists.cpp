// SPDX-License-Identifier: GPL-3.0-or-later
#include "features/sentence_lists.h"

#include "base/random.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>

namespace saeception {
namespace {

bool strongerFirst(const ListEntry& a, const ListEntry& b) {
    return a.value != b.value ? a.value > b.value : a.sentence < b.sentence;
}
bool closerFirst(const ListEntry& a, const ListEntry& b) {
    return a.value != b.value ? a.value < b.value : a.sentence < b.sentence;
}

// Makes room for `entry` in a heap of up to `most`; false where it ranks behind all that are there.
template <typename Order>
bool makeRoom(std::vector<ListEntry>& heap, std::size_t most, const ListEntry& entry, const Order& order) {
    if (heap.size() < most)
        return true;
    if (!order(entry, heap.front()))
        return false;
    std::pop_heap(heap.begin(), heap.end(), order);
    heap.pop_back();
    return true;
}

template <typename Order>
void push(std::vector<ListEntry>& heap, ListEntry entry, const Order& order) {
    heap.push_back(std::move(entry));
    std::push_heap(heap.begin(), heap.end(), order);
}

bool isIn(Band band, float peak, float maximum) {
    const double share = static_cast<double>(peak) / static_cast<double>(maximum);
    switch (band) {
        case Band::Upper:
            return share > 2.0 / 3;
        case Band::Middle:
            return share > 1.0 / 3 && share <= 2.0 / 3;
        case Band::Low:
            return share <= 1.0 / 3;
        case Band::Top:
        case Band::NearMiss:
            break;
    }
    return false;
}

}  // namespace

std::uint64_t shuffleOf(SentenceKey sentence) {
    return Rng(sentence).next();
}

std::uint64_t shuffleOf(SentenceKey sentence, int feature) {
    return Rng(shuffleOf(sentence) ^ shuffleOf(static_cast<SentenceKey>(feature))).next();
}

std::size_t SentenceLists::stratumOf(float peak) const {
    const double position = static_cast<double>(peak) / m_width;
    const auto below = static_cast<std::size_t>(position);
    return static_cast<double>(below) == position ? below - 1 : below;
}

void SentenceLists::keepLeast(Stratum& stratum) {
    if (stratum.size() <= perStratum)
        return;
    std::sort(stratum.begin(), stratum.end(),
              [](const Sampled& a, const Sampled& b) { return a.shuffle < b.shuffle; });
    stratum.resize(perStratum);
}

void SentenceLists::widen(float peak) {
    if (m_width == 0)
        m_width = std::exp2(std::floor(std::log2(static_cast<double>(peak) / strata)) - 1);
    while (static_cast<double>(peak) > m_width * strata) {
        for (std::size_t s = 0; s < strata; ++s) {
            Stratum merged;
            for (const std::size_t from : {2 * s, 2 * s + 1})
                if (from < strata)
                    std::move(m_samples[from].begin(), m_samples[from].end(), std::back_inserter(merged));
            keepLeast(merged);
            m_samples[s] = std::move(merged);
        }
        m_width *= 2;
    }
}

bool SentenceLists::wants(float peak, SentenceKey sentence, std::uint64_t shuffle) const {
    if (m_top.size() < topSentenceCount || !fitsStrata(peak))
        return true;  // by then at the latest among the strongest
    const ListEntry& weakest = m_top.front();
    if (peak > weakest.value || (peak == weakest.value && sentence < weakest.sentence))
        return true;
    const Stratum& stratum = m_samples[stratumOf(peak)];
    return stratum.size() < perStratum ||
           std::any_of(stratum.begin(), stratum.end(),
                       [&](const Sampled& sampled) { return shuffle < sampled.shuffle; });
}

void SentenceLists::add(ListEntry entry, std::uint64_t shuffle) {
    if (!fitsStrata(entry.value))
        widen(entry.value);
    Stratum& stratum = m_samples[stratumOf(entry.value)];
    stratum.push_back({shuffle, entry});
    keepLeast(stratum);
    if (makeRoom(m_top, topSentenceCount, entry, strongerFirst))
        push(m_top, std::move(entry), strongerFirst);
}

void SentenceLists::addNearMiss(const ListEntry& entry) {
    if (makeRoom(m_near, nearMissCount, entry, closerFirst))
        push(m_near, entry, closerFirst);
}

float SentenceLists::nearMissBar() const {
    return m_near.size() < nearMissCount ? std::numeric_limits<float>::infinity() : m_near.front().value;
}

std::vector<ListEntry> SentenceLists::sorted(Band band, float maximum) const {
    if (band == Band::Top || band == Band::NearMiss) {
        std::vector<ListEntry> list = band == Band::Top ? m_top : m_near;
        std::sort(list.begin(), list.end(), band == Band::Top ? strongerFirst : closerFirst);
        return list;
    }
    Stratum sample;
    for (const Stratum& stratum : m_samples)
        for (const Sampled& entry : stratum)
            if (isIn(band, entry.entry.value, maximum))
                sample.push_back(entry);
    std::sort(sample.begin(), sample.end(),
              [](const Sampled& a, const Sampled& b) { return a.shuffle < b.shuffle; });
    sample.resize(std::min(sample.size(), static_cast<std::size_t>(bandSentenceCount)));
    std::vector<ListEntry> list;
    for (Sampled& entry : sample)
        list.push_back(std::move(entry.entry));
    std::sort(list.begin(), list.end(), strongerFirst);
    return list;
}

}  // namespace saeception
