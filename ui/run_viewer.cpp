// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/run_viewer.h"

#include "base/error.h"
#include "cycle/run_directory.h"
#include "ui/jobs/run_features.h"
#include "ui/jobs/run_replay.h"
#include "ui/jobs/run_scanner.h"
#include "ui/models/curve_reader.h"
#include "ui/models/run_story.h"
#include "ui/pages/compare_page.h"
#include "ui/pages/cycle_map_page.h"
#include "ui/pages/dashboard_page.h"
#include "ui/pages/runs_page.h"
#include "ui/widgets/notice_banner.h"
#include "ui/widgets/status_line.h"

#include <QCoreApplication>
#include <QThreadPool>

#include <memory>
#include <utility>

namespace saeception {
namespace {

const QString jobPrefix = QStringLiteral("job ");

QString keyOf(quint64 id) {
    return jobPrefix + QString::number(id);
}

// 0 for the folder of an opened run.
quint64 jobOf(const QString& key) {
    return key.startsWith(jobPrefix) ? key.mid(jobPrefix.size()).toULongLong() : 0;
}

RunState runStateOf(JobState state) {
    switch (state) {
        case JobState::Running:
            return RunState::Running;
        case JobState::Pausing:
            return RunState::Pausing;
        case JobState::Paused:
        case JobState::Resuming:
            return RunState::Paused;
        case JobState::Stopping:
            return RunState::Stopping;
        case JobState::Done:
            return RunState::Done;
        case JobState::Kept:
        case JobState::Stopped:
            return RunState::Stopped;
        case JobState::Failed:
            return RunState::Failed;
        case JobState::Waiting:
            break;
    }
    return RunState::Waiting;
}

// What the folder is called until its notes have been read.
QString titleOf(const std::filesystem::path& root) {
    return QString::fromStdString(runTitle(root, {}));
}

}  // namespace

RunViewer::RunViewer(JobQueue& queue, const Pages& pages, QObject* parent)
    : QObject(parent), m_queue(queue), m_pages(pages) {
    connect(&m_queue, &JobQueue::started, this, &RunViewer::started);
    connect(&m_queue, &JobQueue::eventsArrived, this, &RunViewer::receive);
    connect(&m_queue, &JobQueue::jobChanged, this, &RunViewer::changed);
    connect(&m_queue, &JobQueue::finished, this, &RunViewer::ended);
    connect(&m_queue, &JobQueue::jobAdded, this, &RunViewer::showStatus);
    connect(&m_queue, &JobQueue::jobRemoved, this, &RunViewer::showStatus);
    connect(m_pages.dashboard, &DashboardPage::viewChanged, this, &RunViewer::adopt);
    connect(m_pages.dashboard, &DashboardPage::stopRequested, this, [this](const QString& key) {
        if (const quint64 id = jobOf(key))
            m_queue.cancel(id);
        else if (m_reading)
            m_reading->requestStop();
    });
    connect(m_pages.runs->scanner(), &RunScanner::inspected, this, &RunViewer::showProblems);
}

quint64 RunViewer::job() const {
    return jobOf(m_key);
}

QString RunViewer::folder() const {
    if (job() == 0)
        return m_key;
    const RunStory* story = m_pages.dashboard->story(m_key);
    return story == nullptr ? QString() : story->folder();
}

bool RunViewer::isReading() const {
    return m_reading && m_reading->isActive();
}

void RunViewer::showJob(quint64 id) {
    const JobInfo* job = m_queue.job(id);
    if (m_pages.dashboard->follows(keyOf(id)))
        m_pages.dashboard->view(keyOf(id));
    else if (job != nullptr && !job->directory.isEmpty() && !isActive(job->state))
        openRun(job->directory.toStdString());  // of an earlier session
    else
        m_awaited = id;
}

void RunViewer::openRun(const std::filesystem::path& root) {
    // What is left of a damaged run is shown as well.
    const RunDirectory directory = isRunFolder(root) ? RunDirectory::at(root) : RunDirectory::open(root);
    const QString folder = QString::fromStdString(directory.root().string());
    const QString followed = m_pages.dashboard->runIn(folder);
    if (const JobInfo* writer = m_queue.job(jobOf(followed)); writer != nullptr && isActive(writer->state)) {
        m_pages.dashboard->view(followed);
        return;
    }
    delete m_reading;
    m_pages.dashboard->begin(folder, titleOf(directory.root()), false);
    m_pages.dashboard->view(folder);
    m_reading = new RunSession(folder, replayWork(directory), this);
    connect(m_reading, &RunSession::eventsArrived, this, [this, folder](const EventBatch& batch) {
        m_pages.dashboard->consume(folder, batch);
        if (folder == m_key)
            m_pages.map->consume(batch);
    });
    connect(m_reading, &RunSession::finished, this, [this](RunState state, const QString& message) {
        if (m_told == 0)
            m_pages.status->setMessage(tr("Nothing is running"));
        Q_EMIT runRead(state, message);
    });
    m_reading->start(*QThreadPool::globalInstance());
}

void RunViewer::addToCharts(const std::vector<std::filesystem::path>& roots) {
    for (const std::filesystem::path& root : roots) {
        const QString folder = QString::fromStdString(root.string());
        if (const QString followed = m_pages.dashboard->runIn(folder); !followed.isEmpty()) {
            CurveStore* curves = m_pages.dashboard->curves();
            curves->setChecked(curves->indexOf(followed), true);
            continue;
        }
        QThreadPool::globalInstance()->start([target = QPointer<RunViewer>(this), root, folder] {
            auto read = std::make_shared<CurvesRead>(readRunCurves(RunDirectory::at(root).metricsLog()));
            QString title = titleOf(root);
            try {
                title = QString::fromStdString(runTitle(root, loadRunNotes(root)));
            } catch (const UserError&) {
                // The Runs page tells what is wrong with its notes.
            }
            QMetaObject::invokeMethod(
                qApp,
                [target, read, folder, title] {
                    if (target)
                        target->m_pages.dashboard->addRun(folder, title, std::move(read->curves));
                },
                Qt::QueuedConnection);
        });
    }
}

void RunViewer::started(quint64 id) {
    const JobInfo* job = m_queue.job(id);
    const JobInfo* viewed = m_queue.job(this->job());
    // Whoever watches the queue goes on to its next job; whoever looks at an opened run stays there.
    const bool follows =
        m_key.isEmpty() || (this->job() != 0 && (viewed == nullptr || isFinished(viewed->state)));
    m_pages.dashboard->begin(keyOf(id), job->title, true);
    if (id == m_awaited || follows)
        m_pages.dashboard->view(keyOf(id));
    if (id == m_awaited)
        m_awaited = 0;
    m_told = id;
    changed(id);
}

void RunViewer::receive(quint64 id, const EventBatch& batch) {
    m_pages.dashboard->consume(keyOf(id), batch);
    for (const Event& event : batch)
        if (const auto* begun = std::get_if<RunStarted>(&event.body))
            m_pages.runs->remember(QString::fromStdString(begun->directory));
    if (keyOf(id) == m_key)
        tellPages(batch);
}

void RunViewer::tellPages(const EventBatch& batch) {
    for (const Event& event : batch) {
        if (const auto* begun = std::get_if<RunStarted>(&event.body)) {
            enterFolder(QString::fromStdString(begun->directory));
        } else if (std::holds_alternative<CycleEvaluated>(event.body)) {
            m_pages.compare->reload();
        } else if (const auto* saved = std::get_if<ArtefactSaved>(&event.body)) {
            if (saved->stage == Stage::Features)
                m_pages.features->reload();
        }
    }
    m_pages.map->consume(batch);
}

void RunViewer::changed(quint64 id) {
    const JobInfo* job = m_queue.job(id);
    if (job == nullptr)
        return;
    m_pages.dashboard->setTitle(keyOf(id), job->title);
    m_pages.dashboard->setState(keyOf(id), runStateOf(job->state));
    if (keyOf(id) == m_key)
        m_pages.map->setActive(isActive(job->state));
    showStatus();
}

void RunViewer::ended(quint64 id, RunState state, const QString& message) {
    if (const JobInfo* job = m_queue.job(id); job != nullptr && state == RunState::Failed)
        m_pages.notice->showLine(tr("%1 failed: %2").arg(job->title, message));
    m_pages.runs->refresh();
    showStatus();
    showWhole(id);
}

// A job that went on with a run told only of its own part.
void RunViewer::showWhole(quint64 id) {
    const JobInfo* job = m_queue.job(id);
    if (job == nullptr || keyOf(id) != m_key || job->directory.isEmpty() || m_queue.waitingCount() > 0)
        return;
    const bool isPart = !job->spec.resume.isEmpty() ||
                        (!job->spec.command.isEmpty() && job->spec.command != QLatin1String("train_cycle"));
    if (!isPart)
        return;
    const QStringList problems = m_pages.notice->lines();
    try {
        openRun(job->directory.toStdString());
        m_pages.notice->showLines({}, problems);
    } catch (const UserError&) {
        // What the job has told stays in view.
    }
}

// Another run has come into view.
void RunViewer::adopt(const QString& key) {
    if (key == m_key && jobOf(key) != 0)
        return;
    m_key = key;
    const RunStory* story = m_pages.dashboard->story(key);
    const JobInfo* job = m_queue.job(jobOf(key));
    m_opened.clear();
    m_pages.notice->showLines({}, {});
    m_pages.map->begin(story->title());
    m_pages.map->setCurves(m_pages.dashboard->curves(), key);
    m_pages.map->setActive(job != nullptr && isActive(job->state));
    const QString folder = jobOf(key) == 0 ? key : story->folder();
    if (jobOf(key) == 0) {
        m_opened = folder.toStdString();
        m_pages.runs->scanner()->inspect(m_opened);
    }
    // Until it begins, a job that goes on with the run in sight has no folder to tell.
    if (job == nullptr || !folder.isEmpty() ||
        !goesOnWith(job->spec, QString::fromStdString(m_pages.features->root().string())))
        enterFolder(folder);
    m_pages.map->consume(story->milestones());
    Q_EMIT viewChanged();
}

void RunViewer::enterFolder(const QString& folder) {
    const std::filesystem::path root = folder.toStdString();
    m_pages.features->setRun(root);
    if (!folder.isEmpty())
        m_pages.compare->follow(root);
}

void RunViewer::showProblems(const RunSummary& run) {
    if (m_opened.empty() || run.root != m_opened)
        return;
    m_pages.dashboard->setTitle(m_key, QString::fromStdString(runTitle(run)));
    QStringList lines;
    if (run.status == RunStatus::Running)
        lines << tr("Another process still writes this run. What is shown is its state when it was opened.");
    if (run.status == RunStatus::Failed)
        lines << tr("This run failed: %1").arg(QString::fromStdString(run.ending));
    if (run.status == RunStatus::Interrupted)
        lines << tr("This run ended without a word, as after a crash. What it left is shown.");
    for (const std::string& problem : run.problems)
        lines << QString::fromStdString(problem);
    m_pages.notice->showLines({}, lines);
}

// The line speaks of the job in view while that is active, else of the latest that began.
void RunViewer::showStatus() {
    const JobInfo* viewed = m_queue.job(job());
    if (viewed != nullptr && isActive(viewed->state))
        m_told = viewed->id;
    const JobInfo* told = m_queue.job(m_told);
    const std::vector<quint64> active = m_queue.activeJobs();
    if ((told == nullptr || !isActive(told->state)) && !active.empty())
        told = m_queue.job(m_told = active.front());
    if (told != nullptr)
        m_pages.status->showJob(*told);
    const int others = static_cast<int>(active.size()) - (told != nullptr && isActive(told->state) ? 1 : 0);
    m_pages.status->setOthers(others, m_queue.waitingCount());
}

}  // namespace saeception
