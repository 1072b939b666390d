// SPDX-License-Identifier: GPL-3.0-or-later
#include "cycle/sae_stage.h"

#include "base/random.h"
#include "cycle/scalar_tags.h"
#include "evaluation/reconstruction.h"
#include "model/checkpoint.h"
#include "sae/dead_features.h"
#include "sae/optimiser.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace saeception {
namespace {

using Clock = std::chrono::steady_clock;

// Rows that start the autoencoder (geometric median, encoder scale) and that are held at once when it is
// scored.
constexpr std::size_t initialRows = 8192;
constexpr std::int64_t scoringRows = 8192;

at::Tensor gather(const at::Tensor& activations, const std::int64_t* rows, std::int64_t count) {
    return activations.index_select(0, at::from_blob(const_cast<std::int64_t*>(rows), {count}, at::kLong));
}

struct SaeScore {
    double meanSquaredError = 0;
    double explainedVariance = 0;
    double l0 = 0;
};

SaeScore scoreSae(const Autoencoder& sae, const at::Tensor& activations,
                  const std::vector<std::int64_t>& rows, const std::stop_token& stop) {
    ReconstructionStats stats;
    std::int64_t active = 0;
    const auto count = static_cast<std::int64_t>(rows.size());
    for (std::int64_t begin = 0; begin < count; begin += scoringRows) {
        throwIfStopped(stop);
        const at::Tensor x = gather(activations, rows.data() + begin, std::min(scoringRows, count - begin));
        const SparseCode code = sae.encode(x);
        active += code.nonZeros();
        stats.add(x, sae.decode(code));
    }
    return {stats.meanSquaredError(), stats.explainedVariance(),
            static_cast<double>(active) / static_cast<double>(count)};
}

struct Window {
    SaeLosses sum;
    double variance = 0;
    std::int64_t steps = 0;
    std::int64_t rows = 0;
    Clock::time_point start = Clock::now();
};

void emitWindow(const StageReporter& reporter, const Window& window, std::int64_t step, double deadPercent) {
    const auto steps = static_cast<double>(window.steps);
    reporter.scalar(tags::saeLoss, step, window.sum.total / steps);
    reporter.scalar(tags::saeReconstruction, step, window.sum.reconstruction / steps);
    if (window.variance > 0)  // a batch of one row has none
        reporter.scalar(tags::saeExplainedVariance, step, 1 - window.sum.reconstruction / window.variance);
    reporter.scalar(tags::saeL0, step, window.sum.l0 / steps);
    reporter.scalar(tags::saeDeadPct, step, deadPercent);
    const double seconds = std::chrono::duration<double>(Clock::now() - window.start).count();
    if (seconds > 0)
        reporter.scalar(tags::saeTokensPerSecond, step, static_cast<double>(window.rows) / seconds);
}

void saveSae(const Autoencoder& sae, const std::filesystem::path& file, int epoch, const SaeScore& score,
             int cycle, const SaeConfig& config) {
    saveCheckpoint(file, {epoch,
                          sae.stateDict(),
                          {{"val_loss", score.meanSquaredError},
                           {"explained_variance", score.explainedVariance},
                           {"l0", score.l0},
                           {"sae_type", std::string(sae.type())},
                           {"k", static_cast<std::int64_t>(config.k)},
                           {"cycle", static_cast<std::int64_t>(cycle)}}});
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
    const std::int64_t batch = std::min<std::int64_t>(config.batchSize, count);
    const std::int64_t stepsPerEpoch = (count + batch - 1) / batch;
    const std::int64_t windowSteps = std::max<std::int64_t>(1, stepsPerEpoch / 100);
    StageReporter reporter(context, Stage::Sae, cycle, stepsPerEpoch * config.epochs);

    std::unique_ptr<Autoencoder> sae = makeAutoencoder(config, store.width());
    Rng(seedOf("sae sample", 0)).shuffle(rows);
    sae->initialise(gather(activations, rows.data(), std::min<std::int64_t>(count, initialRows)),
                    seedOf("sae weights", 0));
    SaeOptimiser optimiser(*sae, {config.learningRate, config.weightDecay, config.projectDecoderGrad});
    DeadFeatureTracker tracker(sae->features(), config.deadTokensThreshold);

    const std::filesystem::path file = context.directory.sae(cycle);
    double best = std::numeric_limits<double>::infinity();
    NamedTensors bestState;
    std::int64_t step = 0;
    for (int epoch = 0; epoch < config.epochs; ++epoch) {
        Rng(seedOf("sae order", epoch)).shuffle(rows);
        Window window;
        for (std::int64_t begin = 0; begin < count; begin += batch) {
            const at::Tensor x = gather(activations, rows.data() + begin, std::min(batch, count - begin));
            const SaeLosses losses = sae->computeGradients(x, tracker.dead());
            optimiser.step();
            tracker.update(sae->lastFires(), x.size(0));
            ++step;
            if (config.resampleInterval > 0 && step % config.resampleInterval == 0 &&
                !tracker.dead().empty()) {
                const std::vector<std::int32_t> dead = tracker.dead();
                resampleFeatures(*sae, x, dead, seedOf("sae resampling", step));
                optimiser.resetFeatures(dead);
                tracker.revive(dead);
            }
            window.sum.total += losses.total;
            window.sum.reconstruction += losses.reconstruction;
            window.sum.l0 += losses.l0;
            window.variance += (x - x.mean(0)).square().mean().item<double>();
            window.rows += x.size(0);
            ++window.steps;
            if (step % windowSteps == 0 || begin + batch >= count) {
                emitWindow(reporter, window, step, tracker.deadPercent());
                window = {};
            }
            reporter.advance();
        }
        const SaeScore score =
            scoreSae(*sae, store.activations(SplitKind::Validation), validationRows, context.stop);
        reporter.epoch(epoch + 1, config.epochs,
                       {{"validation_mse", score.meanSquaredError},
                        {"explained_variance", score.explainedVariance},
                        {"l0", score.l0},
                        {"dead_pct", tracker.deadPercent()}});
        if (!std::isfinite(score.meanSquaredError))
            fail("the SAE's reconstruction is no longer finite; lower sae.learning_rate (now {})",
                 config.learningRate);
        if (score.meanSquaredError < best) {
            best = score.meanSquaredError;
            bestState = sae->stateDict();
            saveSae(*sae, file, epoch + 1, score, cycle, config);
            reporter.artefact(file);
        }
    }
    sae->loadStateDict(bestState, file.string());
    spdlog::info("SAE of cycle {}: {} features, best validation MSE {:.5g}", cycle, sae->features(), best);
    reporter.finish();
    return sae;
}

}  // namespace saeception
