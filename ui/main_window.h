// SPDX-License-Identifier: GPL-3.0-or-later
// The window: the rail, the pages, the status line, and what happens between them when a run starts, moves
// and ends.
#pragma once

#include "cycle/run_library.h"
#include "ui/jobs/run_session.h"

#include <QMainWindow>
#include <QStringList>

#include <filesystem>

class QAction;
class QMessageBox;
class QStackedWidget;

namespace saeception {

class ComparePage;
class DashboardPage;
class FeaturesPage;
class LaunchPage;
class NoticeBanner;
class Rail;
class RunsPage;
class StatusLine;

class MainWindow : public QMainWindow {
    Q_OBJECT

public:
    enum Page { Launch, Dashboard, Features, Runs, Compare, PageCount };

    explicit MainWindow(QWidget* parent = nullptr);
    ~MainWindow() override;

    /// Starts `saeception train_cycle overrides...` and shows the Dashboard. Ignored while a run is active.
    void startRun(const QStringList& overrides);
    /// Fills the Launch page from overrides, and starts them if `start`.
    void loadOverrides(const QStringList& overrides, bool start);
    /// Starts any work as a run; for tests and for runs that are not a whole cycle.
    void startWork(const QString& title, int threads, Job::Work work);
    /// Shows an existing run: its curves, metrics and features, as far as they can be read; a banner says
    /// what is wrong with it. A folder that holds none is answered with a dialog.
    void openRun(const std::filesystem::path& root);
    void stopRun();

    void showPage(Page page);
    Page currentPage() const;
    bool isRunActive() const;

    LaunchPage* launchPage() const { return m_launch; }
    DashboardPage* dashboardPage() const { return m_dashboard; }
    FeaturesPage* featuresPage() const { return m_features; }
    RunsPage* runsPage() const { return m_runs; }
    ComparePage* comparePage() const { return m_compare; }
    StatusLine* statusLine() const { return m_status; }

    /// Saves a picture of each page as DIR/launch.png and so on. @returns the files; empty if one could not
    /// be written.
    QStringList savePictures(const QString& directory);
    /// Does so when the next run has ended or been read, then quits the program (status 1 if it failed).
    void savePicturesAtEnd(const QString& directory);

Q_SIGNALS:
    void runStarted();
    /// A run, or the reading of an opened one, has ended.
    void runFinished(saeception::RunState state);

protected:
    void closeEvent(QCloseEvent* event) override;

private:
    void makeMenus();
    void connectPages();
    void connectRuns();
    void showProblems(const RunSummary& run);
    void begin(const QString& title, int threads, Job::Work work, bool live);
    void receive(const EventBatch& batch);
    void stateChanged(RunState state);
    void ended(RunState state, const QString& message);
    void askToClose();
    void chooseRun();
    void showError(const QString& title, const QString& message);
    void about();
    void restoreLayout();
    void saveLayout();

    Rail* m_rail;
    QStackedWidget* m_pages;
    LaunchPage* m_launch;
    DashboardPage* m_dashboard;
    FeaturesPage* m_features;
    RunsPage* m_runs;
    ComparePage* m_compare;
    NoticeBanner* m_notice;  ///< what is wrong with the opened run
    StatusLine* m_status;
    QAction* m_runAction = nullptr;
    QAction* m_stopAction = nullptr;
    QAction* m_openAction = nullptr;
    RunSession* m_session = nullptr;  ///< the active or the latest run
    std::filesystem::path m_opened;   ///< the run that is shown and was not started here; else empty
    bool m_live = false;              ///< the session trains; false while an opened run is read
    bool m_closing = false;           ///< close as soon as the run has ended
    QMessageBox* m_question = nullptr;
};

}  // namespace saeception
