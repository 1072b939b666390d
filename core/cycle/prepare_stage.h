// SPDX-License-Identifier: GPL-3.0-or-later
// The prepare stage: read or generate the data set, load or train the tokenizer, encode both splits.
#pragma once

#include "cycle/stage_context.h"
#include "data/batches.h"
#include "data/dataset.h"
#include "data/tokenizer.h"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace saeception {

/// Everything later stages need of the data set; the sentences themselves are no longer needed once encoded.
struct PreparedData {
    std::vector<std::string> classNames;
    std::vector<std::string> conceptNames;
    Tokenizer tokenizer;
    TokenizedSplit train;
    TokenizedSplit validation;

    int classes() const { return static_cast<int>(classNames.size()); }
};

/// Steps of progress of the stage.
inline constexpr int prepareSteps = 3;

/// `tokenizer` (a folder) takes the place of model.tokenizer: that of the run whose checkpoints are used.
/// Makes no files.
PreparedData prepareData(const StageContext& context,
                         const std::optional<std::filesystem::path>& tokenizer = {});

/// The tokenizer that prepareData() takes: read from `kept` or from model.tokenizer, or trained on `train`.
Tokenizer tokenizerFor(const ModelConfig& config, const Split& train,
                       const std::optional<std::filesystem::path>& kept, const StepControl& steps = {});

/// Leaves the tokenizer in the run folder, so that the run can be browsed and gone on with without the files
/// it came from.
void keepTokenizer(const PreparedData& data, const RunDirectory& run);

}  // namespace saeception
