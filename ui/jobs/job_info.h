// SPDX-License-Identifier: GPL-3.0-or-later
// One job of the queue as everyone sees it: what it is to do, where it stands and how far it is.
#pragma once

#include "cycle/events.h"
#include "ui/jobs/job_spec.h"

#include <QString>

#include <optional>

namespace saeception {

/// In the order in which the queue lists them, but for the finished ones, of which the newest comes first.
/// Resuming: paused, and going on as soon as there is room again. Kept: an unfinished run of a former session
/// that can be gone on with.
enum class JobState { Running, Pausing, Paused, Resuming, Stopping, Waiting, Kept, Done, Stopped, Failed };

/// Started and not yet ended: it holds a thread of the pool, paused or not.
inline bool isActive(JobState state) {
    return state <= JobState::Stopping;
}
inline bool isFinished(JobState state) {
    return state >= JobState::Done;
}

/// Why a waiting or resuming job has not begun.
enum class WaitReason {
    None,
    Hold,       ///< it is on hold itself
    QueueHeld,  ///< the queue is
    Turn,       ///< others come first, or as many run as may
    Threads,    ///< fewer threads are free than it uses
};

struct JobInfo {
    quint64 id = 0;
    JobSpec spec;   ///< empty command: work of addWork()
    QString title;  ///< from the spec at once, and from its composed configuration soon after
    JobState state = JobState::Waiting;
    bool onHold = false;    ///< waiting jobs only: passed over until it is released
    bool restored = false;  ///< comes from a former session
    WaitReason waitsFor = WaitReason::None;
    QString directory;           ///< of its run; empty until that is known
    std::optional<Stage> stage;  ///< the latest to begin
    int cycle = 0;               ///< of `stage`
    int lastCycle = -1;          ///< of the run; -1 until that is known
    double stageFraction = -1;   ///< 0..1, or -1 while unknown
    double fraction = -1;        ///< of the whole job, 0..1, or -1 while unknown
    double elapsed = 0;          ///< seconds, without those in which it was paused
    double secondsLeft = -1;     ///< of the whole job, negative while unknown
    QString message;             ///< why it failed, or how it was left
    int threads = 0;             ///< that it has, or will have
    double started = 0;          ///< seconds since the Unix epoch; 0: not yet
    double ended = 0;
};

/// Whether its run can be gone on with from the last stage that it finished.
bool canResumeRun(const JobInfo& job);
/// Whether it can be added again from its beginning.
bool canRetry(const JobInfo& job);

}  // namespace saeception
