// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/random.h"

#include <cmath>
#include <numbers>

namespace saeception {
namespace {

std::uint64_t mix(std::uint64_t z) {
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
    return z ^ (z >> 31);
}

}  // namespace

std::uint64_t deriveSeed(std::uint64_t seed, std::string_view purpose, std::initializer_list<std::int64_t> indices) {
    std::uint64_t hash = 0xCBF29CE484222325ULL;
    for (const char c : purpose)
        hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3ULL;
    std::uint64_t result = mix(seed + 0x9E3779B97F4A7C15ULL) ^ mix(hash);
    for (const std::int64_t index : indices)
        result = mix(result + 0x9E3779B97F4A7C15ULL + static_cast<std::uint64_t>(index));
    return mix(result);
}

std::uint64_t Rng::next() { return mix(m_state += 0x9E3779B97F4A7C15ULL); }

std::uint64_t Rng::below(std::uint64_t bound) {
    const std::uint64_t limit = bound * (UINT64_MAX / bound);
    std::uint64_t value = next();
    while (value >= limit)
        value = next();
    return value % bound;
}

double Rng::uniform() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }

double Rng::normal() {
    const double radius = std::sqrt(-2.0 * std::log(1.0 - uniform()));
    return radius * std::cos(2.0 * std::numbers::pi * uniform());
}

}  // namespace saeception
