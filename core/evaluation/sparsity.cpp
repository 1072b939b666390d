// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluation/sparsity.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace saeception {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr int decades = 6;
constexpr int binsPerDecade = 2;

std::size_t index(std::int64_t i) {
    return static_cast<std::size_t>(i);
}

/// Mean and standard deviation of values that occur `count` times each.
struct Moments {
    void add(double value, double count) {
        if (count == 0)
            return;
        rows += count;
        const double shift = value - mean;
        mean += shift * count / rows;
        spread += count * shift * (value - mean);
    }
    double deviation() const { return std::sqrt(std::max(0.0, spread / rows)); }
    double rows = 0;
    double mean = 0;
    double spread = 0;
};

/// The least value that `share` of the rows do not exceed.
double quantile(const std::map<std::int32_t, std::int64_t>& rowsByValue, double share, std::int64_t rows) {
    std::int64_t below = 0;
    for (const auto& [value, count] : rowsByValue)
        if ((below += count) >= share * static_cast<double>(rows))
            return value;
    return nan;
}

}  // namespace

SparsityStats::SparsityStats(std::int64_t features) : m_features(index(features)) {}

void SparsityStats::add(const SparseCode& code, std::span<const std::int64_t> examples) {
    if (index(code.features) != m_features || index(code.rows()) != examples.size())
        throw std::invalid_argument("the code has another number of features, or its rows lack an example");
    std::vector<std::int32_t> rowsOf(m_features);  // of the example being read
    const auto close = [&](std::int64_t example) {
        const std::size_t first = m_offsets.back();
        std::sort(m_firedFeature.begin() + static_cast<std::ptrdiff_t>(first), m_firedFeature.end());
        for (std::size_t j = first; j < m_firedFeature.size(); ++j) {
            std::int32_t& rows = rowsOf[index(m_firedFeature[j])];
            m_firedRows.push_back(rows);
            rows = 0;
        }
        m_offsets.push_back(m_firedFeature.size());
        m_segments.push_back(example);
    };
    for (std::int64_t i = 0; i < code.rows(); ++i) {
        const SparseCode::Row row = code.row(i);
        double sum = 0;
        for (std::size_t j = 0; j < row.size(); ++j) {
            sum += std::abs(static_cast<double>(row.values[j]));
            if (rowsOf[index(row.columns[j])]++ == 0)
                m_firedFeature.push_back(row.columns[j]);
        }
        m_rowExample.push_back(examples[index(i)]);
        m_rowL0.push_back(static_cast<std::int32_t>(row.size()));
        m_rowL1.push_back(sum);
        if (i + 1 == code.rows() || examples[index(i + 1)] != examples[index(i)])
            close(examples[index(i)]);
    }
}

std::vector<std::int64_t> SparsityStats::firingCounts(Multiplicities times) const {
    std::vector<std::int64_t> counts(m_features);
    for (std::size_t s = 0; s < m_segments.size(); ++s) {
        const std::int64_t count = timesOf(times, index(m_segments[s]));
        if (count == 0)
            continue;
        for (std::size_t j = m_offsets[s]; j < m_offsets[s + 1]; ++j)
            counts[index(m_firedFeature[j])] += count * m_firedRows[j];
    }
    return counts;
}

SparsitySummary SparsityStats::summary(Multiplicities times) const {
    Moments l0;
    Moments l1;
    std::map<std::int32_t, std::int64_t> rowsByL0;
    std::int64_t rows = 0;
    for (std::size_t i = 0; i < m_rowL0.size(); ++i) {
        const std::int32_t count = timesOf(times, index(m_rowExample[i]));
        if (count == 0)
            continue;
        l0.add(m_rowL0[i], count);
        l1.add(m_rowL1[i], count);
        rowsByL0[m_rowL0[i]] += count;
        rows += count;
    }
    if (rows == 0 || m_features == 0)
        return {nan, nan, nan, nan, nan, nan, nan, nan, nan, nan, nan};
    const std::vector<std::int64_t> fires = firingCounts(times);
    std::int64_t total = 0;
    for (const std::int64_t count : fires)
        total += count;
    double entropy = total == 0 ? nan : 0;
    for (const std::int64_t count : fires) {
        const double share =
            static_cast<double>(count) / static_cast<double>(std::max<std::int64_t>(1, total));
        entropy -= share > 0 ? share * std::log(share) : 0;
    }
    SparsitySummary summary;
    const auto features = static_cast<double>(m_features);
    summary.l0Mean = static_cast<double>(total) / static_cast<double>(rows);
    summary.l0Std = l0.deviation();
    summary.l0Low = quantile(rowsByL0, 0.05, rows);
    summary.l0Median = quantile(rowsByL0, 0.5, rows);
    summary.l0High = quantile(rowsByL0, 0.95, rows);
    summary.l1Mean = l1.mean;
    summary.l1Std = l1.deviation();
    summary.densityMean = summary.l0Mean / features;
    summary.deadPct = 100.0 * static_cast<double>(std::count(fires.begin(), fires.end(), 0)) / features;
    summary.usageEntropy = entropy;
    summary.usageEntropyNormalised = m_features > 1 ? entropy / std::log(features) : nan;
    return summary;
}

std::vector<double> SparsityStats::density() const {
    std::vector<double> result;
    for (const std::int64_t fires : firingCounts())
        result.push_back(rows() == 0 ? nan : static_cast<double>(fires) / static_cast<double>(rows()));
    return result;
}

DensityHistogram SparsityStats::densityHistogram() const {
    constexpr int bins = decades * binsPerDecade;
    DensityHistogram histogram;
    histogram.counts.resize(bins);
    for (int edge = 0; edge <= bins; ++edge)
        histogram.edges.push_back(static_cast<double>(edge) / binsPerDecade - decades);
    for (const std::int64_t fires : firingCounts()) {
        if (fires == 0) {
            ++histogram.dead;
            continue;
        }
        const double position = std::log10(static_cast<double>(fires) / static_cast<double>(rows()));
        const double bin = std::ceil((position + decades) * binsPerDecade) - 1;
        ++histogram.counts[static_cast<std::size_t>(std::clamp(bin, 0.0, bins - 1.0))];
    }
    return histogram;
}

}  // namespace saeception
