// SPDX-License-Identifier: GPL-3.0-or-later
#include "features/firing_sample.h"

#include <algorithm>

namespace saeception {

void FiringSample::add(SentenceKey sentence, SparseCode code) {
    const std::uint64_t shuffle = shuffleOf(sentence);
    if (!fits(shuffle))
        return;
    m_entries += code.nonZeros();
    m_kept.push_back({sentence, shuffle, std::move(code)});
    while (m_entries > m_most && m_halvings < 63) {
        ++m_halvings;
        std::erase_if(m_kept, [&](const Kept& kept) {
            if (fits(kept.shuffle))
                return false;
            m_entries -= kept.code.nonZeros();
            return true;
        });
    }
}

FiringSample::Sentences FiringSample::sorted() const {
    std::vector<const Kept*> order;
    for (const Kept& kept : m_kept)
        order.push_back(&kept);
    std::sort(order.begin(), order.end(), [](const Kept* a, const Kept* b) { return a->key < b->key; });
    Sentences result;
    result.code.features = m_features;
    result.offsets.push_back(0);
    for (const Kept* kept : order) {
        result.keys.push_back(kept->key);
        result.code.append(kept->code);
        result.offsets.push_back(result.code.rows());
    }
    return result;
}

}  // namespace saeception
