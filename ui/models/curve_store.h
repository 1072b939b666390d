// SPDX-License-Identifier: GPL-3.0-or-later
// The curves of every run that the charts compare, which of them are shown, and how: the one thing all charts
// read.
#pragma once

#include "cycle/events.h"
#include "ui/jobs/event_bridge.h"
#include "ui/models/curve_catalogue.h"
#include "ui/models/curve_smoothing.h"

#include <QColor>
#include <QObject>
#include <QRegularExpression>

#include <map>
#include <memory>
#include <set>
#include <utility>

namespace saeception {

/// The cycle of curves that belong to a run as a whole.
inline constexpr int wholeRun = -1;

struct CurveLine {
    CurveSeries series;
    SmoothedCurve smoothed;  ///< empty unless a chart drew it smoothed
};

/// The curves of one run. Relative times count from the first point of their stage and cycle, so that
/// validation lies beneath the training it was taken in. Lives on any one thread: large runs are read into
/// one in the background and then handed over.
class RunCurves {
public:
    using Key = std::pair<std::string, int>;  ///< tag, cycle

    RunCurves() = default;
    RunCurves(RunCurves&&) = default;
    RunCurves& operator=(RunCurves&&) = default;

    /// Takes a Scalar; other events are passed over. @returns the line it joined, or null
    CurveLine* apply(const Event& event);
    /// Adds a point, making its line if there is none.
    CurveLine& append(const std::string& tag, int cycle, double step, double wallTime, double value);

    const CurveLine* find(const std::string& tag, int cycle) const;
    const std::map<Key, CurveLine>& lines() const { return m_lines; }
    std::map<Key, CurveLine>& lines() { return m_lines; }
    /// Points held by all lines.
    std::size_t points() const { return m_points; }
    /// To be called after a line has been coarsened from outside.
    void recount();

private:
    /// When the curves of one stage and cycle began, and the curve that told.
    struct Beginning {
        double wallTime = 0;
        const CurveLine* first = nullptr;
    };

    std::map<Key, CurveLine> m_lines;
    std::map<Key, Beginning> m_beginnings;  ///< by group of tags and cycle
    std::size_t m_points = 0;
};

/// How every chart is drawn.
struct CurveView {
    double smoothing = 0.9;  ///< 0 to 0.99
    CurveAxis axis = CurveAxis::Step;
    bool logarithmic = false;     ///< value axis
    bool ignoreOutliers = false;  ///< value axis from the 5th to the 95th percentile

    bool operator==(const CurveView&) const = default;
};

/// One line that a chart is to draw.
struct ShownLine {
    CurveLine* line = nullptr;
    const CurveTag* tag = nullptr;  ///< of the chart's own spec
    int run = 0;                    ///< index into the store's runs
    int cycle = 0;
    QString name;  ///< "demo, cycle 1", without what all lines share
};

class CurveStore : public QObject {
    Q_OBJECT

public:
    struct Run {
        QString id;
        QString title;
        QString folder;  ///< empty until it is known
        bool checked = true;
        bool matches = true;  ///< the filter's pattern
        int colour = 0;       ///< its place in the palette, its own as long as it stays
        std::unique_ptr<RunCurves> curves;
    };

    /// The most points held in all; beyond it the longest curve is coarsened. About 30 bytes each.
    static constexpr std::size_t defaultBudget = std::size_t(1) << 23;
    /// Tags in no catalogue beyond this many get no chart.
    static constexpr std::size_t maximumTags = 200;

    explicit CurveStore(QObject* parent = nullptr, std::size_t budget = defaultBudget);

    /// Adds a run at the end, or replaces the one of this id in its place and colour.
    void addRun(const QString& id, const QString& title, RunCurves curves = {});
    void removeRun(const QString& id);
    void renameRun(const QString& id, const QString& title);
    void setFolder(const QString& id, const QString& folder);
    /// Takes the Scalars of `batch`; no effect on an unknown id.
    void append(const QString& id, const EventBatch& batch);
    void appendPoint(const QString& id, const std::string& tag, int cycle, double step, double wallTime,
                     double value);

    const std::vector<Run>& runs() const { return m_runs; }
    /// Index of `id`, or -1.
    int indexOf(const QString& id) const;
    bool isShown(int run) const;
    void setChecked(int run, bool checked);
    /// Shows only runs whose title or folder has a match of `pattern` (PCRE, case left out of account); all
    /// if empty.
    /// @returns why the pattern cannot be used, else an empty string; the previous one then stays.
    QString setFilter(const QString& pattern);

    /// Several runs are checked, so that colours and names tell runs and not cycles.
    bool comparesRuns() const;

    /// Cycles in use, ascending, without wholeRun.
    const std::set<int>& cycles() const { return m_cycles; }
    std::set<int> cyclesOf(int run) const;
    bool isCycleShown(int cycle) const { return !m_hiddenCycles.contains(cycle); }
    void setCycleShown(int cycle, bool shown);

    const CurveView& view() const { return m_view; }
    void setView(const CurveView& view);

    /// Tags in use, in the order in which they came.
    const std::vector<std::string>& tags() const { return m_tags; }
    /// Whether any checked run, filtered out or not, has points for `spec`.
    bool holds(const ChartSpec& spec) const;
    /// The lines of `spec` in the shown runs and cycles.
    std::vector<ShownLine> lines(const ChartSpec& spec) const;
    /// By cycle while one run is checked; by run, cycles in shades of it, as soon as several are.
    QColor colour(int run, int cycle) const;
    std::size_t points() const;
    std::size_t bytes() const;

Q_SIGNALS:
    void tagAdded(const std::string& tag);
    /// Points came; many in one call are told once.
    void pointsArrived();
    /// Other lines, or the same lines drawn otherwise: lines() must be asked again before it is used again.
    void linesChanged();
    void viewChanged();
    void runsChanged();
    /// The first value of a curve that is NaN or infinite.
    void notFiniteSeen(const QString& id, const QString& message);

private:
    void note(const std::string& tag, int cycle);
    void watch(const Run& run, const std::string& tag, int cycle, const CurveSeries& series);
    void settle();
    int freeColour() const;
    bool matches(const Run& run) const;
    QString nameOf(const Run& run, int cycle) const;

    std::size_t m_budget;
    std::vector<Run> m_runs;
    std::vector<std::string> m_tags;
    std::set<std::string, std::less<>> m_knownTags;
    std::set<int> m_cycles;
    std::set<int> m_hiddenCycles;
    QRegularExpression m_filter;
    CurveView m_view;
    bool m_structureChanged = false;
};

}  // namespace saeception
