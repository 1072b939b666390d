// SPDX-License-Identifier: GPL-3.0-or-later
// What the stages of a run will take, from a few real steps of each on real batches, with random weights of
// the configured sizes.
#pragma once

#include "cycle/activation_store.h"
#include "cycle/calibration_data.h"
#include "cycle/fine_tuning.h"
#include "cycle/stage_context.h"
#include "model/adamw.h"
#include "model/gpt2.h"
#include "sae/autoencoder.h"

#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <vector>

namespace saeception {

/// Each stage's function measures for a fraction of a second, longer where a single step takes longer, and
/// returns the seconds of one whole stage. Where a step of the whole model would take too long, a model of
/// two blocks is measured and one block by itself, and the rest is reckoned up: blocks are alike.
/// @throws Cancelled; UserError where there is not even memory for that
class Calibration {
public:
    /// `sizes`: of the run's model.
    Calibration(const ExperimentConfig& config, const Gpt2Config& sizes, CalibrationData data,
                std::stop_token stop);
    ~Calibration();
    Calibration(const Calibration&) = delete;
    Calibration& operator=(const Calibration&) = delete;

    double fineTuning();
    double auxiliary();
    double extraction();
    /// Of an extraction that finds an earlier store fitting.
    double extractionFromStore() const;
    double sae();
    double evaluation();
    double features();

    const CalibrationData& data() const { return m_data; }
    /// Active features of a row of the untrained autoencoder, mean.
    double activeFeatures();

private:
    struct StepTimes {
        double batch = 0;   ///< of what grows with the batch
        double update = 0;  ///< of the rest
    };
    /// Works on one batch; returns what of its seconds counts as the update.
    using Step = std::function<double(const BatchTensors&)>;
    StepTimes meanOf(BatchPlan plan, double budget, const Step& step);
    /// A forward pass of one batch through one block, or forward and backward.
    double blockSeconds(const BatchPlan& plan, bool trains);
    double training(const FineTuningPlan& plan, std::int64_t frozenLeftOut, std::int64_t trainedLeftOut);
    double validation(double blockSecondsOfBatch);
    double targets();
    void touchEmbeddings(AdamW& optimiser);
    std::int64_t blocksLeftOut() const { return m_sizes.numLayers - m_model->config().numLayers; }

    const at::Tensor& pool();
    at::Tensor activations(std::int64_t rows, std::uint64_t seed);
    at::Tensor sentenceActivations(const TokenizedSplit& sentences, std::uint64_t seed);
    Autoencoder& autoencoder();
    StageContext context() const;
    double representation();
    double probing(std::int64_t rows);
    double reconstruction();
    double indexSupplement();

    ExperimentConfig m_config;  ///< of the measured model
    const Gpt2Config m_sizes;
    CalibrationData m_data;
    const std::stop_token m_stop;
    const StepControl m_steps;
    std::int64_t m_block = 0;    ///< the target layer of the run's model
    std::int64_t m_usedIds = 0;  ///< distinct tokens of the data
    std::optional<Gpt2Classifier> m_model;
    std::optional<double> m_extraction;
    double m_forwardPerToken = 0;  ///< of one block
    at::Tensor m_pool;             ///< [rows, d] activations that the untrained model gave
    std::unique_ptr<Autoencoder> m_sae;
    double m_saeStart = 0;

    struct Silence;
    std::unique_ptr<Silence> m_silence;
};

}  // namespace saeception
