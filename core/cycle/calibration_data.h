// SPDX-License-Identifier: GPL-3.0-or-later
// The data that a calibration measures on: what a run would prepare, or an even sample of it, and how much
// the run would have.
#pragma once

#include "cycle/job_plan.h"
#include "cycle/prepare_stage.h"

#include <cstdint>
#include <string>

namespace saeception {

/// Sizes of one split as the run will have it.
struct SplitSize {
    std::int64_t rows = 0;
    std::int64_t tokens = 0;
    std::int64_t saeRows = 0;  ///< that an autoencoder sees
};

struct CalibrationData {
    PreparedData data;  ///< even samples where `sampled` says so
    SplitSize train;    ///< of the whole
    SplitSize validation;
    std::int64_t textBytes = 0;  ///< of all sentences
    double prepareSeconds = 0;   ///< that preparing the whole takes
    std::string sampled;         ///< "tokens are counted in 8000 of 67349 sentences"; empty: in all
    double otherCores = 0;       ///< cores' worth of work that others did meanwhile
};

/// Reads the data set of `plan` as the run will. The tokenizer is trained, and sentences are encoded, on as
/// many as take about a second. Makes no files and no log lines. @throws UserError, Cancelled
CalibrationData readCalibrationData(const JobPlan& plan, const StepControl& steps);

}  // namespace saeception
