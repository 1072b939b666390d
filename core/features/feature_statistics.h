// SPDX-License-Identifier: GPL-3.0-or-later
// What is counted and summed of every feature in one pass over its activations. Torch-free.
#pragma once

#include "features/log_histogram.h"

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

namespace saeception {

inline constexpr int histogramBins = 40;  ///< at most; see FeatureIndex::histogram
/// Of which the index tells the quantiles, of the activations where a feature fires.
inline constexpr double quantileShares[] = {0.25, 0.5, 0.75, 0.9, 0.99};
inline constexpr int quantileCount = 5;

/// Activations lie in (0, 2^40). The results do not depend on the order in which they are added, to the last
/// bit.
class FeatureStatistics {
public:
    FeatureStatistics(int features, int classes);

    static constexpr float activationLimit = 0x1p40F;

    /// A row (token) of a sentence of class `label` was read.
    void addRow(int label) { ++m_rowsPerClass[static_cast<std::size_t>(label)]; }
    /// `feature` fires on a row of class `label`.
    void add(int feature, int label, float value);
    /// The same of the last token of a training sentence, beside add().
    void addSentence(int label) { ++m_sentencesPerClass[static_cast<std::size_t>(label)]; }
    void addOfSentence(int feature, int label, float value);

    int features() const { return static_cast<int>(m_maximum.size()); }
    int classes() const { return static_cast<int>(m_rowsPerClass.size()); }
    std::span<const std::int64_t> rowsPerClass() const { return m_rowsPerClass; }
    std::int64_t rows() const;
    std::span<const float> maximum() const { return m_maximum; }

    // Of one feature.
    std::int64_t fires(int feature) const;
    std::span<const std::int64_t> firesPerClass(int feature) const;  ///< [classes]
    /// Sum of its activations over the rows of each class, [classes].
    std::vector<double> sums(int feature) const;
    /// Sum over all rows, rounded once.
    double sum(int feature) const;
    /// Mean activation at the last token over the training sentences of each class, [classes], zeros
    /// included: what sharpening per class ranks features by.
    std::vector<float> sentenceMeans(int feature) const;
    /// Counts of its activations for each class, [classes x histogramBins], and the width of a bin.
    std::span<const std::uint32_t> histogram(int feature) const;
    double histogramWidth(int feature) const { return m_widths[static_cast<std::size_t>(feature)]; }
    /// Within 1/64 of its value and never above the largest; NaN of a feature that never fires.
    float quantile(int feature, double share) const {
        const auto at = static_cast<std::size_t>(feature);
        return std::min(m_quantiles[at].quantile(share), m_maximum[at]);
    }

private:
    __extension__ typedef unsigned __int128 Wide;
    static Wide toFixed(float value);
    static double fromFixed(Wide value);
    std::size_t cell(int feature, int label) const;
    void countInHistogram(int feature, int label, float value);
    void widen(std::size_t feature, float value);

    std::vector<float> m_maximum;              // [features]
    std::vector<Wide> m_sums;                  // [features x classes]
    std::vector<Wide> m_sentenceSums;          // [features x classes]
    std::vector<std::int64_t> m_fires;         // [features x classes]
    std::vector<std::uint32_t> m_histograms;   // [features x classes x histogramBins]
    std::vector<double> m_widths;              // [features]
    std::vector<LogHistogram> m_quantiles;     // [features]
    std::vector<std::int64_t> m_rowsPerClass;  // [classes]
    std::vector<std::int64_t> m_sentencesPerClass;
};

}  // namespace saeception
