// SPDX-License-Identifier: GPL-3.0-or-later
// How sparse a code is and how evenly its features are used, accumulated over batches. Torch-free.
#pragma once

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

class SparsityStats {
public:
    explicit SparsityStats(std::int64_t features);
    /// @throws std::invalid_argument when the code has another number of features.
    void add(const SparseCode& code);

    std::int64_t rows() const { return m_rows; }
    /// Mean over rows of the number of active features; NaN for no rows (as all below).
    double meanL0() const;
    /// Mean over rows of the sum of |activation|.
    double meanL1() const;
    /// Share of rows on which each feature fires, [features], 0..1.
    std::vector<double> density() const;
    /// Mean density = L0 / features.
    double meanDensity() const;
    /// Share of the features that fired on no row, in %.
    double deadPct() const;
    /// Entropy of the firing counts normalised to 1, in nats: log(features) when all fire equally often. NaN
    /// if none ever fires.
    double usageEntropy() const;
    /// 24 bins, a quarter of a decade each, from 10^-6 to 1.
    DensityHistogram densityHistogram() const;
    /// Rows on which each feature fired, [features].
    const std::vector<std::int64_t>& firingCounts() const { return m_fires; }

private:
    std::int64_t m_rows = 0;
    std::int64_t m_nonZeros = 0;
    double m_absoluteSum = 0;
    std::vector<std::int64_t> m_fires;
};

}  // namespace saeception
