// SPDX-License-Identifier: GPL-3.0-or-later
#include "cycle/sae_stage.h"

#include "base/random.h"
#include "cycle/sae_progress.h"
#include "cycle/scalar_tags.h"
#include "cycle/step_counts.h"
#include "model/checkpoint.h"
#include "sae/activation_scale.h"
#include "sae/dead_features.h"
#include "sae/optimiser.h"
#include "sae/schedule.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace saeception {
namespace {

void saveSae(const NamedTensors& state, const Autoencoder& sae, const std::filesystem::path& file, int epoch,
             const SaeScore& score, int cycle, const SaeConfig& config) {
    PtDict extra = {{"val_loss", score.meanSquaredError},
                    {"explained_variance", score.explainedVariance},
                    {"l0", score.l0},
                    {"sae_type", std::string(sae.type())},
                    {"cycle", static_cast<std::int64_t>(cycle)}};
    if (sae.type().find("topk") != std::string_view::npos)
        extra.emplace_back("k", static_cast<std::int64_t>(config.k));
    saveCheckpoint(file, {epoch, state, std::move(extra)});
}

}  // namespace

std::unique_ptr<Autoencoder> trainSae(const ActivationStore& store, int cycle, const StageContext& context) {
    const SaeConfig& config = context.config.sae;
    const auto seedOf = [&](std::string_view purpose, std::int64_t index) {
        return deriveSeed(static_cast<std::uint64_t>(context.config.seed), purpose, {cycle, index});
    };
    std::vector<std::int64_t> rows =
        saeRows(store.tokens(SplitKind::Train), config.tokenLevel, config.skipFirstToken);
    const std::vector<std::int64_t> validationRows =
        saeRows(store.tokens(SplitKind::Validation), config.tokenLevel, config.skipFirstToken);
    const at::Tensor& activations = store.activations(SplitKind::Train);
    const auto count = static_cast<std::int64_t>(rows.size());
    if (count < 2)
        fail("an SAE needs at least 2 training rows and there are {}; use more sentences (dataset.limit)",
             count);
    const SaeCounts counts = saeCounts(config, count);
    const std::int64_t batch = counts.batch;
    const std::int64_t totalSteps = counts.steps;
    StageReporter reporter(context, Stage::Sae, cycle, totalSteps);

    const double scale =
        config.normalizeActivations == "expected_norm" ? expectedNormScale(activations, rows) : 1;
    std::unique_ptr<Autoencoder> sae = makeAutoencoder(config, store.width());
    Rng(seedOf("sae sample", 0)).shuffle(rows);
    sae->initialise(gatherRows(activations, rows.data(), std::min(count, saeInitialRows), scale),
                    seedOf("sae weights", 0));
    SaeOptimiser optimiser(
        *sae, {config.learningRate, config.weightDecay, config.projectDecoderGrad, config.maxGradNorm});
    DeadFeatureTracker tracker(sae->features(), config.deadTokensThreshold);

    const std::filesystem::path file = context.directory.sae(cycle);
    double best = std::numeric_limits<double>::infinity();
    SaeScore bestScore;
    NamedTensors bestState;
    std::int64_t step = 0;
    for (int epoch = 0; epoch < config.epochs; ++epoch) {
        Rng(seedOf("sae order", epoch)).shuffle(rows);
        SaeProgress progress(reporter.seconds());
        for (std::int64_t begin = 0; begin < count; begin += batch) {
            const at::Tensor x =
                gatherRows(activations, rows.data() + begin, std::min(batch, count - begin), scale);
            const double rateShare =
                learningRateShare(step, totalSteps, config.warmupSteps, config.decayFraction);
            sae->setPenaltyShare(penaltyShare(step, config.sparsityWarmupSteps));
            const SaeLosses losses = sae->computeGradients(x, tracker.dead());
            progress.add(x, losses, optimiser.step(rateShare));
            tracker.update(sae->lastFires(), x.size(0));
            ++step;
            if (config.resampleInterval > 0 && step % config.resampleInterval == 0 &&
                !tracker.dead().empty()) {
                const std::vector<std::int32_t> dead = tracker.dead();
                resampleFeatures(*sae, x, dead, seedOf("sae resampling", step));
                optimiser.resetFeatures(dead);
                tracker.revive(dead);
            }
            if (step % counts.windowSteps == 0 || begin + batch >= count)
                progress.emit(reporter, step, config.learningRate * rateShare, tracker.deadPercent());
            reporter.advance();
        }
        const SaeScore score =
            scoreSae(*sae, store.activations(SplitKind::Validation), validationRows, scale, context.steps());
        reporter.scalar(tags::saeValidationReconstruction, step, score.meanSquaredError * scale * scale);
        reporter.scalar(tags::saeValidationExplainedVariance, step, score.explainedVariance);
        reporter.scalar(tags::saeValidationL0, step, score.l0);
        reporter.epoch(epoch + 1, config.epochs,
                       {{"validation_mse", score.meanSquaredError},
                        {"explained_variance", score.explainedVariance},
                        {"l0", score.l0},
                        {"dead_pct", tracker.deadPercent()}});
        if (!std::isfinite(score.objective))
            fail("the SAE's reconstruction is no longer finite; lower sae.learning_rate (now {})",
                 config.learningRate);
        // The penalty counts: an l1 autoencoder reconstructs best while its penalty is still warming up.
        if (score.objective < best) {
            best = score.objective;
            bestScore = score;
            bestState = foldScale(sae->stateDict(), scale);
            saveSae(bestState, *sae, file, epoch + 1, score, cycle, config);
            reporter.artefact(file);
        }
    }
    sae->loadStateDict(bestState, file.string());
    spdlog::info("SAE of cycle {}: {} features, best validation MSE {:.5g}, L0 {:.1f}", cycle,
                 sae->features(), bestScore.meanSquaredError, bestScore.l0);
    reporter.finish();
    return sae;
}

}  // namespace saeception
