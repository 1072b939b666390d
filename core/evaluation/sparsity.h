// SPDX-License-Identifier: GPL-3.0-or-later
// How sparse a code is and how evenly its features are used, accumulated over batches, recounted over
// examples. Torch-free.
#pragma once

#include "evaluation/multiplicities.h"
#include "sae/sparse_code.h"

#include <cstdint>
#include <vector>

namespace saeception {

/// Features by the share of rows on which they fire, in bins of equal width in log10.
struct DensityHistogram {
    std::vector<double>
        edges;  ///< log10 of the density, [bins + 1], ascending, the last 0 (fires on every row)
    std::vector<std::int64_t>
        counts;  ///< features with edges[b] < log10(density) <= edges[b + 1]; the first also takes all below
    std::int64_t dead = 0;  ///< features that never fired, in no bin
};

/// All NaN where there are no rows.
struct SparsitySummary {
    double l0Mean = 0;  ///< active features a row
    double l0Std = 0;   ///< of the population of rows, as l1Std
    /// The least L0 that 5 %, 50 % and 95 % of the rows do not exceed.
    double l0Low = 0;
    double l0Median = 0;
    double l0High = 0;
    double l1Mean = 0;  ///< sum of |activation| a row
    double l1Std = 0;
    double densityMean = 0;  ///< share of rows on which a feature fires, mean over features: L0 / features
    double deadPct = 0;      ///< share of the features that fire on no row, in %
    /// Entropy of the firing counts normalised to 1, in nats: log(features) when all fire equally often. NaN
    /// if none ever fires.
    double usageEntropy = 0;
    double usageEntropyNormalised = 0;  ///< over log(features), 0..1; NaN for a single feature
};

/// Rows belong to examples (tokens to sentences); an example's rows follow one another.
class SparsityStats {
public:
    explicit SparsityStats(std::int64_t features);
    /// examples: the example of each row of `code`.
    /// @throws std::invalid_argument when the code has another number of features, or rows lack an example.
    void add(const SparseCode& code, std::span<const std::int64_t> examples);

    std::int64_t rows() const { return static_cast<std::int64_t>(m_rowExample.size()); }
    /// Every example counts `times`, [examples].
    SparsitySummary summary(Multiplicities times = {}) const;
    /// Rows on which each feature fired, [features].
    std::vector<std::int64_t> firingCounts(Multiplicities times = {}) const;
    /// Share of rows on which each feature fires, [features], 0..1; NaN for no rows.
    std::vector<double> density() const;
    /// 12 bins, half a decade each, from 10^-6 to 1.
    DensityHistogram densityHistogram() const;

private:
    std::size_t m_features;
    // Per row.
    std::vector<std::int64_t> m_rowExample;
    std::vector<std::int32_t> m_rowL0;
    std::vector<double> m_rowL1;
    // Firing counts of one example after the other, only of features that fire on it: entries offsets[s] ..
    // offsets[s + 1] belong to example segments[s].
    std::vector<std::int64_t> m_segments;
    std::vector<std::size_t> m_offsets{0};
    std::vector<std::int32_t> m_firedFeature;
    std::vector<std::int32_t> m_firedRows;
};

}  // namespace saeception
