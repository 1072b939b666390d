// SPDX-License-Identifier: GPL-3.0-or-later
// What the window can be asked to run: one command of the command line with its overrides.
#pragma once

#include "ui/jobs/job.h"

#include <QMetaType>
#include <QString>
#include <QStringList>

#include <ctime>
#include <optional>

namespace saeception {

struct JobSpec {
    QString command = QStringLiteral("train_cycle");  ///< of stageCommands()
    /// As typed. A command that goes on with a run names it with hydra.run.dir=DIR.
    QStringList overrides;
    /// Its place in a sweep, from 0, and the time at which all of the sweep's folders were named.
    std::optional<int> sweepNumber;
    std::optional<std::time_t> sweepTime;

    bool operator==(const JobSpec&) const = default;
};

/// What a job is called until its folder is known: the preset or "MODEL on DATASET", the command where it is
/// not the whole loop, and what a sweep gave it.
QString jobTitle(const JobSpec& spec);

/// Threads that the job will use where it runs alone. Never throws.
int jobThreads(const JobSpec& spec);

/// `saeception COMMAND OVERRIDES...`, quoted for a POSIX shell.
QString jobCommand(const JobSpec& spec);

/// Plans, checks and runs the job; whatever is wrong with it ends in RunFailed.
Job::Work jobWork(JobSpec spec);

}  // namespace saeception

Q_DECLARE_METATYPE(saeception::JobSpec)
