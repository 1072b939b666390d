// SPDX-License-Identifier: GPL-3.0-or-later
// Reproducible randomness: one run seed, a derived seed per purpose, and a generator whose numbers are the same everywhere.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string_view>
#include <utility>
#include <vector>

namespace saeception {

/// A seed for one purpose ("baseline", "data order", ...) and its indices (cycle, epoch), independent of all others
/// derived from the same run seed. FNV-1a over the name, mixed by splitmix64.
std::uint64_t deriveSeed(std::uint64_t seed, std::string_view purpose, std::initializer_list<std::int64_t> indices = {});

/// splitmix64 (Steele, Lea and Flood 2014). std::shuffle and the std distributions may differ between libraries; these do not.
class Rng {
public:
    explicit Rng(std::uint64_t seed) : m_state(seed) {}
    std::uint64_t next();
    /// Uniform in [0, bound), bound > 0, without modulo bias.
    std::uint64_t below(std::uint64_t bound);
    /// Uniform in [0, 1).
    double uniform();
    /// Standard normal (Box-Muller).
    double normal();

    template <typename T>
    void shuffle(std::vector<T>& values) {
        for (std::size_t i = values.size(); i > 1; --i)
            std::swap(values[i - 1], values[below(i)]);
    }

private:
    std::uint64_t m_state;
};

}  // namespace saeception
