// SPDX-License-Identifier: GPL-3.0-or-later
// The Dashboard's left side: the run in view with its stages, the metrics of every evaluated cycle and
// warnings, and which runs the charts compare.
#pragma once

#include "ui/jobs/run_session.h"

#include <QStringList>
#include <QTimer>
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
class MetricTableModel;
class StageListModel;

class DashboardOverview : public QWidget {
    Q_OBJECT

public:
    explicit DashboardOverview(CurveStore& store, QWidget* parent = nullptr);

    void begin(const QString& title, bool live);
    void setState(RunState state);
    void consume(const EventBatch& batch);
    /// Adds a warning that the run itself did not send.
    void warn(const QString& text);

    StageListModel* stages() const { return m_stages; }
    MetricTableModel* metrics() const { return m_metrics; }
    const QStringList& warnings() const { return m_warnings; }

Q_SIGNALS:
    void stopRequested();

private:
    QWidget* makeRunList();
    void makeStages();
    void makeMetrics();
    void fitRunList();
    void showWarnings();
    void applyTheme();

    CurveStore& m_store;
    StageListModel* m_stages;
    MetricTableModel* m_metrics;
    CurveRunModel* m_runs;
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
    QStringList m_warnings;
    QTimer m_clock;
};

}  // namespace saeception
