// SPDX-License-Identifier: GPL-3.0-or-later
#include "cycle/fine_tuning.h"

#include "base/random.h"
#include "cycle/scalar_tags.h"
#include "cycle/step_counts.h"
#include "model/adamw.h"
#include "model/checkpoint.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <cmath>

namespace saeception {
namespace {

// Sums between two points of the curves.
struct Window {
    double task = 0;
    double auxiliary = 0;
    std::int64_t correct = 0;
    std::int64_t rows = 0;
    std::int64_t batches = 0;
    std::int64_t tokens = 0;
    double start = 0;  // of the stage's seconds of work
};

void emitWindow(const StageReporter& reporter, const Window& window, std::int64_t step, double learningRate,
                double gradientNorm, const AuxiliaryObjective* auxiliary) {
    const double batches = static_cast<double>(window.batches);
    const double seconds = reporter.seconds() - window.start;
    const double task = window.task / batches;
    const double distance = window.auxiliary / batches;
    reporter.scalar(tags::trainLoss, step, auxiliary != nullptr ? task + auxiliary->weight * distance : task);
    reporter.scalar(tags::trainTaskLoss, step, task);
    if (auxiliary != nullptr)
        reporter.scalar(tags::trainAuxiliaryLoss, step, distance);
    reporter.scalar(tags::trainAccuracy, step,
                    static_cast<double>(window.correct) / static_cast<double>(window.rows));
    reporter.scalar(tags::trainLearningRate, step, learningRate);
    reporter.scalar(tags::trainGradientNorm, step, gradientNorm);
    if (seconds > 0)
        reporter.scalar(tags::trainTokensPerSecond, step, static_cast<double>(window.tokens) / seconds);
}

NamedTensors copyState(const Gpt2Classifier& model) {
    NamedTensors copy;
    for (const auto& [name, tensor] : model.stateDict())
        copy.emplace_back(name, tensor.clone());
    return copy;
}

}  // namespace

FineTuningLosses accumulateGradients(const Gpt2Classifier& model, const BatchTensors& batch,
                                     DropoutKey& dropout, const FineTuningPlan& plan, double scale) {
    const AuxiliaryObjective* const auxiliary = plan.auxiliary ? &*plan.auxiliary : nullptr;
    const std::int64_t blocks = model.config().numLayers;
    const std::int64_t first = plan.firstTrainableBlock.value_or(0);
    at::Tensor stream;
    if (plan.firstTrainableBlock) {  // the frozen part runs as an evaluated model: no dropout, no graph
        const at::NoGradGuard noGrad;
        stream = model.runBlocks(model.embed(batch.ids), 0, first);
    } else {
        stream = model.embed(batch.ids, &dropout);
    }
    at::Tensor activation;
    at::Tensor logits;
    if (auxiliary == nullptr) {
        logits = model.logitsFrom(stream, first, batch.lengths, &dropout);
    } else if (auxiliary->block + 1 == blocks) {
        stream = model.runBlocks(stream, first, auxiliary->block, &dropout);
        activation = model.lastTokensThroughBlock(stream, auxiliary->block, batch.lengths, &dropout);
        logits = model.classify(activation);
    } else {
        stream = model.runBlocks(stream, first, auxiliary->block + 1, &dropout);
        activation = Gpt2Classifier::lastTokens(stream, batch.lengths);
        logits = model.logitsFrom(stream, auxiliary->block + 1, batch.lengths, &dropout);
    }
    at::Tensor loss = at::cross_entropy_loss(logits, batch.labels);
    FineTuningLosses result;
    result.task = loss.item<double>();
    if (auxiliary != nullptr) {
        // With weight 0 the loss is only observed: the step must equal plain fine-tuning bit for bit.
        const bool trains = auxiliary->weight != 0;
        const at::Tensor distance = auxiliaryLoss(auxiliary->loss, trains ? activation : activation.detach(),
                                                  auxiliary->targets.index_select(0, batch.examples));
        result.auxiliary = distance.item<double>();
        if (trains)
            loss = loss + distance * auxiliary->weight;
    }
    result.correct = logits.argmax(1).eq(batch.labels).sum().item<std::int64_t>();
    (scale == 1.0 ? loss : loss * scale).backward();
    return result;
}

ValidationScore score(const Gpt2Classifier& model, const TokenizedSplit& split, std::int32_t padId,
                      int batchSize, const StepControl& steps) {
    const at::NoGradGuard noGrad;
    double loss = 0;
    std::int64_t correct = 0;
    for (const auto& rows : planByLength(split, batchSize)) {
        steps.holdOrStop();
        const BatchTensors batch = toTensors(collate(split, rows, padId));
        const at::Tensor logits = model.logits(batch.ids, batch.lengths);
        loss += at::cross_entropy_loss(logits, batch.labels, {}, at::Reduction::Sum).item<double>();
        correct += logits.argmax(1).eq(batch.labels).sum().item<std::int64_t>();
    }
    const double rows = static_cast<double>(split.rows());
    return {loss / rows, static_cast<double>(correct) / rows};
}

void fineTune(Gpt2Classifier& model, const PreparedData& data, const FineTuningPlan& plan,
              const StageContext& context) {
    const ModelConfig& config = context.config.model;
    const int batchSize = context.config.dataset.batchSize;
    const std::int32_t padId = data.tokenizer.endOfText();
    const AuxiliaryObjective* const auxiliary = plan.auxiliary ? &*plan.auxiliary : nullptr;
    const FineTuningCounts counts = fineTuningCounts(context.config, data.train.rows());
    const int epochs = counts.epochs;
    const std::int64_t accumulation = config.gradientAccumulationSteps;
    const std::int64_t totalSteps = counts.steps();
    const std::int64_t warmup = std::min<std::int64_t>(config.warmupSteps, totalSteps / 2);

    StageReporter reporter(context, plan.stage, plan.cycle, counts.batches());
    AdamWOptions options;
    options.weightDecay = config.weightDecay;
    options.decayAll = config.decayAll;
    if (plan.firstTrainableBlock)
        model.freezeBelow(*plan.firstTrainableBlock);
    else
        model.unfreeze();
    AdamW optimiser(model.parameters(), options);

    // The order of the data depends on the run's seed and the epoch alone, whatever else a plan changes.
    const std::uint64_t orderSeed = deriveSeed(static_cast<std::uint64_t>(context.config.seed), "data order");
    NamedTensors best;
    ValidationScore bestScore{0, -1};
    std::int64_t step = 0;
    for (int epoch = 0; epoch < epochs; ++epoch) {
        DropoutKey dropout{deriveSeed(plan.seed, "dropout", {epoch}), 0};
        const BatchPlan batches = planEpoch(data.train, batchSize, orderSeed, epoch);
        Window window;
        window.start = reporter.seconds();
        Window whole;
        for (std::size_t b = 0; b < batches.size(); ++b) {
            const PaddedBatch padded = collate(data.train, batches[b], padId);
            const auto firstOfStep = static_cast<std::int64_t>(b) / accumulation * accumulation;
            const auto group =
                std::min(accumulation, static_cast<std::int64_t>(batches.size()) - firstOfStep);
            const FineTuningLosses losses = accumulateGradients(model, toTensors(padded), dropout, plan,
                                                                1.0 / static_cast<double>(group));
            for (Window* sums : {&window, &whole}) {
                sums->task += losses.task;
                sums->auxiliary += losses.auxiliary;
                sums->correct += losses.correct;
                sums->rows += padded.rows;
                sums->tokens += padded.realTokens();
                ++sums->batches;
            }
            if (static_cast<std::int64_t>(b) + 1 - firstOfStep == group) {
                const double learningRate = config.learningRate * linearSchedule(step, warmup, totalSteps);
                const double norm = optimiser.clipAndStep(learningRate, config.maxGradNorm);
                if (!std::isfinite(norm))
                    fail("the loss is no longer finite at step {}; lower model.learning_rate (now {})",
                         step + 1, config.learningRate);
                ++step;
                if (step % counts.windowSteps == 0 || b + 1 == batches.size()) {
                    emitWindow(reporter, window, step, learningRate, norm, auxiliary);
                    window = {};
                    window.start = reporter.seconds();
                }
            }
            reporter.advance();
        }

        const ValidationScore validation = score(model, data.validation, padId, batchSize, context.steps());
        reporter.scalar(tags::validationLoss, step, validation.loss);
        reporter.scalar(tags::validationAccuracy, step, validation.accuracy);
        const double trainLoss = whole.task / static_cast<double>(whole.batches);
        MetricTable metrics = {
            {"train_loss", trainLoss},
            {"train_accuracy", static_cast<double>(whole.correct) / static_cast<double>(whole.rows)},
            {"validation_loss", validation.loss},
            {"validation_accuracy", validation.accuracy}};
        if (auxiliary != nullptr) {
            const double distance = whole.auxiliary / static_cast<double>(whole.batches);
            reporter.scalar(tags::auxiliaryLossEpoch, step, distance);
            metrics.emplace_back("auxiliary_loss", distance);
        }
        if (validation.accuracy > bestScore.accuracy ||
            (validation.accuracy == bestScore.accuracy && validation.loss < bestScore.loss)) {
            bestScore = validation;
            best = copyState(model);
            PtDict told = {{"val_accuracy", validation.accuracy},
                           {"val_loss", validation.loss},
                           {"train_loss", trainLoss},
                           {"cycle", static_cast<std::int64_t>(plan.cycle)},
                           {"num_heads", model.config().numHeads},
                           {"layer_norm_epsilon", model.config().layerNormEpsilon}};
            told.insert(told.end(), plan.origin.begin(), plan.origin.end());
            saveCheckpoint(plan.checkpoint, {epoch + 1, best, std::move(told)});
            reporter.artefact(plan.checkpoint);
        }
        reporter.epoch(epoch + 1, epochs, std::move(metrics));
    }
    model.loadStateDict(best, plan.checkpoint.string());
    spdlog::info("{} of cycle {}: best validation accuracy {:.4f}, loss {:.4f}", stageName(plan.stage),
                 plan.cycle, bestScore.accuracy, bestScore.loss);
    reporter.finish();
}

}  // namespace saeception
