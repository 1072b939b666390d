// SPDX-License-Identifier: GPL-3.0-or-later
// How close every feature came to firing in a sentence, from the pre-activations of its tokens. Torch-free.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace saeception {

/// One sentence at a time. The margin of a feature on a token is its pre-activation less what it must exceed
/// to fire: above 0 where it fires, else how much it lacks.
class NearestTokens {
public:
    explicit NearestTokens(int features);

    /// The next sentence begins.
    void begin();
    /// The token at position `token` of the sentence. preActivations: [features]; thresholds: one for all
    /// features, or one for each.
    void add(const float* preActivations, float threshold, std::uint16_t token);
    void add(const float* preActivations, std::span<const float> thresholds, std::uint16_t token);

    /// The largest margin of each feature over the tokens so far, [features], -infinity where there were
    /// none; and the token, the first of equal ones.
    std::span<float> margins() { return m_margins; }
    std::span<const std::int32_t> tokens() const { return m_tokens; }

private:
    std::vector<float> m_margins;
    std::vector<std::int32_t> m_tokens;
};

/// Calls visit(f) for each feature with margins[f] >= bars[f], ascending; both [features].
template <typename Visit>
void forEachAbove(std::span<const float> margins, std::span<const float> bars, const Visit& visit) {
    constexpr std::size_t step = 16;  // few pass: whole groups are passed over by one comparison each
    std::size_t f = 0;
    for (; f + step <= margins.size(); f += step) {
        int any = 0;
        for (std::size_t i = f; i < f + step; ++i)
            any |= margins[i] >= bars[i] ? 1 : 0;
        for (std::size_t i = f; any != 0 && i < f + step; ++i)
            if (margins[i] >= bars[i])
                visit(static_cast<int>(i));
    }
    for (; f < margins.size(); ++f)
        if (margins[f] >= bars[f])
            visit(static_cast<int>(f));
}

}  // namespace saeception
