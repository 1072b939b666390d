// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/fingerprint.h"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <bit>
#include <cstring>

namespace saeception {
namespace {

// Both steps are bijections of the state for a given word and of the word for a given state, so no single
// change can vanish; the multiplier spreads every bit upwards and the rotation brings it back down.
std::uint64_t absorb(std::uint64_t state, std::uint64_t word, std::uint64_t multiplier, int turn) {
    return std::rotl((state ^ word) * multiplier, turn) + 0x9E3779B97F4A7C15ULL;
}

std::uint64_t finish(std::uint64_t z) {
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
    return z ^ (z >> 31);
}

}  // namespace

void Fingerprint::add(std::span<const std::byte> bytes) {
    const auto take = [this](std::uint64_t word) {
        m_low = absorb(m_low, word, 0xFF51AFD7ED558CCDULL, 29);
        m_high = absorb(m_high, word, 0xC4CEB9FE1A85EC53ULL, 37);
    };
    take(bytes.size());
    for (std::size_t i = 0; i < bytes.size(); i += sizeof(std::uint64_t)) {
        std::uint64_t word = 0;
        std::memcpy(&word, bytes.data() + i, std::min(sizeof word, bytes.size() - i));
        take(word);
    }
}

std::string Fingerprint::text() const {
    return fmt::format("{:016x}{:016x}", finish(m_low ^ std::rotl(m_high, 32)), finish(m_high));
}

}  // namespace saeception
