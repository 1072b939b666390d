// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/jobs/job_queue.h"

#include "base/thread_budget.h"
#include "ui/jobs/job_queue_entry.h"

#include <algorithm>
#include <utility>

namespace saeception {
namespace {

constexpr int clockMs = 1000;

// Sections of the list, in their order; jobs of one section stand side by side.
int sectionOf(JobState state) {
    return isActive(state) ? 0 : state == JobState::Waiting ? 1 : state == JobState::Kept ? 2 : 3;
}

}  // namespace

JobQueue::JobQueue(QObject* parent) : JobQueue(trainingPool(), resolveThreads(0), parent) {}

JobQueue::JobQueue(QThreadPool& pool, int threads, QObject* parent)
    : QObject(parent), m_pool(pool), m_budget(std::max(1, threads)) {
    m_clock.setInterval(clockMs);
    connect(&m_clock, &QTimer::timeout, this, &JobQueue::tick);
    m_describer.setMaxThreadCount(1);
}

JobQueue::~JobQueue() {
    m_describer.clear();
    m_describer.waitForDone();
    for (const auto& entry : m_entries)
        delete entry->session;
}

bool canResumeRun(const JobInfo& job) {
    return hasStages(job.spec) && !job.directory.isEmpty() &&
           (job.state == JobState::Kept || job.state == JobState::Stopped || job.state == JobState::Failed);
}

bool canRetry(const JobInfo& job) {
    return isFinished(job.state) || job.state == JobState::Kept;
}

JobQueue::Entry* JobQueue::find(quint64 id) const {
    const int row = rowOf(id);
    return row < 0 ? nullptr : m_entries[static_cast<std::size_t>(row)].get();
}

const JobInfo* JobQueue::job(quint64 id) const {
    const Entry* entry = find(id);
    return entry == nullptr ? nullptr : &entry->info;
}

const JobInfo& JobQueue::at(int row) const {
    return m_entries[static_cast<std::size_t>(row)]->info;
}

std::vector<quint64> JobQueue::jobs() const {
    std::vector<quint64> ids;
    for (const auto& entry : m_entries)
        ids.push_back(entry->info.id);
    return ids;
}

int JobQueue::rowOf(quint64 id) const {
    for (std::size_t row = 0; row < m_entries.size(); ++row)
        if (m_entries[row]->info.id == id)
            return static_cast<int>(row);
    return -1;
}

int JobQueue::placeOf(quint64 id) const {
    const int row = rowOf(id);
    return row >= 0 && at(row).state == JobState::Waiting ? row - firstRowOf(JobState::Waiting) : -1;
}

std::vector<quint64> JobQueue::activeJobs() const {
    std::vector<quint64> ids;
    for (const auto& entry : m_entries)
        if (isActive(entry->info.state))
            ids.push_back(entry->info.id);
    return ids;
}

int JobQueue::waitingCount() const {
    return firstRowOf(JobState::Kept) - firstRowOf(JobState::Waiting);
}

// The row at which the section of `state` begins, or would.
int JobQueue::firstRowOf(JobState state) const {
    const auto first = std::find_if(m_entries.begin(), m_entries.end(), [&](const auto& entry) {
        return sectionOf(entry->info.state) >= sectionOf(state);
    });
    return static_cast<int>(first - m_entries.begin());
}

JobQueue::Entry& JobQueue::append(JobSpec spec, QString title, JobState state, int place) {
    auto entry = std::make_unique<Entry>();
    entry->info.id = ++m_lastId;
    entry->info.spec = std::move(spec);
    entry->info.title = std::move(title);
    entry->info.state = state;
    const int first = firstRowOf(state);
    const int last = static_cast<int>(
        std::find_if(m_entries.begin() + first, m_entries.end(),
                     [&](const auto& other) { return sectionOf(other->info.state) > sectionOf(state); }) -
        m_entries.begin());
    const int row = place < 0 ? last : std::min(first + place, last);
    Entry& added = **m_entries.insert(m_entries.begin() + row, std::move(entry));
    return added;
}

quint64 JobQueue::add(const JobSpec& spec, int place) {
    return addTitled(spec, quickTitle(spec), place);
}

quint64 JobQueue::addTitled(const JobSpec& spec, const QString& title, int place) {
    Entry& entry = append(spec, title, JobState::Waiting, place);
    entry.info.directory = spec.resume;
    entry.work = jobWork(spec);
    entry.info.threads = share();
    const quint64 id = entry.info.id;
    describe(entry);
    Q_EMIT jobAdded(id, rowOf(id));
    requestSchedule();
    return id;
}

std::vector<quint64> JobQueue::addAll(const std::vector<JobSpec>& specs) {
    std::vector<quint64> ids;
    for (const JobSpec& spec : specs)
        ids.push_back(add(spec));
    return ids;
}

quint64 JobQueue::addWork(const QString& title, int threads, Job::Work work) {
    JobSpec none;
    none.command.clear();
    Entry& entry = append(none, title, JobState::Waiting, -1);
    entry.work = std::move(work);
    entry.threads = threads;
    entry.described = true;
    entry.info.threads = threads > 0 ? threads : share();
    const quint64 id = entry.info.id;
    Q_EMIT jobAdded(id, rowOf(id));
    requestSchedule();
    return id;
}

quint64 JobQueue::restore(const JobSpec& spec, const QString& title, const QString& directory) {
    const JobState state = directory.isEmpty() ? JobState::Waiting : JobState::Kept;
    Entry& entry = append(spec, title.isEmpty() ? quickTitle(spec) : title, state, -1);
    entry.work = jobWork(spec);
    entry.info.restored = true;
    entry.info.onHold = state == JobState::Waiting;
    entry.info.directory = directory;
    entry.info.threads = share();
    const quint64 id = entry.info.id;
    describe(entry);
    Q_EMIT jobAdded(id, rowOf(id));
    requestSchedule();
    return id;
}

void JobQueue::describe(const Entry& entry) {
    m_describer.start([this, id = entry.info.id, spec = entry.info.spec] {
        lowerThreadPriority();
        const JobDescription description = describeJob(spec);
        QMetaObject::invokeMethod(this, [this, id, description] { described(id, description); });
    });
}

void JobQueue::described(quint64 id, const JobDescription& description) {
    Entry* entry = find(id);
    if (entry == nullptr)
        return;
    if (description.composed)
        entry->info.title = description.title;
    entry->threads = description.threads;
    entry->described = true;
    if (!isActive(entry->info.state))
        entry->info.threads = description.threads > 0 ? description.threads : share();
    changed(*entry);
    requestSchedule();
}

void JobQueue::changed(const Entry& entry) {
    Q_EMIT jobChanged(entry.info.id);
}

void JobQueue::moveRow(int from, int to) {
    if (from == to)
        return;
    const auto begin = m_entries.begin();
    if (from < to)
        std::rotate(begin + from, begin + from + 1, begin + to + 1);
    else
        std::rotate(begin + to, begin + from, begin + from + 1);
    Q_EMIT jobMoved(at(to).id, from, to);
}

void JobQueue::removeRow(int row) {
    const quint64 id = at(row).id;
    m_entries.erase(m_entries.begin() + row);
    Q_EMIT jobRemoved(id, row);
}

// Puts the job where jobs of `state` stand: behind the others, but for what has just finished or come back.
void JobQueue::setState(Entry& entry, JobState state) {
    const int before = sectionOf(entry.info.state);
    const int row = rowOf(entry.info.id);
    entry.info.state = state;
    const int section = sectionOf(state);
    if (section != before) {
        const auto others = [&](auto&& inFront) {
            return static_cast<int>(std::count_if(m_entries.begin(), m_entries.end(), [&](const auto& other) {
                return other.get() != &entry && inFront(sectionOf(other->info.state));
            }));
        };
        const bool last = section == 0 || section == 2;
        moveRow(row, others([&](int other) { return last ? other <= section : other < section; }));
    }
    changed(entry);
}

void JobQueue::trim() {
    const int finished = count() - firstRowOf(JobState::Done);
    for (int surplus = finished - mostFinished; surplus > 0; --surplus)
        removeRow(count() - 1);
}

void JobQueue::moveTo(quint64 id, int place) {
    const int row = rowOf(id);
    if (row < 0 || at(row).state != JobState::Waiting)
        return;
    const int first = firstRowOf(JobState::Waiting);
    moveRow(row, first + std::clamp(place, 0, waitingCount() - 1));
    updateWaiting();
    requestSchedule();
}

void JobQueue::moveUp(quint64 id) {
    if (const int place = placeOf(id); place > 0)
        moveTo(id, place - 1);
}

void JobQueue::moveDown(quint64 id) {
    if (const int place = placeOf(id); place >= 0)
        moveTo(id, place + 1);
}

void JobQueue::pause(quint64 id) {
    Entry* entry = find(id);
    if (entry == nullptr)
        return;
    if (entry->info.state == JobState::Waiting) {
        entry->info.onHold = true;
        changed(*entry);
        requestSchedule();
    } else if (entry->info.state == JobState::Resuming) {
        setState(*entry, JobState::Paused);
        requestSchedule();
    } else if (entry->info.state == JobState::Running) {
        entry->session->pause();
    }
}

void JobQueue::resume(quint64 id) {
    Entry* entry = find(id);
    if (entry == nullptr)
        return;
    if (entry->info.state == JobState::Waiting && entry->info.onHold) {
        entry->info.onHold = false;
        changed(*entry);
    } else if (entry->info.state == JobState::Paused) {
        setState(*entry, JobState::Resuming);
    } else if (entry->info.state == JobState::Pausing) {
        entry->session->resume();
    }
    requestSchedule();
}

void JobQueue::cancel(quint64 id) {
    Entry* entry = find(id);
    if (entry == nullptr)
        return;
    if (entry->info.state == JobState::Waiting) {
        entry->info.onHold = false;
        entry->info.waitsFor = WaitReason::None;
        entry->info.message = tr("Cancelled before it began");
        setState(*entry, JobState::Stopped);
        trim();
        requestSchedule();
    } else if (isActive(entry->info.state)) {
        entry->keep = false;
        entry->session->requestStop();
    }
}

quint64 JobQueue::retry(quint64 id) {
    const Entry* entry = find(id);
    if (entry == nullptr || !canRetry(entry->info))
        return 0;
    if (entry->info.spec.command.isEmpty())
        return addWork(entry->info.title, entry->threads, entry->work);
    return add(retrySpec(entry->info.spec, entry->info.directory));
}

quint64 JobQueue::resumeRun(quint64 id) {
    const JobInfo* before = job(id);
    if (before == nullptr || !canResumeRun(*before))
        return 0;
    JobSpec spec = before->spec;
    spec.resume = before->directory;
    const QString title = before->title;
    remove(id);
    return addTitled(spec, title, -1);
}

void JobQueue::remove(quint64 id) {
    const int row = rowOf(id);
    if (row < 0 || isActive(at(row).state))
        return;
    removeRow(row);
    requestSchedule();
}

void JobQueue::clearFinished() {
    for (int row = count() - 1; row >= 0 && isFinished(at(row).state); --row)
        removeRow(row);
}

void JobQueue::setHeld(bool held) {
    if (m_held == held)
        return;
    m_held = held;
    Q_EMIT heldChanged(held);
    requestSchedule();
}

void JobQueue::releaseAll() {
    for (const auto& entry : m_entries)
        if (entry->info.onHold) {
            entry->info.onHold = false;
            changed(*entry);
        }
    setHeld(false);
    requestSchedule();
}

void JobQueue::setConcurrency(int jobs) {
    jobs = std::clamp(jobs, 1, m_budget);
    if (jobs == m_concurrency)
        return;
    m_concurrency = jobs;
    for (const auto& entry : m_entries)
        if (!isActive(entry->info.state) && !isFinished(entry->info.state) && entry->threads == 0) {
            entry->info.threads = share();
            changed(*entry);
        }
    Q_EMIT concurrencyChanged(jobs);
    requestSchedule();
}

void JobQueue::settle(QuitChoice choice) {
    if (choice == QuitChoice::Keep || choice == QuitChoice::Cancel)
        setHeld(true);
    for (const quint64 id : activeJobs()) {
        if (choice == QuitChoice::Wait) {
            resume(id);
        } else if (Entry* entry = find(id); entry->info.state != JobState::Stopping) {
            cancel(id);
            entry->keep = choice == QuitChoice::Keep;
        }
    }
    m_busy = true;  // idle() is the answer even where nothing was left to do
    requestSchedule();
}

}  // namespace saeception
