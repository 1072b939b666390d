// SPDX-License-Identifier: GPL-3.0-or-later
// Which run the pages show, a job of the queue or a folder that was opened, and what each page is told of it.
#pragma once

#include "cycle/run_library.h"
#include "ui/jobs/job_queue.h"

#include <QPointer>

#include <filesystem>

namespace saeception {

class ComparePage;
class CycleMapPage;
class DashboardPage;
class NoticeBanner;
class RunFeatures;
class RunsPage;
class StatusLine;

/// Lives on the GUI thread. Every job of the queue is followed from its start; one run at a time is in view,
/// on all pages alike.
class RunViewer : public QObject {
    Q_OBJECT

public:
    /// Every page, and the store of what pages about features show.
    struct Pages {
        CycleMapPage* map;
        DashboardPage* dashboard;
        RunFeatures* features;
        RunsPage* runs;
        ComparePage* compare;
        NoticeBanner* notice;
        StatusLine* status;
    };

    RunViewer(JobQueue& queue, const Pages& pages, QObject* parent);

    /// Brings a job into view that has been started; one that still waits comes into view when it starts, or
    /// its folder at once where an earlier session left one. @throws UserError where that is no run any more
    void showJob(quint64 id);
    /// Brings the run in `root` into view: the job that writes it, else what its folder tells, as far as it
    /// can be read; a banner says what is wrong with it. @throws UserError where the folder holds no run.
    void openRun(const std::filesystem::path& root);
    /// Draws the curves of the runs in `roots` beside those in view, once they are read.
    void addToCharts(const std::vector<std::filesystem::path>& roots);

    /// The job in view; 0 for an opened run, or none.
    quint64 job() const;
    /// Of the run in view; empty while that is not known.
    QString folder() const;
    bool isReading() const;
    /// The job that the status line speaks of: the one in view while it is active, else the latest that
    /// began; 0 while there is none.
    quint64 foremost() const { return m_told; }

Q_SIGNALS:
    void viewChanged();
    /// An opened run has been read.
    void runRead(saeception::RunState state, const QString& message);

private:
    void started(quint64 id);
    void receive(quint64 id, const EventBatch& batch);
    void changed(quint64 id);
    void ended(quint64 id, RunState state, const QString& message);
    void showWhole(quint64 id);
    void adopt(const QString& key);
    void tellPages(const EventBatch& batch);
    void enterFolder(const QString& folder);
    void showProblems(const RunSummary& run);
    void showStatus();

    JobQueue& m_queue;
    Pages m_pages;
    QString m_key;                   ///< of the run in view, as the Dashboard knows it
    quint64 m_awaited = 0;           ///< comes into view when it starts
    QPointer<RunSession> m_reading;  ///< of the latest opened run
    std::filesystem::path m_opened;  ///< the run in view where it is no job's; else empty
    quint64 m_told = 0;              ///< the job that the status line speaks of
};

}  // namespace saeception
