// SPDX-License-Identifier: GPL-3.0-or-later
// The Dashboard's left side: the run in view with its stages, the metrics of every evaluated cycle and
// warnings, and which runs the charts compare.
#pragma once

#include <QPointer>
#include <QWidget>

class QLabel;
class QLineEdit;
class QListView;
class QPushButton;
class QTableView;
class QTreeView;

namespace saeception {

class CurveRunModel;
class CurveStore;
class RunStory;

class DashboardOverview : public QWidget {
    Q_OBJECT

public:
    explicit DashboardOverview(CurveStore& store, QWidget* parent = nullptr);

    /// Shows `story`, and follows it from now on.
    void setStory(RunStory* story);

Q_SIGNALS:
    void stopRequested();
    /// A run of the list has been double-clicked, or Enter pressed on it.
    void runChosen(const QString& id);

private:
    QWidget* makeRunList();
    void makeStages();
    void makeMetrics();
    void fitRunList();
    void fitStages();
    void showStory();
    void applyTheme();

    CurveStore& m_store;
    CurveRunModel* m_runs;
    QPointer<RunStory> m_story;
    QLabel* m_runTitle;
    QLabel* m_runFolder;
    QPushButton* m_stop;
    QWidget* m_runList = nullptr;
    QLineEdit* m_filter = nullptr;
    QLabel* m_filterProblem = nullptr;
    QListView* m_runView = nullptr;
    QTreeView* m_stageView = nullptr;
    QTableView* m_metricView = nullptr;
    QLabel* m_metricsHint = nullptr;
    QLabel* m_warningText = nullptr;
};

}  // namespace saeception
