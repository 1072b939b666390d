// SPDX-License-Identifier: GPL-3.0-or-later
// The feature index of one cycle, memory-mapped: what every SAE feature responds to and what it does.
// Torch-free; the window reads it directly.
#pragma once

#include "base/error.h"
#include "features/companions.h"
#include "features/feature_statistics.h"
#include "features/index_origin.h"
#include "features/sentence_lists.h"

#include <cstdint>
#include <filesystem>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace saeception {

struct MappedIndex;

/// The index cannot be used as it is: from another version, cut short, damaged, or of other checkpoints. To
/// be built anew.
class UnusableIndex : public UserError {
public:
    using UserError::UserError;
};

/// One sentence with a feature's activation on every token.
struct ShadedSentence {
    std::int64_t example = 0;  ///< id within its split
    SplitKind split = SplitKind::Train;
    int label = 0;
    int prediction = 0;     ///< of this cycle's model
    float peak = 0;         ///< largest activation in the sentence; of a near miss how much it lacked
    int peakToken = 0;      ///< where that is
    bool nearMiss = false;  ///< the feature fires nowhere in it
    std::vector<std::string> tokens;  ///< token bytes as valid UTF-8 (invalid bytes become U+FFFD)
    std::vector<float>
        activations;  ///< one per token; NaN where the token is not SAE data (skipped first token)
};

/// A sentence of the data set as the index holds it.
struct IndexedSentence {
    std::int64_t example = 0;
    SplitKind split = SplitKind::Train;
    int label = 0;
    int firstToken = 0;                    ///< its first token that is SAE data; those before it have no code
    std::span<const std::int32_t> tokens;  ///< vocabulary ids
    std::span<const float> logits;         ///< of this cycle's model, [classes]
    int prediction() const;                ///< the class with the largest logit, the first of equal ones
    double probability(int label) const;   ///< softmax
    double loss() const;                   ///< -log probability(label), nats
};

/// A vocabulary token whose logit a feature changes on the direct path.
struct TokenEffect {
    std::string text;  ///< as ShadedSentence::tokens
    float logit = 0;   ///< for each unit of activation
};

struct NeighbourFeature {
    int feature = 0;
    float cosine = 0;  ///< of the decoder directions
};

/// How well a feature detects a known concept by firing, over the validation tokens.
struct ConceptMatch {
    int conceptId = 0;
    int feature = -1;  ///< -1: no feature fires on it
    double precision = 0, recall = 0, f1 = 0;
    double auroc = 0;  ///< of the concept's best feature only, else NaN
};

/// The codes of a sample of sentences, by which features of two cycles are compared.
struct SampleView {
    std::span<const std::int32_t> sentences;  ///< index of each among the index's sentences, ascending
    std::span<const std::int64_t> rows;       ///< tokens of sentence s: [rows[s], rows[s + 1])
    std::span<const std::int64_t> offsets;    ///< entries of token r: [offsets[r], offsets[r + 1])
    std::span<const std::int32_t> features;
    std::span<const float> values;
};

/// Immutable; may be read from several threads. Rows are all SAE-data tokens (or sentences) of both splits.
class FeatureIndex {
public:
    /// Maps the file and checks all that is relied on later: version, sizes, offsets and ids. @throws
    /// UnusableIndex naming the file and the remedy: the command line that builds the index anew.
    static FeatureIndex open(const std::filesystem::path& file,
                             const std::string& remedy = "saeception features build");
    ~FeatureIndex();
    FeatureIndex(FeatureIndex&&) noexcept;
    FeatureIndex& operator=(FeatureIndex&&) noexcept;

    const IndexOrigin& origin() const;
    int featureCount() const;
    int classCount() const;
    int cycle() const;
    std::int64_t rowCount() const;
    std::span<const std::int64_t> rowsPerClass() const;  ///< [classes]
    const std::vector<std::string>& classNames() const;
    const std::vector<std::string>& conceptNames() const;  ///< empty where none are known

