// SPDX-License-Identifier: GPL-3.0-or-later
// The feature index of one cycle, memory-mapped: what every SAE feature responds to. Torch-free; the window
// reads it directly.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace saeception {

inline constexpr int topSentenceCount = 20;
inline constexpr int histogramBins = 40;  ///< at most; see FeatureIndex::histogram

enum class SplitKind : std::uint8_t { Train = 0, Validation = 1 };

/// One sentence that drives a feature, with the feature's activation on every token.
struct TopSentence {
    std::int64_t example = 0;  ///< id within its split
    SplitKind split = SplitKind::Train;
    int label = 0;
    int prediction = 0;  ///< of this cycle's model
    float peak = 0;      ///< largest activation in the sentence
    int peakToken = 0;
    std::vector<std::string> tokens;  ///< token bytes as valid UTF-8 (invalid bytes become U+FFFD)
    std::vector<float>
        activations;  ///< one per token; NaN where the token is not SAE data (skipped first token)
};

/// Immutable; may be read from several threads. Rows are all SAE-data tokens (or sentences) of both splits.
class FeatureIndex {
public:
    /// Maps the file and checks all that is relied on later: version, sizes, offsets and ids. @throws
    /// UserError naming the file and the remedy.
    static FeatureIndex open(const std::filesystem::path& file);
    ~FeatureIndex();
    FeatureIndex(FeatureIndex&&) noexcept;
    FeatureIndex& operator=(FeatureIndex&&) noexcept;

    int featureCount() const;
    int cycle() const;
    std::int64_t rowCount() const;
    std::span<const std::int64_t> rowsPerClass() const;  ///< [classes]
    const std::vector<std::string>& classNames() const;

    // One value a feature.
    std::span<const float> density() const;  ///< share of rows on which it fires, 0..1
    std::span<const float> meanActivation()
        const;  ///< over the rows on which it fires; 0 for a feature that never fires
    std::span<const float> maxActivation() const;
    std::span<const float> csi() const;  ///< class selectivity (DESIGN: Metrics); NaN when it never fires
    std::span<const float> usefulness() const;  ///< U = I(fires; label) / H(label), 0..1
    /// Mean activation over all rows of class c (zeros included); [featureCount x classes] row-major.
    std::span<const float> classMean() const;

    /// Counts of the non-zero activations in bins of equal width over (0, upper end of the last bin]. The
    /// width is the smallest power of two for which histogramBins bins reach maxActivation, and the last bin
    /// returned is the one that holds maxActivation: 21 to 40 bins. Bin b counts b * width < activation <= (b
    /// + 1) * width, exactly. Empty for a feature that never fires.
    std::span<const std::uint32_t> histogram(int feature) const;
    /// Edges of those bins, ascending from 0: histogram(feature).size() + 1 of them, or none for a feature
    /// that never fires.
    std::vector<float> histogramEdges(int feature) const;

    /// Up to topSentenceCount distinct sentences, largest peak first; ties by (split, example). Empty if it
    /// never fires.
    std::vector<TopSentence> topSentences(int feature) const;

private:
    struct Impl;
    explicit FeatureIndex(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

}  // namespace saeception
