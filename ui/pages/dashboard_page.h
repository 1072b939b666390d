// SPDX-License-Identifier: GPL-3.0-or-later
// The Dashboard: the run in view with its stages and metrics, and the curves of every run that is compared
// with it.
#pragma once

#include "ui/jobs/run_session.h"
#include "ui/models/curve_store.h"
#include "ui/plots/process_sampler.h"

#include <QStringList>
#include <QWidget>

class QLabel;
class QStackedLayout;

namespace saeception {

class ChartGrid;
class CurveChart;
class CurveLegend;
class DashboardOverview;
class MetricTableModel;
class StageListModel;

class DashboardPage : public QWidget {
    Q_OBJECT

public:
    /// The id of the run in view among the charts' runs.
    static const QString ownRun;

    explicit DashboardPage(QWidget* parent = nullptr);

    /// Empties the page of the run in view, for one called `title`; `live` lets its clocks run. Runs added
    /// for comparison stay.
    void begin(const QString& title, bool live);
    /// Tells the Stop button whether there is something to stop.
    void setState(RunState state);
    /// Takes events of the run in view in the order in which they happened.
    void consume(const EventBatch& batch);

    /// Draws another run's curves beside those of the run in view. Large runs are read into RunCurves on
    /// another thread first (readRunCurves()). An id that is known is replaced.
    void addRun(const QString& id, const QString& title, RunCurves curves);
    void addRun(const QString& id, const QString& title, const EventBatch& events = {});
    /// More events of a run that was added.
    void appendToRun(const QString& id, const EventBatch& batch);
    void removeRun(const QString& id);
    /// Removes the runs that were added and are not among `ids`.
    void keepRuns(const QStringList& ids);

    CurveStore* curves() const { return m_store; }
    ChartGrid* charts() const { return m_grid; }
    /// The chart that shows `tag`, or null.
    CurveChart* chart(const std::string& tag) const;
    /// Points of the run in view.
    std::size_t pointCount(const std::string& tag, int cycle) const;
    StageListModel* stages() const;
    MetricTableModel* metrics() const;
    /// Warnings shown, one a line; only the latest hundred.
    QStringList warnings() const;
    bool isEmpty() const;

Q_SIGNALS:
    /// The empty page's button.
    void launchPageRequested();
    void stopRequested();

private:
    QWidget* makeEmptyState();
    QWidget* makeCharts();
    void showNotice(const QString& message, bool isError);
    void restoreView();

    QStackedLayout* m_stack;
    QWidget* m_content;
    CurveStore* m_store;
    DashboardOverview* m_overview;
    ChartGrid* m_grid = nullptr;
    QLabel* m_notice = nullptr;
    ProcessSampler m_sampler;
};

}  // namespace saeception
