// SPDX-License-Identifier: GPL-3.0-or-later
// The Compare page: cycles of one run or of several side by side, in numbers, small plots and warnings, and
// the configurations where they differ.
#pragma once

#include "cycle/run_library.h"

#include <QThreadPool>
#include <QWidget>

#include <filesystem>
#include <vector>

class QCheckBox;
class QComboBox;
class QLabel;
class QMenu;
class QPushButton;
class QStackedWidget;
class QTabBar;
class QTableView;

namespace saeception {

class ComparisonModel;
class ConfigDiffModel;
class NoticeBanner;
class RunChips;
class RunTableModel;
class SmallMultiples;

class ComparePage : public QWidget {
    Q_OBJECT

public:
    /// More would be neither told apart nor read.
    static constexpr int mostRuns = 8;

    /// `runs` are those that may be added here; it must outlive the page.
    explicit ComparePage(RunTableModel* runs, QWidget* parent = nullptr);
    ~ComparePage() override;

    /// Compares these runs from now on, the first `mostRuns` of them.
    void setRuns(const std::vector<std::filesystem::path>& roots);
    /// The window shows the run in `root`: so does this page, until runs have been chosen for it.
    void follow(const std::filesystem::path& root);
    /// Reads the runs again, after one of them has changed.
    void reload();
    bool isLoading() const { return m_shown != m_request; }

    const std::vector<std::filesystem::path>& roots() const { return m_roots; }
    ComparisonModel* metrics() const { return m_metrics; }
    ConfigDiffModel* configs() const { return m_configs; }

Q_SIGNALS:
    void runsPageRequested();
    /// The contents of the runs asked for are shown.
    void loaded();

protected:
    void showEvent(QShowEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    enum Tab { MetricsTab, ConfigsTab };

    QWidget* makeEmptyState();
    QWidget* makeBar();
    QWidget* makeMetrics();
    QWidget* makeConfigs();
    void addRun(const std::filesystem::path& root);
    void removeRun(int run);
    void fillAddMenu();
    void showContents(const std::vector<RunContents>& runs);
    void showReferences();
    void showStates();
    void copy(bool markdown);
    void applyTheme();

    RunTableModel* m_known;
    ComparisonModel* m_metrics;
    ConfigDiffModel* m_configs;
    std::vector<std::filesystem::path> m_roots;
    bool m_chosen = false;  ///< by a person, not by follow()
    QString m_tooMany;      ///< what to say of runs that were left out
    quint64 m_request = 0;
    quint64 m_shown = 0;  ///< the request whose answer is shown
    std::vector<RunContents> m_contents;

    QStackedWidget* m_stack = nullptr;
    RunChips* m_chips = nullptr;
    QPushButton* m_add = nullptr;
    QMenu* m_addMenu = nullptr;
    QTabBar* m_tabs = nullptr;
    QLabel* m_againstLabel = nullptr;
    QComboBox* m_against = nullptr;
    QCheckBox* m_details = nullptr;
    QPushButton* m_copy = nullptr;
    NoticeBanner* m_problems = nullptr;
    NoticeBanner* m_warnings = nullptr;
    SmallMultiples* m_plots = nullptr;
    QTableView* m_metricView = nullptr;
    QLabel* m_metricHint = nullptr;
    QTableView* m_configView = nullptr;
    QLabel* m_configHint = nullptr;
    QStackedWidget* m_sheets = nullptr;
    QThreadPool m_pool;  ///< its own: a training run must not keep the figures waiting
};

}  // namespace saeception
