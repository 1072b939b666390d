// SPDX-License-Identifier: GPL-3.0-or-later
#include "data/bpe_merges.h"

#include "data/byte_symbols.h"

#include <algorithm>
#include <bit>
#include <functional>
#include <queue>
#include <utility>

namespace saeception {
namespace {

constexpr std::size_t shortPiece = 64;

}  // namespace

BpeMerges::BpeMerges(const BpeModel& model) {
    for (std::size_t id = 0; id < model.bytes.size(); ++id)
        if (model.bytes[id].size() == 1 && model.symbols[id] == toSymbols(model.bytes[id]))
            m_byteIds[static_cast<unsigned char>(model.bytes[id][0])] = static_cast<std::int32_t>(id);
    const std::size_t capacity = std::bit_ceil(std::max<std::size_t>(16, model.merges.size() * 2));
    m_table.resize(capacity);
    m_mask = capacity - 1;
    m_shift = 64 - std::countr_zero(capacity);
    std::int32_t rank = 0;
    for (const BpeMerge& merge : model.merges) {
        const std::uint64_t key = pairKey(merge.left, merge.right);
        std::size_t slot = home(key);
        while (m_table[slot].rank >= 0)
            slot = (slot + 1) & m_mask;
        m_table[slot] = {key, rank++, merge.product};
    }
}

const BpeMerges::Entry& BpeMerges::find(std::int32_t left, std::int32_t right) const {
    const std::uint64_t key = pairKey(left, right);
    for (std::size_t slot = home(key);; slot = (slot + 1) & m_mask) {
        const Entry& entry = m_table[slot];
        if (entry.key == key)
            return entry;
        if (entry.rank < 0)
            return m_none;
    }
}

void BpeMerges::encode(std::string_view piece, std::vector<std::int32_t>& ids) const {
    if (piece.size() > shortPiece) {
        encodeLong(piece, ids);
        return;
    }
    std::array<std::int32_t, shortPiece> symbols;
    std::array<const Entry*, shortPiece> pairs;  // pairs[i] joins symbols i and i + 1
    std::size_t count = piece.size();
    for (std::size_t i = 0; i < count; ++i)
        symbols[i] = m_byteIds[static_cast<unsigned char>(piece[i])];
    for (std::size_t i = 0; i + 1 < count; ++i)
        pairs[i] = &find(symbols[i], symbols[i + 1]);
    while (count > 1) {
        std::size_t best = 0;
        for (std::size_t i = 1; i + 1 < count; ++i)
            if (pairs[i]->rank < pairs[best]->rank)
                best = i;
        if (pairs[best]->rank == noRank)
            break;
        symbols[best] = pairs[best]->product;
        std::copy(symbols.begin() + best + 2, symbols.begin() + count, symbols.begin() + best + 1);
        std::copy(pairs.begin() + best + 1, pairs.begin() + (count - 1), pairs.begin() + best);
        --count;
        if (best > 0)
            pairs[best - 1] = &find(symbols[best - 1], symbols[best]);
        if (best + 1 < count)
            pairs[best] = &find(symbols[best], symbols[best + 1]);
    }
    ids.insert(ids.end(), symbols.begin(), symbols.begin() + count);
}

void BpeMerges::encodeLong(std::string_view piece, std::vector<std::int32_t>& ids) const {
    struct Node {
        std::int32_t id;
        std::uint32_t previous;
        std::uint32_t next;
    };
    constexpr std::uint32_t none = UINT32_MAX;
    constexpr std::int32_t removed = -1;
    const auto size = static_cast<std::uint32_t>(piece.size());
    std::vector<Node> nodes(size);
    // Rank in the high half and position in the low one, so that the smallest is the lowest, leftmost pair.
    std::priority_queue<std::uint64_t, std::vector<std::uint64_t>, std::greater<>> queue;
    const auto offer = [&](std::uint32_t at) {
        if (at == none || nodes[at].next == none)
            return;
        const Entry& entry = find(nodes[at].id, nodes[nodes[at].next].id);
        if (entry.rank != noRank)
            queue.push((static_cast<std::uint64_t>(entry.rank) << 32) | at);
    };
    for (std::uint32_t i = 0; i < size; ++i)
        nodes[i] = {m_byteIds[static_cast<unsigned char>(piece[i])], i == 0 ? none : i - 1,
                    i + 1 < size ? i + 1 : none};
    for (std::uint32_t i = 0; i < size; ++i)
        offer(i);
    while (!queue.empty()) {
        const std::uint64_t top = queue.top();
        queue.pop();
        const auto at = static_cast<std::uint32_t>(top);
        Node& node = nodes[at];
        if (node.id == removed || node.next == none)
            continue;
        // An offer outlives the pair it was made for; only a pair that still has this rank is merged.
        const Entry& entry = find(node.id, nodes[node.next].id);
        if (entry.rank != static_cast<std::int32_t>(top >> 32))
            continue;
        Node& right = nodes[node.next];
        node.id = entry.product;
        node.next = right.next;
        right.id = removed;
        if (node.next != none)
            nodes[node.next].previous = at;
        offer(node.previous);
        offer(at);
    }
    for (std::uint32_t at = 0; at != none; at = nodes[at].next)
        ids.push_back(nodes[at].id);
}

}  // namespace saeception
