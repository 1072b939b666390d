// SPDX-License-Identifier: GPL-3.0-or-later
// What the window can be asked to run: one command of the command line with its overrides.
#pragma once

#include "cycle/job_plan.h"
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
    /// The folder of an unfinished run of the whole loop, to go on with from its last finished stage as its
    /// own record says; `overrides` are then only what it was begun with. Empty: a run of its own.
    QString resume;

    bool operator==(const JobSpec&) const = default;
};

/// Whether the job goes on with the run in `folder`, as its specification names it.
bool goesOnWith(const JobSpec& spec, const QString& folder);

/// What the job is to do, decided without making anything. For worker threads. @throws UserError in one line
JobPlan planOf(const JobSpec& spec);

/// What its composed configuration says of a job.
struct JobDescription {
    /// What it is called until its folder is known: the preset or "MODEL on DATASET", the command where it is
    /// not the whole loop, and its number in a sweep.
    QString title;
    int threads = 0;        ///< that its configuration names; 0: none
    bool composed = false;  ///< false: the configuration is wrong, and the title but a guess
};

/// Composes the configuration, which takes up to 100 ms. Never throws: a job that is wrong in itself has the
/// title of quickTitle() and says what is wrong when it is run.
JobDescription describeJob(const JobSpec& spec);
QString jobTitle(const JobSpec& spec);
/// Threads that the job will use where it runs alone.
int jobThreads(const JobSpec& spec);

/// A title that needs no configuration: told from the overrides alone.
QString quickTitle(const JobSpec& spec);

/// `command` on what the run in `folder` has of `cycle`.
JobSpec stageSpec(const QString& command, const QString& folder, int cycle);

/// Whether the job is the whole loop, whose run can be gone on with from its last finished stage.
bool hasStages(const JobSpec& spec);

/// The same job once more, from its beginning: where its earlier run still lies in `directory`, a folder
/// named by hydra.run.dir gets the next free number behind its name, and a sweep's folder gives way to a
/// dated one.
JobSpec retrySpec(const JobSpec& spec, const QString& directory);

/// `saeception COMMAND OVERRIDES...`, or with --resume DIR, quoted for a POSIX shell.
QString jobCommand(const JobSpec& spec);

/// Plans, checks and runs the job; whatever is wrong with it ends in RunFailed.
Job::Work jobWork(JobSpec spec);

}  // namespace saeception

Q_DECLARE_METATYPE(saeception::JobSpec)
