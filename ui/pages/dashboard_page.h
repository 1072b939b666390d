// SPDX-License-Identifier: GPL-3.0-or-later
// The Dashboard: the run in view with its stages and metrics, and the curves of every run that is compared
// with it.
#pragma once

#include "ui/jobs/run_session.h"
#include "ui/models/curve_store.h"
#include "ui/plots/process_sampler.h"

#include <QStringList>
#include <QTimer>
#include <QWidget>

#include <vector>

class QLabel;
class QStackedLayout;

namespace saeception {

class ChartGrid;
class CurveChart;
class CurveLegend;
class DashboardOverview;
class MetricTableModel;
class RunStory;
class StageListModel;

class DashboardPage : public QWidget {
    Q_OBJECT

public:
    /// Runs that have ended are forgotten beyond this many, the oldest first.
    static constexpr int maximumStories = 16;

    explicit DashboardPage(QWidget* parent = nullptr);

    /// Follows a run called `title` from now on, anew where `id` is known; `live` lets its clocks run. Its
    /// curves join those of other runs that still go on.
    void begin(const QString& id, const QString& title, bool live);
    /// Takes events of a run that was begun, in the order in which they happened.
    void consume(const QString& id, const EventBatch& batch);
    /// Tells the Stop button whether there is something to stop.
    void setState(const QString& id, RunState state);
    void setTitle(const QString& id, const QString& title);
    /// Shows this run's stages and metrics. Its curves take the place of those of the run that was in view.
    void view(const QString& id);
    /// The run in view; empty while there is none.
    QString viewed() const;
    bool follows(const QString& id) const { return story(id) != nullptr; }
    /// What `id` has told so far; null where it is not followed. Valid until begin() is called again.
    RunStory* story(const QString& id) const;
    /// The followed run that writes, or was read from, `folder`; empty if there is none.
    QString runIn(const QString& folder) const;

    /// Draws another run's curves beside those of the run in view; `id` is its folder. Large runs are read
    /// into RunCurves on another thread first (readRunCurves()). An id that is known is replaced.
    void addRun(const QString& id, const QString& title, RunCurves curves);
    void removeRun(const QString& id);

    CurveStore* curves() const { return m_store; }
    ChartGrid* charts() const { return m_grid; }
    /// The chart that shows `tag`, or null.
    CurveChart* chart(const std::string& tag) const;
    /// Points of the run in view.
    std::size_t pointCount(const std::string& tag, int cycle) const;
    StageListModel* stages() const;
    MetricTableModel* metrics() const;
    /// Warnings of the run in view; only the latest hundred.
    QStringList warnings() const;
    bool isEmpty() const;

Q_SIGNALS:
    /// The empty page's button.
    void launchPageRequested();
    void stopRequested(const QString& id);
    /// A run of the charts that is not followed here was chosen: its folder.
    void runChosen(const QString& folder);
    /// Another run is in view, or the same one was asked for again.
    void viewChanged(const QString& id);

private:
    QWidget* makeEmptyState();
    QWidget* makeCharts();
    void display(RunStory* told);
    bool othersGoOn(const QString& id) const;
    void forgetOldest();
    void sample(double seconds, double megabytes, double processorPct);
    void showNotice(const QString& message, bool isError);
    void restoreView();

    QStackedLayout* m_stack;
    QWidget* m_content;
    CurveStore* m_store;
    DashboardOverview* m_overview;
    std::vector<RunStory*> m_stories;  ///< in the order in which they began
    RunStory* m_viewed = nullptr;
    ChartGrid* m_grid = nullptr;
    QLabel* m_notice = nullptr;
    ProcessSampler m_sampler;
    QTimer m_clock;
};

}  // namespace saeception
