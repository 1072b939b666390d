// SPDX-License-Identifier: GPL-3.0-or-later
#include "features/feature_statistics.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>

namespace saeception {
namespace {

constexpr int fractionBits = 60;
constexpr auto bins = static_cast<std::size_t>(histogramBins);

}  // namespace

FeatureStatistics::FeatureStatistics(int features, int classes)
    : m_maximum(static_cast<std::size_t>(features)),
      m_sums(static_cast<std::size_t>(features) * static_cast<std::size_t>(classes)),
      m_sentenceSums(m_sums.size()),
      m_fires(m_sums.size()),
      m_histograms(m_sums.size() * bins),
      m_widths(static_cast<std::size_t>(features)),
      m_quantiles(static_cast<std::size_t>(features)),
      m_rowsPerClass(static_cast<std::size_t>(classes)),
      m_sentencesPerClass(static_cast<std::size_t>(classes)) {}

// A positive float below activationLimit in units of 2^-60 (rounded down). Sums of integers, unlike sums of
// floats, do not depend on the order; 2^28 of the largest still fit.
FeatureStatistics::Wide FeatureStatistics::toFixed(float value) {
    const auto bits = std::bit_cast<std::uint32_t>(value);
    const int exponent = static_cast<int>(bits >> 23);
    const Wide mantissa = (bits & 0x7FFFFFU) | (exponent > 0 ? 0x800000U : 0U);
    const int shift = std::max(exponent, 1) - 150 + fractionBits;
    if (shift >= 0)
        return mantissa << shift;
    return shift > -32 ? mantissa >> -shift : 0;
}

double FeatureStatistics::fromFixed(Wide value) {
    return std::ldexp(static_cast<double>(value), -fractionBits);
}

std::size_t FeatureStatistics::cell(int feature, int label) const {
    return static_cast<std::size_t>(feature) * m_rowsPerClass.size() + static_cast<std::size_t>(label);
}

void FeatureStatistics::add(int feature, int label, float value) {
    const auto f = static_cast<std::size_t>(feature);
    m_maximum[f] = std::max(m_maximum[f], value);
    m_sums[cell(feature, label)] += toFixed(value);
    ++m_fires[cell(feature, label)];
    m_quantiles[f].add(value);
    countInHistogram(feature, label, value);
}

void FeatureStatistics::addOfSentence(int feature, int label, float value) {
    m_sentenceSums[cell(feature, label)] += toFixed(value);
}

// Bins double their width, a power of two, whenever a value falls beyond the last: merging them in pairs is
// exact, so one pass needs no knowledge of the maximum.
void FeatureStatistics::countInHistogram(int feature, int label, float value) {
    const auto f = static_cast<std::size_t>(feature);
    if (!(value <= m_widths[f] * histogramBins))
        widen(f, value);
    const double position = value / m_widths[f];
    const auto below = static_cast<std::size_t>(position);
    ++m_histograms[cell(feature, label) * bins +
                   (static_cast<double>(below) == position ? below - 1 : below)];
}

void FeatureStatistics::widen(std::size_t feature, float value) {
    double& width = m_widths[feature];
    if (width == 0)
        width = std::exp2(std::floor(std::log2(static_cast<double>(value) / histogramBins)) - 1);
    const std::size_t classes = m_rowsPerClass.size();
    while (value > width * histogramBins) {
        for (std::size_t c = 0; c < classes; ++c) {
            std::uint32_t* const counts = m_histograms.data() + (feature * classes + c) * bins;
            for (std::size_t b = 0; b < bins; ++b)
                counts[b] = 2 * b + 1 < bins ? counts[2 * b] + counts[2 * b + 1] : 0;
        }
        width *= 2;
    }
}

std::int64_t FeatureStatistics::rows() const {
    return std::accumulate(m_rowsPerClass.begin(), m_rowsPerClass.end(), std::int64_t(0));
}

std::span<const std::int64_t> FeatureStatistics::firesPerClass(int feature) const {
    return std::span(m_fires).subspan(cell(feature, 0), m_rowsPerClass.size());
}

std::int64_t FeatureStatistics::fires(int feature) const {
    const auto counts = firesPerClass(feature);
    return std::accumulate(counts.begin(), counts.end(), std::int64_t(0));
}

std::vector<double> FeatureStatistics::sums(int feature) const {
    std::vector<double> sums;
    for (int c = 0; c < classes(); ++c)
        sums.push_back(fromFixed(m_sums[cell(feature, c)]));
    return sums;
}

double FeatureStatistics::sum(int feature) const {
    Wide total = 0;
    for (int c = 0; c < classes(); ++c)
        total += m_sums[cell(feature, c)];
    return fromFixed(total);
}

std::vector<float> FeatureStatistics::sentenceMeans(int feature) const {
    std::vector<float> means;
    for (int c = 0; c < classes(); ++c) {
        const auto count = static_cast<double>(m_sentencesPerClass[static_cast<std::size_t>(c)]);
        means.push_back(count > 0 ? static_cast<float>(fromFixed(m_sentenceSums[cell(feature, c)]) / count)
                                  : 0);
    }
    return means;
}

std::span<const std::uint32_t> FeatureStatistics::histogram(int feature) const {
    return std::span(m_histograms).subspan(cell(feature, 0) * bins, m_rowsPerClass.size() * bins);
}

}  // namespace saeception
