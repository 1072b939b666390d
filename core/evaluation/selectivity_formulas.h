// SPDX-License-Identifier: GPL-3.0-or-later
// Class selectivity (CSI) and usefulness (U) of one feature, from its per-class sums and counts. Torch-free,
// header only.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>

namespace saeception {

/// Class selectivity index (Morcos et al. 2018): (mu_max - mu_rest) / (|mu_max| + |mu_rest|), where mu_max is
/// the largest class mean and mu_rest the mean over all rows of the other classes. 0 when both are 0 or only
/// one class has rows. activationSums[c]: sum of the activation over the rows of class c; rowsPerClass[c]:
/// their number. Classes without rows take no part.
inline double csi(std::span<const double> activationSums, std::span<const std::int64_t> rowsPerClass) {
    double best = 0;
    std::int64_t totalRows = 0;
    std::size_t bestClass = activationSums.size();
    for (std::size_t c = 0; c < activationSums.size(); ++c) {
        if (rowsPerClass[c] == 0)
            continue;
        const double mean = activationSums[c] / static_cast<double>(rowsPerClass[c]);
        if (bestClass == activationSums.size() || mean > best) {
            best = mean;
            bestClass = c;
        }
        totalRows += rowsPerClass[c];
    }
    if (bestClass == activationSums.size() || totalRows == rowsPerClass[bestClass])
        return 0;
    double restSum = 0;
    for (std::size_t c = 0; c < activationSums.size(); ++c)
        restSum += c == bestClass ? 0 : activationSums[c];
    const double rest = restSum / static_cast<double>(totalRows - rowsPerClass[bestClass]);
    const double scale = std::abs(best) + std::abs(rest);
    return scale > 0 ? (best - rest) / scale : 0;
}

/// Usefulness: I(fires; label) / H(label), 0..1, both in the same unit (so the log base cancels). 0 when
/// H(label) = 0. firesPerClass[c]: rows of class c on which the feature is above zero; rowsPerClass[c]: rows
/// of class c.
inline double usefulness(std::span<const std::int64_t> firesPerClass,
                         std::span<const std::int64_t> rowsPerClass) {
    const auto term = [](double p) { return p > 0 ? -p * std::log2(p) : 0.0; };
    std::int64_t fires = 0;
    std::int64_t rows = 0;
    for (std::size_t c = 0; c < rowsPerClass.size(); ++c) {
        fires += firesPerClass[c];
        rows += rowsPerClass[c];
    }
    const std::int64_t silent = rows - fires;
    double labelEntropy = 0;
    double conditional = 0;
    for (std::size_t c = 0; c < rowsPerClass.size(); ++c) {
        const auto on = static_cast<double>(firesPerClass[c]);
        const auto all = static_cast<double>(rowsPerClass[c]);
        const auto total = static_cast<double>(rows);
        if (all > 0)
            labelEntropy += term(all / total);
        if (fires > 0)
            conditional += static_cast<double>(fires) / total * term(on / static_cast<double>(fires));
        if (silent > 0)
            conditional +=
                static_cast<double>(silent) / total * term((all - on) / static_cast<double>(silent));
    }
    return labelEntropy > 0 ? std::clamp((labelEntropy - conditional) / labelEntropy, 0.0, 1.0) : 0;
}

}  // namespace saeception
