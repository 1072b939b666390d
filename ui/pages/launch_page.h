// SPDX-License-Identifier: GPL-3.0-or-later
// The Launch page: what to run, on what, with which settings, once or as a sweep; checked while it is typed,
// and shown as the configuration and the command it equals.
#pragma once

#include "ui/jobs/launch_check.h"

#include <QStringList>
#include <QTimer>
#include <QWidget>

#include <filesystem>

class QLabel;
class QPlainTextEdit;
class QPushButton;
class QSplitter;
class QStackedWidget;
class QTabBar;
class QToolButton;

namespace saeception {

class ConfigForm;
class ConfigPreview;
class ConfigValues;
class LaunchChoosers;
class NoticeBanner;
class SweepEditor;

class LaunchPage : public QWidget {
    Q_OBJECT

public:
    explicit LaunchPage(QWidget* parent = nullptr);
    ~LaunchPage() override;

    /// Every override that the page stands for but those of a sweep, in the order in which they are applied.
    QStringList overrides() const;
    /// Fills the page from overrides of the whole loop; those without a field of their own go to the line
    /// "Other overrides", those with several values to the sweep.
    void load(const QStringList& overrides);
    /// The same for a job to be run again with changes. One of a sweep becomes a run of its own.
    void load(const JobSpec& job);
    /// Fills the page from a YAML file: a run's config.yaml (its values against the present presets), an
    /// overrides.yaml, hydra.yaml or multirun.yaml, or a preset. Of a run's folder it only says that it was
    /// dropped (runFolderDropped). A banner says what cannot be loaded. False where nothing could be.
    bool loadFile(const QString& path);

    /// The one-line reason why the present choices cannot run; empty when they can. The answer to the latest
    /// change may still be on its way (isChecking).
    QString error() const;
    bool isChecking() const;
    /// The equivalent command line, quoted for a POSIX shell.
    QString command() const;
    /// How many jobs the present choices make, as far as known.
    int jobCount() const;

    /// Asks for the jobs as the Run button does: once the choices are known to be sound; where they are not,
    /// the keyboard goes to what is wrong.
    void requestRun();
    /// Whether a job that is asked for now has to wait for others.
    void setQueueBusy(bool busy);
    /// Time and memory that the present choices will take, in one line; shown until they change.
    void showEstimate(const QString& text, const QString& details = {});

Q_SIGNALS:
    void jobsRequested(const QList<saeception::JobSpec>& jobs);
    /// The choices have been sound and the same for a while: an estimate of this job (the first of a sweep)
    /// would be read.
    void estimateWanted(const saeception::JobSpec& job);
    /// The choices are others than those an estimate was asked for.
    void estimateObsolete();
    void runFolderDropped(const QString& path);

protected:
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;
    void showEvent(QShowEvent* event) override;

private:
    enum Tab { ConfigTab, SweepTab };

    void makeParts();
    QWidget* makeSide();
    QWidget* makeFooter();
    void makeActions();
    void connectParts();
    void fill(const QString& command, const QStringList& overrides, bool keepGroups);
    LaunchChoices choices() const;
    void scheduleCheck();
    void check(bool atOnce = false);
    void showVerdict(const LaunchVerdict& verdict);
    void showProblems();
    void showPreview();
    void showRun();
    void goToProblem();
    void decide();
    QString ownError() const;
    void chooseFile();
    void applyTheme();

    ConfigValues* m_values;
    LaunchChecker* m_checker;
    LaunchChoosers* m_choosers = nullptr;
    ConfigForm* m_form = nullptr;
    ConfigPreview* m_preview = nullptr;
    SweepEditor* m_sweep = nullptr;
    NoticeBanner* m_banner = nullptr;
    QSplitter* m_splitter = nullptr;
    QTabBar* m_tabs = nullptr;
    QStackedWidget* m_sheets = nullptr;
    QPlainTextEdit* m_command = nullptr;
    QLabel* m_error = nullptr;
    QToolButton* m_showError = nullptr;
    QLabel* m_estimate = nullptr;
    QPushButton* m_run = nullptr;

    QTimer m_check;
    QTimer m_settled;
    LaunchChoices m_asked;    ///< what is being judged, or was last
    LaunchVerdict m_verdict;  ///< of the choices that were judged last
    int m_shownJob = 0;
    bool m_filling = false;
    bool m_runWanted = false;
    bool m_queueBusy = false;
};

}  // namespace saeception
