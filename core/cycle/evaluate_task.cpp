// SPDX-License-Identifier: GPL-3.0-or-later
#include "cycle/evaluate_task.h"

#include "cycle/result_warnings.h"
#include "cycle/splicing.h"
#include "evaluation/classification.h"

#include <limits>

namespace saeception {
namespace {

/// Where `spliced` lies between zero-ablation (0) and the clean model (1).
double recovered(double spliced, double zero, double clean) {
    return clean == zero ? std::numeric_limits<double>::quiet_NaN() : (spliced - zero) / (clean - zero);
}

}  // namespace

void evaluateTask(MetricCollector& metrics, const ActivationStore& store) {
    const ClassifiedRows rows =
        classifyRows(store.logits(SplitKind::Validation), store.tokens(SplitKind::Validation).labels);
    metrics.add({"task_accuracy", "task_loss", "task_f1_macro", "task_f1_weighted"},
                [&](Multiplicities times) -> std::vector<double> {
                    const ClassificationScores scores = rows.scores(times);
                    return {scores.accuracy, scores.crossEntropy, scores.f1Macro, scores.f1Weighted};
                });
}

void evaluateSplicing(MetricCollector& metrics, const Gpt2Classifier& model, const Autoencoder& sae,
                      const ActivationStore& store, const StageContext& context) {
    const ClassifiedRows clean =
        classifyRows(store.logits(SplitKind::Validation), store.tokens(SplitKind::Validation).labels);
    const SplicedRows rows = spliceReconstruction(model, sae, store, SplitKind::Validation, context);
    const bool meansSomething =
        clean.scores({}).accuracy - rows.zeroAblated.scores({}).accuracy >= leastAblationGap;
    const double unknown = std::numeric_limits<double>::quiet_NaN();
    metrics.add({"sae_task_recovered_accuracy", "sae_task_recovered_loss", "sae_spliced_accuracy",
                 "sae_spliced_loss", "sae_zero_ablated_accuracy", "sae_zero_ablated_loss"},
                [&](Multiplicities times) -> std::vector<double> {
                    const ClassificationScores whole = clean.scores(times);
                    const ClassificationScores spliced = rows.spliced.scores(times);
                    const ClassificationScores zero = rows.zeroAblated.scores(times);
                    return {
                        meansSomething ? recovered(spliced.accuracy, zero.accuracy, whole.accuracy) : unknown,
                        recovered(spliced.crossEntropy, zero.crossEntropy, whole.crossEntropy),
                        spliced.accuracy,
                        spliced.crossEntropy,
                        zero.accuracy,
                        zero.crossEntropy};
                });
}

}  // namespace saeception
