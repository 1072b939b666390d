// SPDX-License-Identifier: GPL-3.0-or-later
// The log files that a run left in its folder, as the lines they once were.
#pragma once

#include "ui/jobs/log_buffer.h"

#include <QString>

namespace saeception {

struct RunLogLines {
    LogBatch lines;   ///< by time; `run` is the folder as it was given
    QString problem;  ///< one line; empty unless there is no log to read
};

/// Reads every *.log of the run in `folder`, of each the last megabyte. Lines without a head of their own, as
/// in the text of an exception, belong to the line before. Never throws; for worker threads.
RunLogLines readRunLog(const QString& folder);

}  // namespace saeception
