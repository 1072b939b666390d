// SPDX-License-Identifier: GPL-3.0-or-later
#include "cycle/evaluate_representation.h"

#include "cycle/block_encoding.h"
#include "evaluation/classification.h"
#include "evaluation/clustering.h"
#include "evaluation/k_sparse_probe.h"
#include "evaluation/selectivity.h"

#include <array>

namespace saeception {
namespace {

constexpr std::array sparseProbeSizes = {1, 5, 10, 25, 50};

using Labels = std::span<const std::int32_t>;

/// `Rows` is a tensor or a sparse code.
template <typename Rows>
void addSelectivity(MetricCollector& metrics, const std::string& family, const Rows& rows, Labels labels,
                    int classes) {
    metrics.add(
        {family + "_csi_mean", family + "_csi_std", family + "_u_mean", family + "_u_std"},
        [&](Multiplicities times) -> std::vector<double> {
            const Selectivity values = selectivity(rows, labels, classes, times);
            return {values.csiMean, values.csiStd, values.usefulnessMean, values.usefulnessStd};
        },
        IntervalKind::Centred);
}

void addSilhouette(MetricCollector& metrics, const std::string& key, const RowMatrix& rows, Labels partition,
                   const StepControl& steps) {
    const std::vector<double> widths = silhouetteWidths(rows, partition, steps);
    if (widths.empty())
        metrics.add(key, std::numeric_limits<double>::quiet_NaN());
    else
        metrics.add({key},
                    [&](Multiplicities times) -> std::vector<double> { return {meanOf(widths, times)}; });
}

void addClustering(MetricCollector& metrics, const std::string& family, const RowMatrix& rows, Labels labels,
                   int classes, std::uint64_t seed, const StepControl& steps) {
    KMeansOptions options;
    options.clusters = classes;
    options.seed = seed;
    const std::vector<std::int32_t> clusters = kMeans(rows, options, steps).labels;
    if (clusters.empty()) {  // fewer rows than clusters
        metrics.add(family + "_ari", std::numeric_limits<double>::quiet_NaN());
        metrics.add(family + "_silhouette", silhouette(rows, labels, steps));
        metrics.add(family + "_silhouette_clusters", std::numeric_limits<double>::quiet_NaN());
    } else {
        metrics.add({family + "_ari"}, [&](Multiplicities times) -> std::vector<double> {
            return {adjustedRandIndex(labels, clusters, times)};
        });
        addSilhouette(metrics, family + "_silhouette", rows, labels, steps);
        addSilhouette(metrics, family + "_silhouette_clusters", rows, clusters, steps);
    }
    // Repeated rows make classes look tighter than they are, so that plain quantiles can miss the value.
    metrics.add(
        {family + "_davies_bouldin", family + "_calinski_harabasz", family + "_within_variance",
         family + "_between_variance", family + "_variance_ratio"},
        [&](Multiplicities times) -> std::vector<double> {
            const ClassIndices indices = classIndices(rows, labels, times);
            return {indices.daviesBouldin, indices.calinskiHarabasz, indices.withinVariance,
                    indices.betweenVariance, indices.varianceRatio()};
        },
        IntervalKind::Centred);
}

/// Accuracy of a fitted probe's predictions; resampling counts sentences, it does not fit again.
void addProbe(MetricCollector& metrics, const std::string& key, const LinearProbe& probe,
              const std::vector<std::int32_t>& predictions, Labels labels, const StageContext& context) {
    if (!probe.converged)
        context.emit(Warning{
            fmt::format("{}: the probe had not converged after {} iterations", key, probe.iterations)});
    metrics.add({key}, [&](Multiplicities times) -> std::vector<double> {
        return {accuracy(labels, predictions, times)};
    });
}

}  // namespace

void evaluateRepresentation(MetricCollector& metrics, const Autoencoder& sae, const ActivationStore& store,
                            const PreparedData& data, std::uint64_t seed, const StageContext& context,
                            const std::function<void()>& advance) {
    const Labels trainLabels = data.train.labels;
    const Labels labels = data.validation.labels;
    const int classes = data.classes();
    const at::Tensor base = store.sentenceActivations(SplitKind::Validation);
    const SparseCode code = encodeInBlocks(sae, base, context.steps());
    addSelectivity(metrics, "base", base, labels, classes);
    addSelectivity(metrics, "sae_features", code, labels, classes);
    advance();
    addClustering(metrics, "clustering_base", base, labels, classes, seed, context.steps());
    advance();
    addClustering(metrics, "clustering_sae", code, labels, classes, seed, context.steps());
    advance();
    const at::Tensor trainBase = store.sentenceActivations(SplitKind::Train);
    const LinearProbe baseProbe = fitProbe(trainBase, trainLabels, {}, context.steps());
    addProbe(metrics, "probe_base_accuracy", baseProbe, baseProbe.predict(base), labels, context);
    advance();
    const SparseCode trainCode = encodeInBlocks(sae, trainBase, context.steps());
    const LinearProbe saeProbe = fitProbe(trainCode, trainLabels, {}, context.steps());
    addProbe(metrics, "probe_sae_accuracy", saeProbe, saeProbe.predict(code), labels, context);
    advance();
    const auto probes = fitKSparseProbes(trainCode, trainLabels, sparseProbeSizes, {}, context.steps());
    for (std::size_t i = 0; i < probes.size(); ++i)
        addProbe(metrics, fmt::format("k_sparse_probe_k{}", sparseProbeSizes[i]), probes[i].probe,
                 probes[i].predict(code), labels, context);
    advance();
}

}  // namespace saeception
