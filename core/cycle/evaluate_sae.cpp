// SPDX-License-Identifier: GPL-3.0-or-later
#include "cycle/evaluate_sae.h"

#include "evaluation/concepts.h"
#include "evaluation/reconstruction.h"
#include "evaluation/sparsity.h"

#include <algorithm>

namespace saeception {
namespace {

constexpr std::int64_t rowsPerBlock = 8192;

/// The sentence of every token.
std::vector<std::int64_t> sentenceOfToken(const TokenizedSplit& split) {
    std::vector<std::int64_t> sentences(static_cast<std::size_t>(split.tokens()));
    for (std::int64_t s = 0; s < split.rows(); ++s)
        std::fill(sentences.begin() + split.offsets[static_cast<std::size_t>(s)],
                  sentences.begin() + split.offsets[static_cast<std::size_t>(s) + 1], s);
    return sentences;
}

void addSparsity(MetricCollector& metrics, const SparsityStats& sparsity) {
    metrics.add({"sae_l0", "sae_density_mean", "sparsity_l0_mean", "sparsity_l0_std", "sparsity_l0_p5",
                 "sparsity_l0_p50", "sparsity_l0_p95", "sparsity_l1_mean", "sparsity_l1_std"},
                [&](Multiplicities times) -> std::vector<double> {
                    const SparsitySummary s = sparsity.summary(times);
                    return {s.l0Mean,   s.densityMean, s.l0Mean, s.l0Std, s.l0Low,
                            s.l0Median, s.l0High,      s.l1Mean, s.l1Std};
                });
    metrics.add(
        {"sae_dead_pct", "sparsity_usage_entropy", "sparsity_usage_entropy_normalised"},
        [&](Multiplicities times) -> std::vector<double> {
            const SparsitySummary s = sparsity.summary(times);
            return {s.deadPct, s.usageEntropy, s.usageEntropyNormalised};
        },
        IntervalKind::Centred);
    const DensityHistogram histogram = sparsity.densityHistogram();
    metrics.add("sparsity_density_hist_dead", static_cast<double>(histogram.dead));
    for (std::size_t bin = 0; bin < histogram.counts.size(); ++bin)
        metrics.add(fmt::format("sparsity_density_hist_log10_{:.1f}", histogram.edges[bin]),
                    static_cast<double>(histogram.counts[bin]));
}

void addConcepts(MetricCollector& metrics, const SparseCode& code, const std::vector<std::uint64_t>& concepts,
                 const std::vector<std::int64_t>& sentences, std::int64_t sentenceCount,
                 const std::vector<std::string>& names) {
    const auto recovered = recoverConcepts(code, concepts, static_cast<int>(names.size()));
    const ConceptTally tally(code, concepts, sentences, sentenceCount, recovered);
    metrics.add({"sae_concepts_recovered_pct"},
                [&](Multiplicities times) -> std::vector<double> { return {tally.recoveredPct(times)}; });
    std::vector<std::string> keys;
    for (const ConceptRecovery& entry : recovered)
        keys.push_back("sae_concept_" + names[static_cast<std::size_t>(entry.conceptId)] + "_f1");
    metrics.add(keys, [&](Multiplicities times) { return tally.f1(times); });
    for (const ConceptRecovery& entry : recovered)
        metrics.add("sae_concept_" + names[static_cast<std::size_t>(entry.conceptId)] + "_auroc",
                    entry.auroc);
}

}  // namespace

void evaluateAutoencoder(MetricCollector& metrics, const Autoencoder& sae, const ActivationStore& store,
                         const PreparedData& data, const StageContext& context) {
    const SaeConfig& config = context.config.sae;
    const TokenizedSplit& split = store.tokens(SplitKind::Validation);
    const std::vector<std::int64_t> rows = saeRows(split, config.tokenLevel, config.skipFirstToken);
    const std::vector<std::int64_t> sentenceOf = sentenceOfToken(split);
    ReconstructionStats reconstruction(split.rows());
    SparsityStats sparsity(sae.features());
    SparseCode all;
    all.features = sae.features();
    std::vector<std::uint64_t> concepts;
    std::vector<std::int64_t> sentences;
    const auto count = static_cast<std::int64_t>(rows.size());
    for (std::int64_t begin = 0; begin < count; begin += rowsPerBlock) {
        context.holdOrStop();
        const std::span block = std::span(rows).subspan(
            static_cast<std::size_t>(begin), static_cast<std::size_t>(std::min(rowsPerBlock, count - begin)));
        std::vector<std::int64_t> own;
        for (const std::int64_t row : block)
            own.push_back(sentenceOf[static_cast<std::size_t>(row)]);
        const at::Tensor x =
            store.activations(SplitKind::Validation)
                .index_select(0,
                              at::tensor(at::ArrayRef<std::int64_t>(block.data(), block.size()), at::kLong));
        const SparseCode code = sae.encode(x);
        reconstruction.add(x, sae.decode(code), own);
        sparsity.add(code, own);
        if (split.concepts.empty())
            continue;
        all.append(code);
        sentences.insert(sentences.end(), own.begin(), own.end());
        for (const std::int64_t row : block)
            concepts.push_back(split.concepts[static_cast<std::size_t>(row)]);
    }
    metrics.add({"sae_explained_variance", "sae_fvu", "sae_mse"},
                [&](Multiplicities times) -> std::vector<double> {
                    const double fvu = reconstruction.fvu(times);
                    return {1 - fvu, fvu, reconstruction.meanSquaredError(times)};
                });
    addSparsity(metrics, sparsity);
    if (!split.concepts.empty())
        addConcepts(metrics, all, concepts, sentences, split.rows(), data.conceptNames);
}

}  // namespace saeception
