// SPDX-License-Identifier: GPL-3.0-or-later
#include "cycle/evaluate_stage.h"

#include "base/random.h"
#include "cycle/block_encoding.h"
#include "cycle/results_file.h"
#include "cycle/splicing.h"
#include "evaluation/classification.h"
#include "evaluation/clustering.h"
#include "evaluation/concepts.h"
#include "evaluation/probe.h"
#include "evaluation/reconstruction.h"
#include "evaluation/selectivity.h"
#include "evaluation/sparsity.h"

#include <spdlog/spdlog.h>

#include <algorithm>

namespace saeception {
namespace {

constexpr std::int64_t rowsPerBlock = 8192;

void addTask(MetricTable& table, const ActivationStore& store, std::span<const std::int32_t> labels) {
    const ClassificationScores scores = classificationScores(store.logits(SplitKind::Validation), labels);
    table.emplace_back("task_accuracy", scores.accuracy);
    table.emplace_back("task_loss", scores.crossEntropy);
    table.emplace_back("task_f1_macro", scores.f1Macro);
    table.emplace_back("task_f1_weighted", scores.f1Weighted);
}

void addSelectivity(MetricTable& table, const std::string& family, const Selectivity& values) {
    table.emplace_back(family + "_csi_mean", values.csiMean);
    table.emplace_back(family + "_csi_std", values.csiStd);
    table.emplace_back(family + "_u_mean", values.usefulnessMean);
    table.emplace_back(family + "_u_std", values.usefulnessStd);
}

void addClustering(MetricTable& table, const std::string& family, const RowMatrix& rows,
                   std::span<const std::int32_t> labels, int classes, std::uint64_t seed,
                   const std::stop_token& stop) {
    KMeansOptions options;
    options.clusters = classes;
    options.seed = seed;
    table.emplace_back(family + "_ari", adjustedRandIndex(labels, kMeans(rows, options, stop).labels));
    table.emplace_back(family + "_silhouette", silhouette(rows, labels, stop));
    table.emplace_back(family + "_davies_bouldin", daviesBouldin(rows, labels));
    table.emplace_back(family + "_calinski_harabasz", calinskiHarabasz(rows, labels));
}

void addProbe(MetricTable& table, const std::string& name, const RowMatrix& train,
              std::span<const std::int32_t> trainLabels, const RowMatrix& validation,
              std::span<const std::int32_t> labels, const StageContext& context) {
    const LinearProbe probe = fitProbe(train, trainLabels, {}, context.stop);
    if (!probe.converged)
        context.emit(Warning{
            fmt::format("{}: the probe had not converged after {} iterations", name, probe.iterations)});
    table.emplace_back(name, probe.accuracy(validation, labels));
}

void addReconstruction(MetricTable& table, const Autoencoder& sae, const ActivationStore& store,
                       const PreparedData& data, const StageContext& context) {
    const SaeConfig& config = context.config.sae;
    const TokenizedSplit& split = store.tokens(SplitKind::Validation);
    const std::vector<std::int64_t> rows = saeRows(split, config.tokenLevel, config.skipFirstToken);
    ReconstructionStats reconstruction;
    SparsityStats sparsity(sae.features());
    SparseCode all;
    all.features = sae.features();
    std::vector<std::uint64_t> concepts;
    const auto count = static_cast<std::int64_t>(rows.size());
    for (std::int64_t begin = 0; begin < count; begin += rowsPerBlock) {
        throwIfStopped(context.stop);
        const std::span block = std::span(rows).subspan(
            static_cast<std::size_t>(begin), static_cast<std::size_t>(std::min(rowsPerBlock, count - begin)));
        const at::Tensor x =
            store.activations(SplitKind::Validation)
                .index_select(0,
                              at::tensor(at::ArrayRef<std::int64_t>(block.data(), block.size()), at::kLong));
        const SparseCode code = sae.encode(x);
        reconstruction.add(x, sae.decode(code));
        sparsity.add(code);
        if (split.concepts.empty())
            continue;
        all.append(code);
        for (const std::int64_t row : block)
            concepts.push_back(split.concepts[static_cast<std::size_t>(row)]);
    }
    table.emplace_back("sae_mse", reconstruction.meanSquaredError());
    table.emplace_back("sae_fvu", reconstruction.fvu());
    table.emplace_back("sae_explained_variance", reconstruction.explainedVariance());
    table.emplace_back("sae_l0", sparsity.meanL0());
    table.emplace_back("sae_dead_pct", sparsity.deadPct());
    table.emplace_back("sae_density_mean", sparsity.meanDensity());
    table.emplace_back("sparsity_l1_mean", sparsity.meanL1());
    table.emplace_back("sparsity_usage_entropy", sparsity.usageEntropy());
    if (split.concepts.empty())
        return;
    const auto recovered = recoverConcepts(all, concepts, static_cast<int>(data.conceptNames.size()));
    table.emplace_back("sae_concepts_recovered_pct", recoveredPct(recovered));
    for (const ConceptRecovery& entry : recovered) {
        const std::string& name = data.conceptNames[static_cast<std::size_t>(entry.conceptId)];
        table.emplace_back("sae_concept_" + name + "_f1", entry.f1);
        table.emplace_back("sae_concept_" + name + "_auroc", entry.auroc);
    }
}

void addRecoveredTask(MetricTable& table, const Gpt2Classifier& model, const Autoencoder& sae,
                      const ActivationStore& store, const StageContext& context) {
    const SplicedScores scores = spliceReconstruction(model, sae, store, SplitKind::Validation, context);
    const double cleanLoss = metric(table, "task_loss");
    const double cleanAccuracy = metric(table, "task_accuracy");
    const auto share = [](double spliced, double zero, double clean) {
        return clean == zero ? std::numeric_limits<double>::quiet_NaN() : (spliced - zero) / (clean - zero);
    };
    table.emplace_back("sae_spliced_accuracy", scores.spliced.accuracy);
    table.emplace_back("sae_spliced_loss", scores.spliced.crossEntropy);
    table.emplace_back("sae_zero_ablated_accuracy", scores.zeroAblated.accuracy);
    table.emplace_back("sae_zero_ablated_loss", scores.zeroAblated.crossEntropy);
    table.emplace_back("sae_task_recovered_accuracy",
                       share(scores.spliced.accuracy, scores.zeroAblated.accuracy, cleanAccuracy));
    table.emplace_back("sae_task_recovered_loss",
                       share(scores.spliced.crossEntropy, scores.zeroAblated.crossEntropy, cleanLoss));
}

}  // namespace

MetricTable evaluateCycle(const Gpt2Classifier& model, const Autoencoder& sae, const ActivationStore& store,
                          const PreparedData& data, int cycle, const StageContext& context) {
    const at::NoGradGuard noGrad;
    const std::span<const std::int32_t> trainLabels = data.train.labels;
    const std::span<const std::int32_t> labels = data.validation.labels;
    const int classes = data.classes();
    const std::uint64_t seed =
        deriveSeed(static_cast<std::uint64_t>(context.config.seed), "evaluation", {cycle});
    StageReporter reporter(context, Stage::Evaluate, cycle, 7);

    MetricTable table;
    addTask(table, store, labels);
    const at::Tensor base = store.sentenceActivations(SplitKind::Validation);
    const SparseCode code = sae.encode(base);
    addSelectivity(table, "base", selectivity(base, labels, classes));
    addSelectivity(table, "sae_features", selectivity(code, labels, classes));
    reporter.advance();
    addClustering(table, "clustering_base", base, labels, classes, seed, context.stop);
    reporter.advance();
    addClustering(table, "clustering_sae", code, labels, classes, seed, context.stop);
    reporter.advance();
    const at::Tensor trainBase = store.sentenceActivations(SplitKind::Train);
    addProbe(table, "probe_base_accuracy", trainBase, trainLabels, base, labels, context);
    reporter.advance();
    addProbe(table, "probe_sae_accuracy", encodeInBlocks(sae, trainBase, context.stop), trainLabels, code,
             labels, context);
    reporter.advance();
    addReconstruction(table, sae, store, data, context);
    reporter.advance();
    addRecoveredTask(table, model, sae, store, context);
    reporter.advance();

    saveResults(context.directory, cycle, table);
    reporter.artefact(context.directory.resultsJson(cycle));
    reporter.artefact(context.directory.results(cycle));
    context.emit(CycleEvaluated{cycle, table});
    reporter.finish();
    return table;
}

}  // namespace saeception
