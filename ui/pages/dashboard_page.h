// SPDX-License-Identifier: GPL-3.0-or-later
// The Dashboard: the stages of one run with their progress, its live curves, and the metrics of every
// evaluated cycle.
#pragma once

#include "ui/jobs/run_session.h"

#include <QTimer>
#include <QWidget>

#include <array>

class QGridLayout;
class QLabel;
class QPushButton;
class QStackedLayout;
class QTableView;
class QTreeView;

namespace saeception {

class CurveChart;
class CurveLegend;
class MetricTableModel;
class StageListModel;

class DashboardPage : public QWidget {
    Q_OBJECT

public:
    enum ChartId {
        LossChart,
        AccuracyChart,
        ReconstructionChart,
        L0Chart,
        DeadChart,
        AuxiliaryChart,
        ChartCount
    };

    explicit DashboardPage(QWidget* parent = nullptr);

    /// Empties the page for a run called `title`; `live` lets its clocks run.
    void begin(const QString& title, bool live);
    /// Tells the Stop button whether there is something to stop.
    void setState(RunState state);
    /// Takes events in the order in which they happened.
    void consume(const EventBatch& batch);

    CurveChart* chart(ChartId id) const { return m_charts[id]; }
    StageListModel* stages() const { return m_stages; }
    MetricTableModel* metrics() const { return m_metrics; }
    /// Warnings shown, one a line; only the latest hundred.
    QStringList warnings() const { return m_warnings; }
    bool isEmpty() const;

Q_SIGNALS:
    /// The empty page's button.
    void launchPageRequested();
    void stopRequested();

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    QWidget* makeEmptyState();
    QWidget* makeOverview();
    QWidget* makeCharts();
    void arrangeCharts(int columns);
    void scalar(const Scalar& point);
    void showWarnings();
    void applyTheme();

    QStackedLayout* m_stack;
    QWidget* m_content;
    QLabel* m_runTitle;
    QLabel* m_runFolder;
    QPushButton* m_stop;
    QLabel* m_metricsHint;
    QLabel* m_warningText;
    QTreeView* m_stageView;
    QTableView* m_metricView;
    StageListModel* m_stages;
    MetricTableModel* m_metrics;
    CurveLegend* m_legend;
    QGridLayout* m_grid;
    std::array<CurveChart*, ChartCount> m_charts{};
    int m_columns = 0;
    QStringList m_warnings;
    QTimer m_clock;
};

}  // namespace saeception
