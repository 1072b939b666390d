// SPDX-License-Identifier: GPL-3.0-or-later
// The stages that run the model itself: both kinds of fine-tuning, and extraction.
#include "cycle/calibration.h"

#include "base/error.h"
#include "base/seconds_of.h"
#include "base/thread_budget.h"
#include "cycle/run_footprint.h"
#include "cycle/step_counts.h"

#include <algorithm>
#include <cmath>
#include <set>

namespace saeception {
namespace {

// A step of more operations than this (a few tenths of a second) is measured on fewer blocks and words.
constexpr double mostStepOperations = 1e10;
constexpr std::int64_t fewBlocks = 2;
constexpr std::int64_t fewWords = 8192;
constexpr std::size_t mostBatches = 40;

// Seconds of measuring that each kind of step may take, where a single one does not take longer.
constexpr double trainingBudget = 0.4;
constexpr double forwardBudget = 0.25;
constexpr double blockBudget = 0.3;

std::int64_t computedTokens(const TokenizedSplit& split, const std::vector<std::int32_t>& batch) {
    std::int64_t longest = 0;
    for (const std::int32_t row : batch)
        longest = std::max(longest, split.length(row));
    return longest * static_cast<std::int64_t>(batch.size());
}

double meanTokens(const TokenizedSplit& split, const BatchPlan& plan) {
    double tokens = 0;
    for (const auto& batch : plan)
        tokens += static_cast<double>(computedTokens(split, batch));
    return tokens / static_cast<double>(plan.size());
}

// Floats that the optimiser reads and writes in one step: with a gradient parameter, gradient and both
// moments, rows of words without one no gradient, words that never came at most their decay.
double updateTraffic(const Gpt2Config& sizes, std::int64_t firstTrainable, double usedIds, bool decays) {
    const auto d = static_cast<double>(sizes.hiddenSize);
    const double dense =
        static_cast<double>(sizes.numLayers - firstTrainable) * blockParameters(sizes.hiddenSize) + 2 * d +
        static_cast<double>(sizes.numLabels) * d;
    if (firstTrainable > 0)
        return 7 * dense;
    const double unused = static_cast<double>(sizes.vocabSize) - usedIds;
    return 7 * (dense + static_cast<double>(sizes.maxPositions) * d) + 6 * usedIds * d +
           (decays ? 2 * unused * d : 0);
}

// Weights, gradients and both moments of model and autoencoder.
void requireMemory(const ExperimentConfig& config, const Gpt2Config& measured) {
    const auto d = static_cast<double>(measured.hiddenSize);
    const double needed = 16 * (modelParameters(measured) + 2 * d * d * config.sae.expansionFactor);
    const auto there = static_cast<double>(availableBytes());
    if (there > 0 && needed > there)
        fail(
            "trying out single steps takes {:.1f} GB of memory, and {:.1f} GB are free; lower "
            "model.hidden_size or sae.expansion_factor, or end other programs",
            needed / 1e9, there / 1e9);
}

}  // namespace

struct Calibration::Silence : EventSink {
    void handle(const Event&) override {}
    RunDirectory nowhere = RunDirectory::at({});
};

Calibration::Calibration(const ExperimentConfig& config, const Gpt2Config& sizes, CalibrationData data,
                         std::stop_token stop)
    : m_config(config),
      m_sizes(sizes),
      m_data(std::move(data)),
      m_stop(stop),
      m_steps(std::move(stop)),
      m_silence(std::make_unique<Silence>()) {
    const TokenizedSplit& train = m_data.data.train;
    Gpt2Config measured = sizes;
    const double operations = 6 * static_cast<double>(sizes.numLayers) * blockParameters(sizes.hiddenSize) *
                              meanTokens(train, planByLength(train, config.dataset.batchSize));
    if (operations > mostStepOperations) {
        measured.numLayers = std::min(measured.numLayers, fewBlocks);
        measured.vocabSize = std::min(measured.vocabSize, fewWords);
    }
    requireMemory(config, measured);
    m_model.emplace(measured, 1);
    m_block = resolveLayer(config.model.targetLayer, sizes.numLayers);
    // Of what follows the target's block something must be left, so that the steps are of the same kind.
    const std::int64_t tail = std::min(sizes.numLayers - m_block, measured.numLayers);
    m_config.model.targetLayer = static_cast<int>(measured.numLayers - tail);
    m_config.model.numLayers = static_cast<int>(measured.numLayers);
    m_usedIds = static_cast<std::int64_t>(std::set(train.ids.begin(), train.ids.end()).size());
    for (TokenizedSplit* split : {&m_data.data.train, &m_data.data.validation})
        for (std::int32_t& id : split->ids)
            id %= static_cast<std::int32_t>(measured.vocabSize);
}

Calibration::~Calibration() = default;

StageContext Calibration::context() const {
    return {m_config, m_silence->nowhere, *m_silence, m_stop};
}

Calibration::StepTimes Calibration::meanOf(BatchPlan plan, double budget, const Step& step) {
    const TokenizedSplit& split = m_data.data.train;
    std::stable_sort(plan.begin(), plan.end(), [&](const auto& a, const auto& b) {
        return computedTokens(split, a) < computedTokens(split, b);
    });
    const auto run = [&](const std::vector<std::int32_t>& examples) {
        m_steps.holdOrStop();
        StepTimes times;
        const double whole = secondsOf([&] { times.update = step(toTensors(collate(split, examples, 0))); });
        times.batch = whole - times.update;
        return times;
    };
    const std::vector<std::int32_t>& middle = plan[plan.size() / 2];
    double single = secondsOf([&] { run(middle); });  // also touches all memory for the first time
    double left = budget - single;
    if (left > single) {
        single = secondsOf([&] { run(middle); });
        left -= single;
    }
    const auto count = static_cast<std::size_t>(
        std::clamp(left / std::max(single, 1e-6), 1.0, static_cast<double>(mostBatches)));
    const BatchPlan sample = evenSample(plan, count);
    StepTimes sum;
    for (const auto& examples : sample) {
        const StepTimes times = run(examples);
        sum.batch += times.batch;
        sum.update += times.update;
    }
    const auto batches = static_cast<double>(sample.size());
    return {sum.batch / batches * meanTokens(split, plan) / meanTokens(split, sample), sum.update / batches};
}

double Calibration::blockSeconds(const BatchPlan& plan, bool trains) {
    DropoutKey dropout{1, 0};
    if (!trains) {
        const at::NoGradGuard noGrad;
        return meanOf(plan, blockBudget,
                      [&](const BatchTensors& batch) {
                          at::Tensor stream;
                          const double embedding = secondsOf([&] { stream = m_model->embed(batch.ids); });
                          m_model->runBlocks(stream, 0, 1);
                          return embedding;
                      })
            .batch;
    }
    m_model->unfreeze();
    AdamW gradients(m_model->parameters(), {});
    return meanOf(plan, blockBudget,
                  [&](const BatchTensors& batch) {
                      at::Tensor stream;
                      const double embedding = secondsOf([&] {
                          stream = m_model->embed(batch.ids).detach().requires_grad_(true);
                          gradients.zeroGrad();
                      });
                      const at::Tensor out = m_model->runBlocks(stream, 0, 1, &dropout);
                      out.backward(at::ones_like(out));
                      return embedding;
                  })
        .batch;
}

// In the run every word of the data has had its gradient after the first epoch.
void Calibration::touchEmbeddings(AdamW& optimiser) {
    const TokenizedSplit& train = m_data.data.train;
    const std::set<std::int64_t> used(train.ids.begin(), train.ids.end());
    std::vector<std::int64_t> ids(used.begin(), used.end());
    const std::int64_t columns =
        std::min<std::int64_t>(m_model->config().maxPositions, static_cast<std::int64_t>(ids.size()));
    const std::int64_t rows = (static_cast<std::int64_t>(ids.size()) + columns - 1) / columns;
    ids.resize(static_cast<std::size_t>(rows * columns), ids.front());
    m_model->embed(at::tensor(ids, at::kLong).view({rows, columns})).sum().backward();
    optimiser.clipAndStep(m_config.model.learningRate, 1);
}

double Calibration::training(const FineTuningPlan& plan, std::int64_t frozenLeftOut,
                             std::int64_t trainedLeftOut) {
    const FineTuningCounts counts = fineTuningCounts(m_config, m_data.train.rows);
    const std::int64_t first = plan.firstTrainableBlock.value_or(0);
    const bool wholeModel = !plan.firstTrainableBlock;
    if (wholeModel)
        m_model->unfreeze();
    else
        m_model->freezeBelow(first);
    AdamWOptions options;
    options.weightDecay = m_config.model.weightDecay;
    options.decayAll = m_config.model.decayAll;
    AdamW optimiser(m_model->parameters(), options);
    if (wholeModel)
        touchEmbeddings(optimiser);
    DropoutKey dropout{1, 0};
    const BatchPlan batches = planEpoch(m_data.data.train, m_config.dataset.batchSize, 1, 0);
    StepTimes times = meanOf(batches, trainingBudget, [&](const BatchTensors& batch) {
        accumulateGradients(*m_model, batch, dropout, plan, 1);
        return secondsOf([&] { optimiser.clipAndStep(1e-6, m_config.model.maxGradNorm); });
    });
    double blockForward = 0;
    if (frozenLeftOut > 0 || blocksLeftOut() > 0) {
        blockForward = blockSeconds(batches, false);
        times.batch += static_cast<double>(frozenLeftOut) * blockForward;
    }
    if (trainedLeftOut > 0)
        times.batch += static_cast<double>(trainedLeftOut) * blockSeconds(batches, true);
    const bool decays = m_config.model.weightDecay > 0;
    const auto usedHere = static_cast<double>(std::min(m_usedIds, m_model->config().vocabSize));
    const std::int64_t firstOfRun = wholeModel ? 0 : m_block;
    times.update *= updateTraffic(m_sizes, firstOfRun, static_cast<double>(m_usedIds), decays) /
                    updateTraffic(m_model->config(), first, usedHere, decays);

    const double epoch = static_cast<double>(counts.batchesPerEpoch) * times.batch +
                         static_cast<double>(counts.stepsPerEpoch) * times.update + validation(blockForward) +
                         writingSeconds(4 * modelParameters(m_sizes));
    return counts.epochs * epoch;
}

double Calibration::validation(double blockSecondsOfBatch) {
    const int batchSize = m_config.dataset.batchSize;
    const TokenizedSplit few = evenSample(m_data.data.validation, std::int64_t{4} * batchSize);
    score(*m_model, evenSample(few, 1), 0, batchSize, m_steps);
    const double measured = secondsOf([&] { score(*m_model, few, 0, batchSize, m_steps); });
    const double share = static_cast<double>(m_data.validation.rows) / static_cast<double>(few.rows());
    const double batches = static_cast<double>(m_data.validation.rows) / batchSize;
    return measured * share + batches * static_cast<double>(blocksLeftOut()) * blockSecondsOfBatch;
}

double Calibration::fineTuning() {
    FineTuningPlan plan;
    plan.stage = Stage::Baseline;
    return training(plan, 0, blocksLeftOut());
}

double Calibration::auxiliary() {
    const std::int64_t block = m_config.model.targetLayer;
    AuxiliaryObjective objective;
    objective.block = block;
    objective.weight = m_config.cycle.auxLossWeight;
    objective.loss = auxiliaryLossNamed(m_config.cycle.auxLoss);
    objective.targets =
        at::ones({1, m_sizes.hiddenSize}).expand({m_data.data.train.rows(), m_sizes.hiddenSize});
    FineTuningPlan plan;
    plan.stage = Stage::Auxiliary;
    plan.firstTrainableBlock = block;
    plan.auxiliary = std::move(objective);
    const std::int64_t frozen = m_block - block;
    return targets() + training(plan, frozen, blocksLeftOut() - frozen);
}

double Calibration::extraction() {
    if (m_extraction)
        return *m_extraction;
    const at::NoGradGuard noGrad;
    const std::int64_t block = m_config.model.targetLayer;
    const TokenizedSplit& train = m_data.data.train;
    const BatchPlan plan = planByLength(train, extractionBatchSize(m_config.dataset));
    std::vector<at::Tensor> rows;
    double batch =
        meanOf(plan, forwardBudget, [&](const BatchTensors& tensors) {
            const at::Tensor stream = m_model->runBlocks(m_model->embed(tensors.ids), 0, block + 1);
            m_model->logitsFrom(stream, block + 1, tensors.lengths);
            // The copy stands for the bytes that the stage hands to its file.
            const std::int64_t columns = stream.size(1);
            const at::Tensor real = at::arange(columns).unsqueeze(0) < tensors.lengths.unsqueeze(1);
            rows.push_back(
                stream.reshape({-1, stream.size(2)}).index_select(0, real.flatten().nonzero().squeeze(1)));
            return 0.0;
        }).batch;
    m_pool = at::cat(rows);
    if (blocksLeftOut() > 0) {
        const double one = blockSeconds(plan, false);
        m_forwardPerToken = one / meanTokens(train, plan);
        batch += static_cast<double>(blocksLeftOut()) * one;
    }
    const double tokens = static_cast<double>(m_data.train.tokens + m_data.validation.tokens);
    const double batches = static_cast<double>(plan.size()) * tokens / static_cast<double>(train.tokens());
    m_extraction = extractionFromStore() + batches * batch +
                   writingSeconds(tokens * static_cast<double>(m_sizes.hiddenSize) * 4);
    return *m_extraction;
}

double Calibration::extractionFromStore() const {
    constexpr double bytesPerSecond = 2e9;
    return 4 * modelParameters(m_sizes) / bytesPerSecond;  // the weights' fingerprint
}

}  // namespace saeception
