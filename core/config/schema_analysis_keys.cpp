// SPDX-License-Identifier: GPL-3.0-or-later
// The keys of what follows the autoencoder: sharpening and evaluation.
#include "config/schema_builder.h"

namespace saeception {

void addAnalysisKeys(KeyTable& table) {
    using C = ExperimentConfig;
    using P = SharpeningConfig;
    table.add("sharpening.type", &C::sharpening, &P::type)
        .choices({"per_class", "per_example", "random"})
        .doc(
            "How codes are cleaned into targets: per_class keeps, for each label, the features with the "
            "highest mean "
            "activation over it; per_example keeps each example's own strongest features; random replaces "
            "targets by "
            "random directions, as a control.");
    table.add("sharpening.top_k_pct", &C::sharpening, &P::topKPct)
        .unit("%")
        .above(0, 100)
        .doc("Share of the features that sharpening keeps.");
    table.add("sharpening.seed", &C::sharpening, &P::seed)
        .range(0, largestInteger)
        .doc("Draws the directions of sharpening.type=random, with the run's own seed.");
    table.add("evaluation.bootstrap_samples", &C::evaluation, &EvaluationConfig::bootstrapSamples)
        .unit("samples")
        .range(0, 100000)
        .doc(
            "Resamples of the validation examples behind the 95 % interval of each metric; 0 leaves "
            "intervals out.");
    table.add("absorption", &C::absorption)
        .appendOnly()
        .doc(
            "Also measure first-letter feature absorption (Chanin et al. 2024). It means little for small "
            "models.");
}

}  // namespace saeception
