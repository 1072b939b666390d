// SPDX-License-Identifier: GPL-3.0-or-later
// The Cycle map page: the loop as a diagram, live or read from a run's folder, with the chosen node in full
// beside it.
#pragma once

#include "ui/jobs/event_bridge.h"
#include "ui/jobs/job_spec.h"
#include "ui/models/cycle_map_model.h"

#include <QThreadPool>
#include <QTimer>
#include <QWidget>

#include <filesystem>
#include <optional>
#include <stop_token>

class QAction;
class QLabel;
class QMessageBox;
class QPushButton;
class QStackedWidget;

namespace saeception {

class CurveStore;
class CycleDetails;
class CycleDiagram;
class EmptyState;
class NoticeBanner;

class CycleMapPage : public QWidget {
    Q_OBJECT

public:
    explicit CycleMapPage(QWidget* parent = nullptr);
    ~CycleMapPage() override;

    /// Empties the page for a run called `title`.
    void begin(const QString& title);
    /// Shows the run in `root`, which is read in the background; an empty path shows none.
    void setRun(const std::filesystem::path& root);
    /// Reads the folder again.
    void reload();
    /// Takes events of the run in the order in which they happened, live or replayed. A RunStarted names the
    /// folder.
    void consume(const EventBatch& batch);
    /// Whether the run goes on in this window; none of its stages can be started meanwhile.
    void setActive(bool runIsLive);
    /// Where the curves come from: run `runId` of `store`.
    void setCurves(const CurveStore* store, const QString& runId);

    CycleMapModel* model() const { return m_model; }
    CycleDiagram* diagram() const { return m_diagram; }
    const std::filesystem::path& root() const { return m_root; }
    /// Whether the folder is being read.
    bool isReading() const { return m_reading; }

Q_SIGNALS:
    void stageRequested(const saeception::JobSpec& spec);
    void resumeRequested(const QString& runFolder);
    void launchPageRequested();
    /// One line for the status line, such as what has been copied.
    void noticed(const QString& message);
    /// What was asked of the folder has been read and is shown.
    void loaded();

protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    QWidget* makeHeader();
    void makeActions();
    void showContents(const CycleMapContents& contents);
    void showWhole();
    void choose();
    void showChosen();
    void showOffer();
    /// Why the chosen stage cannot be run now; empty: it can.
    QString reasonAgainst(const CycleNode& stage) const;
    std::optional<JobSpec> specOf(const CycleNode& stage) const;
    void runChosen();
    void confirm(const JobSpec& spec, const QString& title, const QString& consequences);
    QString pathToChosen() const;
    void applyTheme();

    CycleMapModel* m_model;
    CycleDiagram* m_diagram;
    CycleDetails* m_details = nullptr;
    QStackedWidget* m_stack;
    EmptyState* m_empty = nullptr;
    QPushButton* m_toLaunch = nullptr;
    QLabel* m_titleLabel = nullptr;
    QLabel* m_summary = nullptr;
    QPushButton* m_resume = nullptr;
    NoticeBanner* m_problems = nullptr;
    QAction* m_runAction = nullptr;
    QAction* m_resumeAction = nullptr;
    QAction* m_revealAction = nullptr;
    QAction* m_copyAction = nullptr;
    QAction* m_reloadAction = nullptr;
    QMessageBox* m_question = nullptr;
    QString m_title;
    std::filesystem::path m_root;
    bool m_reading = false;
    bool m_chosen = false;    ///< by a person; else the node that matters most is shown
    bool m_choosing = false;  ///< by the page itself, now
    quint64 m_request = 0;
    std::stop_source m_stop;
    QTimer m_clock;  ///< of running stages
    QTimer m_soon;   ///< until the folder is read again
    QTimer m_other;  ///< between looks at a run that another process writes
};

}  // namespace saeception
