// SPDX-License-Identifier: GPL-3.0-or-later
// The results of a sweep as one table for later analysis: a row for each job and cycle.
#pragma once

#include "config/sweep.h"
#include "cycle/cycle_runner.h"

#include <filesystem>
#include <string>
#include <vector>

namespace saeception {

enum class JobStatus { Waiting, Running, Done, Failed, Stopped };

struct SweepRecord {
    SweepJob job;
    std::filesystem::path directory;  ///< the job's folder
    JobStatus status = JobStatus::Waiting;
    std::string error;
    ExperimentConfig config;
    std::map<int, MetricTable> results;
};

/// Writes `records` as CSV (RFC 4180): job, folder, status, error, a column for each swept key, cycle, a
/// column for each metric; a job without results has one row without a cycle. @throws UserError
void writeSweepResults(const std::filesystem::path& file, const std::vector<SweepRecord>& records);

/// Writes results.csv in the sweep's `folder` anew, from its multirun.yaml and what the jobs' folders hold by
/// now; for jobs that run side by side or in another order. Any number of threads. @throws UserError
void updateSweepResults(const std::filesystem::path& folder);

/// What tells job `number` from the others, short enough for a column's heading: "k=25", "random", "#3".
std::string jobLabel(const SweepRecord& record, std::size_t number);

/// The job that others are compared against: the one without an auxiliary loss (lambda 0) where the others
/// have one, else the first; always one with results.
std::size_t referenceJob(const std::vector<SweepRecord>& records);

}  // namespace saeception
