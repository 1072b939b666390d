// SPDX-License-Identifier: GPL-3.0-or-later
#include "cycle/evaluate_stage.h"

#include "base/random.h"
#include "cycle/evaluate_representation.h"
#include "cycle/evaluate_sae.h"
#include "cycle/evaluate_task.h"
#include "cycle/metric_collector.h"
#include "cycle/results_file.h"

namespace saeception {

int evaluationSteps(const ExperimentConfig& config) {
    return representationSteps + 2 + (config.absorption ? 1 : 0);
}

MetricTable evaluateCycle(const Gpt2Classifier& model, const Autoencoder& sae, const ActivationStore& store,
                          const PreparedData& data, int cycle, const StageContext& context) {
    const at::NoGradGuard noGrad;
    const std::uint64_t seed =
        deriveSeed(static_cast<std::uint64_t>(context.config.seed), "evaluation", {cycle});
    StageReporter reporter(context, Stage::Evaluate, cycle, evaluationSteps(context.config));
    const auto advance = [&] { reporter.advance(); };

    const Bootstrap bootstrap(data.validation.rows(), context.config.evaluation.bootstrapSamples, seed);
    MetricCollector metrics(bootstrap, context.steps());
    evaluateTask(metrics, store);
    evaluateRepresentation(metrics, sae, store, data, seed, context, advance);
    evaluateAutoencoder(metrics, sae, store, data, context);
    advance();
    evaluateSplicing(metrics, model, sae, store, context);
    advance();
    if (context.config.absorption) {
        evaluateAbsorption(metrics, sae, store, data, seed, context);
        advance();
    }

    const MetricTable& table = metrics.table();
    saveResults(context.directory, cycle, table);
    reporter.artefact(context.directory.resultsJson(cycle));
    reporter.artefact(context.directory.results(cycle));
    context.emit(CycleEvaluated{cycle, table});
    reporter.finish();
    return table;
}

}  // namespace saeception