    // One value a feature.
    std::span<const std::int64_t> fires() const;  ///< rows on which it fires
    std::span<const float> density() const;       ///< share of rows on which it fires, 0..1
    std::span<const float> meanActivation()
        const;  ///< over the rows on which it fires; 0 for a feature that never fires
    std::span<const float> maxActivation() const;
    std::span<const float> csi() const;  ///< class selectivity (DESIGN: Metrics); NaN when it never fires
    std::span<const float> usefulness() const;  ///< U = I(fires; label) / H(label), 0..1
    /// Mean activation over all rows of class c (zeros included); [featureCount x classes] row-major.
    std::span<const float> classMean() const;
    /// Mean activation at the last token of the training sentences of class c (zeros included), [featureCount
    /// x classes]: what sharpening per class ranks features by.
    std::span<const float> sentenceMean() const;
    /// Change of the logit of class c for each unit of activation, on the direct path through ln_f,
    /// [featureCount x classes].
    std::span<const float> classEffect() const;
    /// Where the feature lies on the map of decoder directions, x and y in [-1, 1], [featureCount x 2]; NaN
    /// for features that never fire.
    std::span<const float> positions() const;
    bool isAlive(int feature) const { return fires()[static_cast<std::size_t>(feature)] > 0; }
    /// The class with the largest mean activation, the first of equal ones; -1 for a feature that never
    /// fires.
    int strongestClass(int feature) const;

    /// The class whose logit the feature raises most; -1 where effects are not known.
    int favouredClass(int feature) const;
    /// By how much it raises that class's logit above the mean of the others', for each unit of activation;
    /// of two classes the change of their difference. NaN where effects are not known.
    float effectContrast(int feature) const;
    /// The same with a sign where there are two classes: how much it raises the second class's logit above
    /// the first's, below 0 where it does the opposite. Of more classes effectContrast().
    float signedEffect(int feature) const;

    /// Of its activations where it fires, at quantileShares, each within 1/64 of its value, [quantileCount];
    /// NaN for a feature that never fires.
    std::span<const float> quantiles(int feature) const;
    /// Counts of the non-zero activations in bins of equal width over (0, upper end of the last bin]. The
    /// width is the smallest power of two for which histogramBins bins reach maxActivation, and the last bin
    /// returned is the one that holds maxActivation: 21 to 40 bins. Bin b counts b * width < activation <= (b
    /// + 1) * width, exactly. Empty for a feature that never fires.
    std::vector<std::uint32_t> histogram(int feature) const;
    /// The same of the rows of one class, as many bins.
    std::vector<std::uint32_t> histogram(int feature, int label) const;
    /// Edges of those bins, ascending from 0: histogram(feature).size() + 1 of them, or none for a feature
    /// that never fires.
    std::vector<float> histogramEdges(int feature) const;

    /// The sentences of one of a feature's lists (Band), in the order in which they are shown.
    std::vector<ShadedSentence> sentences(int feature, Band band,
                                          int most = std::numeric_limits<int>::max()) const;
    int sentenceCount(int feature, Band band) const;
    /// Which of the index's sentences they are, in the same order.
    std::span<const std::int32_t> listed(int feature, Band band) const;

    /// The tokens at which its top sentences peak, without the spaces before them, each once, `most` and five
    /// at most: what it fires on in a few words. First those of the largest count times the squared logarithm
    /// of their share of all tokens: else commas and articles stand before what a feature is about.
    std::vector<std::string> peakTokens(int feature, int most) const;

    std::vector<TokenEffect> topTokens(int feature) const;     ///< raised most, the largest first
    std::vector<TokenEffect> bottomTokens(int feature) const;  ///< lowered most, the lowest first
    std::vector<NeighbourFeature> neighbours(int feature) const;
    std::vector<Companion> companions(int feature) const;
    double meanActive() const;         ///< L0: features that fire on a token, on average
    std::int64_t sampledRows() const;  ///< tokens over which companions are counted

    /// Of one feature with every concept on which it fires, the best F1 first.
    std::vector<ConceptMatch> conceptsOf(int feature) const;
    /// Of every concept its best feature, [concepts].
    std::vector<ConceptMatch> bestForConcepts() const;

    /// The features that sharpening kept for `label` to make the next cycle, of whose index `next` tells
    /// (sharpening.type=per_class), by their mean at the last token, the largest first; empty for other
    /// strategies.
    std::vector<int> salientFeatures(int label, const IndexOrigin& next) const;

    /// All sentences of both splits, by (split, example).
    int sentenceCount() const;
    IndexedSentence sentence(int position) const;
    std::string sentenceText(int position) const;  ///< valid UTF-8
    std::optional<int> positionOf(SplitKind split, std::int64_t example) const;
    std::string tokenText(std::int32_t id) const;  ///< as ShadedSentence::tokens

    SampleView sample() const;

private:
    explicit FeatureIndex(std::unique_ptr<MappedIndex> index);
    ShadedSentence shaded(std::int64_t entry, Band band) const;
    std::vector<TokenEffect> tokenEffects(std::span<const std::int32_t> ids, std::span<const float> logits,
                                          int feature) const;
    std::unique_ptr<MappedIndex> m_index;
};

}  // namespace saeception
