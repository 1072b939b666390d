// SPDX-License-Identifier: GPL-3.0-or-later
// The typed configuration of one experiment. Meaning, unit and range of every key stand in schema.cpp, once.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace saeception {

struct CycleConfig {
    int current = 0;
    int maxCycles = 1;
    double auxLossWeight = 0.1;
    std::string auxLoss = "cosine";
};

struct ModelConfig {
    std::string name = "gpt2_tiny";
    std::string hfPath;
    std::string init = "random";
    std::string tokenizer = "train";
    int vocabSize = 50257;
    int hiddenSize = 128;
    int numLayers = 4;
    int numHeads = 4;
    int maxPositions = 1024;
    double dropout = 0.1;
    int targetLayer = -1;
    std::string precision = "auto";
    double learningRate = 1e-3;
    double weightDecay = 0.01;
    bool decayAll = false;
    int warmupSteps = 100;
    double maxGradNorm = 1.0;
    int epochsPerCycle = 2;
    int gradientAccumulationSteps = 1;
};

struct DatasetConfig {
    std::string name = "sst2";
    std::string path;
    std::string format = "tsv";
    std::string textColumn = "sentence";
    std::string labelColumn = "label";
    int numClasses = 2;
    std::vector<std::string> classNames = {"negative", "positive"};
    int batchSize = 32;
    int maxLength = 128;
    double validationSplit = 0.1;
    bool strip = true;
    std::int64_t limit = 0;
};

struct SaeConfig {
    std::string saeType = "topk";
    int expansionFactor = 8;
    int k = 32;
    double l1Penalty = 2e-3;
    double l0Penalty = 1e-2;
    double bandwidth = 1e-2;
    double initialThreshold = 1e-2;
    int sparsityWarmupSteps = 0;
    int auxK = 64;
    double auxKCoef = 1.0 / 32.0;
    std::int64_t deadTokensThreshold = 100000;
    std::int64_t resampleInterval = 0;
    bool tokenLevel = true;
    bool skipFirstToken = true;
    bool projectDecoderGrad = true;
    std::string normalizeActivations = "none";
    double learningRate = 1e-3;
    int warmupSteps = 0;
    double decayFraction = 0.0;
    double maxGradNorm = 0.0;
    int batchSize = 1024;
    int epochs = 3;
    double weightDecay = 0.0;
};

struct SharpeningConfig {
    std::string type = "per_class";
    double topKPct = 5.0;
    std::int64_t seed = 0;
};

struct EvaluationConfig {
    int bootstrapSamples = 200;
};

struct ExperimentConfig {
    std::int64_t seed = 42;
    std::string device = "auto";
    int threads = 0;
    std::string startFrom = "finetuned";
    std::string outputDir = "outputs";
    std::string checkpointDir;
    std::string wandbMode = "disabled";
    CycleConfig cycle;
    ModelConfig model;
    DatasetConfig dataset;
    SaeConfig sae;
    SharpeningConfig sharpening;
    EvaluationConfig evaluation;
    bool absorption = false;
};

}  // namespace saeception
