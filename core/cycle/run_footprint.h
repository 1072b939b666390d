// SPDX-License-Identifier: GPL-3.0-or-later
// Memory and disk of a run, from formulas over the sizes of model, autoencoder and data; and the parameters
// and file speeds that they rest on.
#pragma once

#include "config/config.h"
#include "cycle/calibration_data.h"
#include "cycle/stage_list.h"
#include "model/gpt2.h"

#include <cstdint>
#include <set>
#include <vector>

namespace saeception {

/// Parameters of one transformer block of `width` d: four matrices (12 d^2), their biases, two layer norms.
double blockParameters(std::int64_t width);
/// Of the whole classifier.
double modelParameters(const Gpt2Config& sizes);

/// Writing a file of so many bytes and waiting for the disk, in seconds.
double writingSeconds(double bytes);

/// What the size of a feature index goes by.
struct IndexScale {
    double features = 0;
    double classes = 0;
    double tokens = 0;          ///< of both splits
    double sentences = 0;       ///< the same
    double activeFeatures = 0;  ///< of a token, mean
    double vocabulary = 0;

    /// Entries of a feature's lists, about.
    double entries() const;
    /// Of the file.
    double bytes() const;
};

struct RunScale {
    const ExperimentConfig& config;
    Gpt2Config model;
    SplitSize train;
    SplitSize validation;
    std::int64_t longestRow = 0;  ///< tokens
    std::int64_t textBytes = 0;
    double activeFeatures = 0;   ///< of a row, mean
    std::set<int> storesAtHand;  ///< cycles whose activations need not be extracted
};

/// All in bytes.
struct Footprint {
    std::vector<std::int64_t> stages;  ///< resident while each of them works, without the process itself
    std::int64_t memory = 0;           ///< their maximum
    std::int64_t mapped = 0;           ///< of it, pages of the activation store, which the system may drop
    std::int64_t disk = 0;             ///< that the run leaves in its folder
    std::int64_t cache = 0;            ///< that its cache/ holds at most
};

Footprint footprint(const std::vector<PlannedStage>& stages, const RunScale& scale);

}  // namespace saeception
