// SPDX-License-Identifier: GPL-3.0-or-later
// A finished run read back from its folder as the events that it once sent, for the same pages that watch a
// live one.
#pragma once

#include "cycle/run_directory.h"
#include "ui/jobs/job.h"

namespace saeception {

/// Sends RunStarted, every scalar of metrics.jsonl, the stages that left their files, the metrics of every
/// evaluated cycle, then a terminal event. A line of metrics.jsonl that cannot be read is passed over and
/// counted in one Warning.
Job::Work replayWork(RunDirectory directory);

}  // namespace saeception
