// SPDX-License-Identifier: GPL-3.0-or-later
#include "config/nearest.h"

#include <algorithm>
#include <limits>

namespace saeception {
namespace {

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

std::string_view lastPart(std::string_view name) {
    return name.substr(name.rfind('.') + 1);
}

}  // namespace

int editDistance(std::string_view a, std::string_view b) {
    std::vector<int> before(b.size() + 1);
    std::vector<int> above(b.size() + 1);
    std::vector<int> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j)
        above[j] = static_cast<int>(j);
    for (std::size_t i = 1; i <= a.size(); ++i) {
        row[0] = static_cast<int>(i);
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const int replace = above[j - 1] + (lower(a[i - 1]) == lower(b[j - 1]) ? 0 : 1);
            row[j] = std::min({above[j] + 1, row[j - 1] + 1, replace});
            if (i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) && lower(a[i - 2]) == lower(b[j - 1]))
                row[j] = std::min(row[j], before[j - 2] + 1);
        }
        std::swap(before, above);
        std::swap(above, row);
    }
    return above[b.size()];
}

std::string nearest(std::string_view word, std::span<const std::string> candidates) {
    int best = std::numeric_limits<int>::max();
    std::string_view found;
    for (const std::string& candidate : candidates) {
        int distance = editDistance(word, candidate);
        // "learning_rate" or "model.k" usually has the right last part under the wrong group.
        if (const std::string_view leaf = lastPart(candidate); leaf != candidate && !leaf.empty()) {
            const std::string_view typed = lastPart(word);
            const int leafDistance = editDistance(typed, leaf);
            if (leafDistance * 4 <= static_cast<int>(leaf.size()))
                distance = std::min(distance, leafDistance + 1);
        }
        if (distance < best) {
            best = distance;
            found = candidate;
        }
    }
    const int tolerance = std::max(2, static_cast<int>(word.size()) / 3);
    return best <= tolerance ? std::string(found) : std::string();
}

std::string didYouMean(std::string_view word, std::span<const std::string> candidates) {
    const std::string found = nearest(word, candidates);
    return found.empty() ? std::string() : " Did you mean '" + found + "'?";
}

}  // namespace saeception
