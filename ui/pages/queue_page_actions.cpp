// SPDX-License-Identifier: GPL-3.0-or-later
// What the Queue page can be asked to do: each action with its words, its keys, and the jobs that it is for.
#include "ui/jobs/job_queue.h"
#include "ui/models/job_table_model.h"
#include "ui/pages/job_list.h"
#include "ui/pages/queue_page.h"
#include "ui/reveal.h"

#include <QAction>
#include <QClipboard>
#include <QGuiApplication>
#include <QMenu>

#include <algorithm>

namespace saeception {
namespace {

bool canPause(const JobInfo& job) {
    return job.state == JobState::Running || job.state == JobState::Resuming ||
           (job.state == JobState::Waiting && !job.onHold);
}
bool canResume(const JobInfo& job) {
    return job.state == JobState::Paused || job.state == JobState::Pausing ||
           (job.state == JobState::Waiting && job.onHold);
}
bool canCancel(const JobInfo& job) {
    return (isActive(job.state) && job.state != JobState::Stopping) || job.state == JobState::Waiting;
}
bool canMove(const JobInfo& job) {
    return job.state == JobState::Waiting;
}
bool canRemove(const JobInfo& job) {
    return !isActive(job.state);
}
bool hasSpec(const JobInfo& job) {
    return !job.spec.command.isEmpty();
}
bool hasFolder(const JobInfo& job) {
    return !job.directory.isEmpty();
}
bool hasBegun(const JobInfo& job) {
    return job.started > 0 || hasFolder(job);
}

}  // namespace

QAction* QueuePage::add(const QString& text, const char* name, const QKeySequence& keys,
                        const QString& tooltip, std::function<void()> work) {
    auto* action = new QAction(text, this);
    action->setObjectName(QString::fromLatin1(name));
    action->setShortcut(keys);
    action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    const QString shown = keys.toString(QKeySequence::NativeText);
    action->setToolTip(shown.isEmpty() ? tooltip : tr("%1 (%2)").arg(tooltip, shown));
    connect(action, &QAction::triggered, this, [this, run = std::move(work)] {
        if (m_queue)
            run();
    });
    addAction(action);
    m_menu->addAction(action);
    return action;
}

QAction* QueuePage::addForJobs(const QString& text, const char* name, const QKeySequence& keys,
                               const QString& tooltip, Test allows, std::function<void(quint64)> work) {
    QAction* action = add(text, name, keys, tooltip, [this, allows, run = std::move(work)] {
        for (const quint64 id : allowed(allows))
            run(id);
    });
    m_rules.push_back({action, allows, false});
    return action;
}

QAction* QueuePage::addForOne(const QString& text, const char* name, const QKeySequence& keys,
                              const QString& tooltip, Test allows, std::function<void(quint64)> work) {
    QAction* action = addForJobs(text, name, keys, tooltip, allows, std::move(work));
    m_rules.back().one = true;
    return action;
}

void QueuePage::makeJobActions() {
    m_pause =
        addForJobs(tr("&Pause"), "pauseJob", QKeySequence(QStringLiteral("Space")),
                   tr("Holds a running job after its present step and frees its threads; puts a waiting "
                      "one on hold"),
                   canPause, [this](quint64 id) { m_queue->pause(id); });
    m_resume = addForJobs(tr("&Resume"), "resumeJob", QKeySequence(QStringLiteral("Shift+Space")),
                          tr("Lets paused jobs and jobs on hold go on"), canResume,
                          [this](quint64 id) { m_queue->resume(id); });
    m_cancel =
        addForJobs(tr("&Cancel"), "cancelJob", QKeySequence(QStringLiteral("Ctrl+Backspace")),
                   tr("Ends a running job after its present step, takes a waiting one out of the queue"),
                   canCancel, [this](quint64 id) { m_queue->cancel(id); });
    m_menu->addSeparator();
    m_retry = addForJobs(tr("Re&try"), "retryJob", QKeySequence(QStringLiteral("Ctrl+T")),
                         tr("Adds the job again, from its beginning and in a folder of its own"), canRetry,
                         [this](quint64 id) { choose(m_queue->retry(id)); });
    m_resumeRun = addForJobs(tr("Resume r&un"), "resumeRun", QKeySequence(QStringLiteral("Ctrl+U")),
                             tr("Goes on with an unfinished run in its folder, from its last finished stage"),
                             canResumeRun, [this](quint64 id) { choose(m_queue->resumeRun(id)); });
    m_clone = addForOne(tr("Clone with &edits…"), "cloneJob", QKeySequence(QStringLiteral("Ctrl+E")),
                        tr("Shows the job's settings on the Launch page, to be changed and started"), hasSpec,
                        [this](quint64 id) {
                            JobSpec spec = m_queue->job(id)->spec;
                            spec.resume.clear();
                            Q_EMIT editRequested(spec);
                        });
    m_menu->addSeparator();
    const auto mover = [this](const QString& text, const char* name, const char* keys, const QString& tooltip,
                              bool up, bool toEnd) {
        QAction* action = add(text, name, QKeySequence(QString::fromLatin1(keys)), tooltip,
                              [this, up, toEnd] { moveChosen(up, toEnd); });
        m_rules.push_back({action, canMove, false});
        return action;
    };
    m_up = mover(tr("Move &up"), "moveJobUp", "Alt+Up", tr("Starts the waiting job one place earlier"), true,
                 false);
    m_down = mover(tr("Move &down"), "moveJobDown", "Alt+Down", tr("Starts the waiting job one place later"),
                   false, false);
    mover(tr("Move to the &front"), "moveJobFirst", "Alt+Home", tr("Starts the waiting job next"), true,
          true);
    mover(tr("Move to the e&nd"), "moveJobLast", "Alt+End", tr("Starts the waiting job last"), false, true);
    m_menu->addSeparator();
    m_show = addForOne(tr("&Show on Dashboard"), "showJobAction", QKeySequence(Qt::Key_Return),
                       tr("Shows the curves and stages of this job"), hasBegun,
                       [this](quint64 id) { Q_EMIT showRequested(id); });
    m_log = addForOne(tr("Show in the &log"), "showJobLogAction", QKeySequence(QStringLiteral("Ctrl+L")),
                      tr("Shows what this job's log says"), hasFolder,
                      [this](quint64 id) { Q_EMIT logRequested(m_queue->job(id)->directory); });
    m_reveal = addForOne(tr("Show in file &manager"), "revealJob", {}, tr("Shows the run's folder"),
                         hasFolder, [this](quint64 id) { revealInFileManager(m_queue->job(id)->directory); });
    m_copy = addForOne(
        tr("Copy c&ommand"), "copyJobCommandAction", QKeySequence::Copy,
        tr("Copies the command that does the same in a terminal"), hasSpec,
        [this](quint64 id) { QGuiApplication::clipboard()->setText(jobCommand(m_queue->job(id)->spec)); });
    m_menu->addSeparator();
    addForJobs(tr("Remove from the l&ist"), "removeJob", QKeySequence(Qt::Key_Delete),
               tr("Takes jobs that are not active off the list; the files of a run stay"), canRemove,
               [this](quint64 id) { m_queue->remove(id); });
}

void QueuePage::makeQueueActions() {
    m_clear = add(tr("Clear &finished"), "clearFinished", QKeySequence(QStringLiteral("Ctrl+Shift+Delete")),
                  tr("Takes every job that is done, stopped or failed off the list; files stay"),
                  [this] { m_queue->clearFinished(); });
    m_menu->addSeparator();
    m_hold = add(tr("&Hold the queue"), "holdQueue", QKeySequence(QStringLiteral("Ctrl+H")),
                 tr("Starts no waiting job until the queue is released; what runs goes on"),
                 [this] { m_queue->setHeld(m_hold->isChecked()); });
    m_hold->setCheckable(true);
    m_release = add(tr("Re&lease all"), "releaseQueue", QKeySequence(QStringLiteral("Ctrl+Shift+H")),
                    tr("Lets the queue and every job on hold go on"), [this] { m_queue->releaseAll(); });
}

std::vector<quint64> QueuePage::allowed(Test allows) const {
    std::vector<quint64> ids;
    for (const quint64 id : m_table->chosen())
        if (const JobInfo* job = m_queue ? m_queue->job(id) : nullptr; job != nullptr && allows(*job))
            ids.push_back(id);
    return ids;
}

void QueuePage::moveChosen(bool up, bool toEnd) {
    std::vector<quint64> ids = allowed(canMove);
    // The one in front goes first, so that none passes another that is chosen.
    const bool forwards = up != toEnd;
    if (!forwards)
        std::reverse(ids.begin(), ids.end());
    int limit = up ? 0 : m_queue->waitingCount() - 1;
    for (const quint64 id : ids) {
        const int place = m_queue->placeOf(id);
        if (toEnd)
            m_queue->moveTo(id, up ? 0 : limit);
        else if (place != limit)
            m_queue->moveTo(id, up ? place - 1 : place + 1);
        else
            limit += up ? 1 : -1;
    }
    if (!ids.empty())
        m_table->scrollTo(m_model->index(m_model->rowOf(ids.front()), JobTableModel::Title));
}

}  // namespace saeception
