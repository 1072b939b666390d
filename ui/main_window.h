// SPDX-License-Identifier: GPL-3.0-or-later
// The window: the rail, the pages, the menus and the status line, and what one page asks of another.
#pragma once

#include "ui/jobs/job_queue.h"

#include <QKeySequence>
#include <QList>
#include <QMainWindow>
#include <QPointer>
#include <QStringList>

#include <array>
#include <filesystem>

class QAction;
class QStackedWidget;

namespace saeception {

class CommandPalette;
class ComparePage;
class CycleMapPage;
class DashboardPage;
class Estimator;
class EvolutionPage;
class FeaturesPage;
class InspectorPage;
class LaunchPage;
class LogPage;
class NoticeBanner;
class QueuePage;
class QueueStore;
class QuitDialog;
class Rail;
class RunFeatures;
class RunsPage;
class RunViewer;
class SentencesPage;
class StatusLine;
class WelcomePage;

class MainWindow : public QMainWindow {
    Q_OBJECT

public:
    enum Page {
        Launch,
        Queue,
        Cycles,
        Dashboard,
        Features,
        Evolution,
        Inspector,
        Sentences,
        Runs,
        Compare,
        Log,
        PageCount
    };

    explicit MainWindow(QWidget* parent = nullptr);
    ~MainWindow() override;

    /// Adds jobs to the queue; the first of them comes into view when it starts.
    void addJobs(const QList<JobSpec>& jobs);
    /// Fills the Launch page from overrides, and starts them if `start`.
    void loadOverrides(const QStringList& overrides, bool start);
    /// Adds any work to the queue and shows the Dashboard; for tests. @returns the job's id
    quint64 startWork(const QString& title, int threads, Job::Work work);
    /// Shows an existing run: its stages, curves, metrics and features, as far as they can be read; a banner
    /// says what is wrong with it. A folder that holds none is answered with a dialog.
    void openRun(const std::filesystem::path& root);
    /// Shows the feature that `link` names ("saeception:feature?…"), of this run or another.
    void openLink(const QString& link);

    void showPage(Page page);
    Page currentPage() const;
    /// Short names of the pages, for files: "launch", "queue", ...
    static QString pageName(Page page);
    /// What a person reads: "Launch".
    static QString pageTitle(Page page);
    static QKeySequence pageShortcut(Page page);
    void showWelcome();
    /// Opens the list of all shortcuts, which goes when it is closed.
    QWidget* showShortcuts();
    /// In the order of Page.
    std::array<QWidget*, PageCount> pages() const;

    JobQueue* queue() const { return m_queue; }
    RunViewer* viewer() const { return m_viewer; }
    LaunchPage* launchPage() const { return m_launch; }
    QueuePage* queuePage() const { return m_queuePage; }
    CycleMapPage* cycleMapPage() const { return m_map; }
    DashboardPage* dashboardPage() const { return m_dashboard; }
    FeaturesPage* featuresPage() const { return m_features; }
    EvolutionPage* evolutionPage() const { return m_evolution; }
    InspectorPage* inspectorPage() const { return m_inspector; }
    SentencesPage* sentencesPage() const { return m_sentences; }
    RunsPage* runsPage() const { return m_runs; }
    ComparePage* comparePage() const { return m_compare; }
    LogPage* logPage() const { return m_log; }
    StatusLine* statusLine() const { return m_status; }
    CommandPalette* commandPalette() const { return m_palette; }

Q_SIGNALS:
    /// A run, or the reading of an opened one, has ended.
    void runFinished(saeception::RunState state);

protected:
    void closeEvent(QCloseEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;

private:
    void makePages();
    void makeMenus();
    void connectLaunch();
    void connectQueue();
    void connectRuns();
    void connectFeatures();
    void updateActions();
    /// Adds a job that is watched on the page in sight.
    void addHere(const JobSpec& job);
    void openPath(const QString& path);
    /// Adds the job that builds the feature index of `cycle` of the run in view anew.
    void rebuildIndex(int cycle);
    void askToClose();
    void chooseRun();
    void showError(const QString& title, const QString& message);
    void about();
    void restoreLayout();
    void saveLayout();

    JobQueue* m_queue;
    QueueStore* m_store;
    Rail* m_rail;
    QStackedWidget* m_pages;
    LaunchPage* m_launch;
    QueuePage* m_queuePage;
    CycleMapPage* m_map;
    DashboardPage* m_dashboard;
    RunFeatures* m_runFeatures;  ///< of the run in view
    FeaturesPage* m_features;
    EvolutionPage* m_evolution;
    InspectorPage* m_inspector;
    SentencesPage* m_sentences;
    RunsPage* m_runs;
    ComparePage* m_compare;
    LogPage* m_log;
    WelcomePage* m_welcome;
    NoticeBanner* m_notice;  ///< what is wrong with the run in view, or failed
    StatusLine* m_status;
    RunViewer* m_viewer;
    Estimator* m_estimator;
    CommandPalette* m_palette;
    QAction* m_runAction = nullptr;
    QAction* m_pauseAction = nullptr;
    QAction* m_resumeAction = nullptr;
    QAction* m_stopAction = nullptr;
    QPointer<QuitDialog> m_question;
    bool m_closing = false;  ///< close as soon as the queue is idle
    bool m_waiting = false;  ///< until every job is done, which may be long
};

}  // namespace saeception
