// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluation/sparsity.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

namespace saeception {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr int decades = 6;
constexpr int binsPerDecade = 4;

}  // namespace

SparsityStats::SparsityStats(std::int64_t features) : m_fires(static_cast<std::size_t>(features)) {}

void SparsityStats::add(const SparseCode& code) {
    if (code.features != static_cast<std::int64_t>(m_fires.size()))
        throw std::invalid_argument("the code has another number of features");
    m_rows += code.rows();
    m_nonZeros += code.nonZeros();
    for (std::size_t j = 0; j < code.columns.size(); ++j) {
        ++m_fires[static_cast<std::size_t>(code.columns[j])];
        m_absoluteSum += std::abs(static_cast<double>(code.values[j]));
    }
}

double SparsityStats::meanL0() const {
    return m_rows == 0 ? nan : static_cast<double>(m_nonZeros) / static_cast<double>(m_rows);
}

double SparsityStats::meanL1() const {
    return m_rows == 0 ? nan : m_absoluteSum / static_cast<double>(m_rows);
}

std::vector<double> SparsityStats::density() const {
    std::vector<double> result(m_fires.size(), nan);
    for (std::size_t f = 0; f < result.size() && m_rows > 0; ++f)
        result[f] = static_cast<double>(m_fires[f]) / static_cast<double>(m_rows);
    return result;
}

double SparsityStats::meanDensity() const {
    return m_fires.empty() ? nan : meanL0() / static_cast<double>(m_fires.size());
}

double SparsityStats::deadPct() const {
    if (m_rows == 0 || m_fires.empty())
        return nan;
    return 100.0 * static_cast<double>(std::count(m_fires.begin(), m_fires.end(), 0)) /
           static_cast<double>(m_fires.size());
}

double SparsityStats::usageEntropy() const {
    if (m_nonZeros == 0)
        return nan;
    double entropy = 0;
    for (const std::int64_t fires : m_fires) {
        const double share = static_cast<double>(fires) / static_cast<double>(m_nonZeros);
        entropy -= share > 0 ? share * std::log(share) : 0;
    }
    return entropy;
}

DensityHistogram SparsityStats::densityHistogram() const {
    constexpr int bins = decades * binsPerDecade;
    DensityHistogram histogram;
    histogram.counts.resize(bins);
    for (int edge = 0; edge <= bins; ++edge)
        histogram.edges.push_back(static_cast<double>(edge) / binsPerDecade - decades);
    for (const std::int64_t fires : m_fires) {
        if (fires == 0) {
            ++histogram.dead;
            continue;
        }
        const double position = std::log10(static_cast<double>(fires) / static_cast<double>(m_rows));
        const double bin = std::ceil((position + decades) * binsPerDecade) - 1;
        ++histogram.counts[static_cast<std::size_t>(std::clamp(bin, 0.0, bins - 1.0))];
    }
    return histogram;
}

}  // namespace saeception
