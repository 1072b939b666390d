// SPDX-License-Identifier: GPL-3.0-or-later
// What the queue itself keeps of a job, beside what it shows.
#pragma once

#include "ui/jobs/job_progress.h"
#include "ui/jobs/job_queue.h"

namespace saeception {

struct JobQueue::Entry {
    JobInfo info;
    Job::Work work;                 // copied for every start, so that the job can be retried
    RunSession* session = nullptr;  // while the job is active
    JobProgress progress;
    int threads = 0;         // that its configuration names; 0: none
    bool described = false;  // `threads` is known
    bool keep = false;       // when it stops, it is to be gone on with in a later session
};

}  // namespace saeception
