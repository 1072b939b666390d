// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/curve_store.h"

#include "ui/format.h"
#include "ui/theme.h"

#include <algorithm>
#include <cmath>

namespace saeception {
namespace {

// Tags of one stage are told apart by their prefix, of which fine-tuning has several.
std::string stageOf(const std::string& tag) {
    const std::string prefix = tag.substr(0, tag.find('/'));
    return prefix == "validation" || prefix == "epoch" ? "train" : prefix;
}

}  // namespace

CurveLine* RunCurves::apply(const Event& event) {
    const auto* point = std::get_if<Scalar>(&event.body);
    if (point == nullptr)
        return nullptr;
    return &append(point->tag, point->cycle, static_cast<double>(point->step), event.wallTime, point->value);
}

CurveLine& RunCurves::append(const std::string& tag, int cycle, double step, double wallTime, double value) {
    CurveLine& line = m_lines[{tag, cycle}];
    const std::size_t before = line.series.size();
    // At its beginning, or begun anew.
    if (before == 0 || (step <= line.series.step(0) && step < line.series.step(before - 1))) {
        Beginning& beginning = m_beginnings[{stageOf(tag), cycle}];
        if (beginning.first == nullptr || beginning.first == &line)
            beginning = {wallTime, &line};
        line.series.startAt(beginning.wallTime);
    }
    line.series.append(step, wallTime, value);
    m_points = m_points + line.series.size() - before;
    return line;
}

const CurveLine* RunCurves::find(const std::string& tag, int cycle) const {
    const auto found = m_lines.find({tag, cycle});
    return found == m_lines.end() ? nullptr : &found->second;
}

void RunCurves::recount() {
    m_points = 0;
    for (const auto& [key, line] : m_lines)
        m_points += line.series.size();
}

CurveStore::CurveStore(QObject* parent, std::size_t budget) : QObject(parent), m_budget(budget) {}

void CurveStore::addRun(const QString& id, const QString& title, RunCurves curves) {
    int place = indexOf(id);
    if (place < 0) {
        place = static_cast<int>(m_runs.size());
        Run fresh;
        fresh.id = id;
        fresh.colour = freeColour();
        m_runs.push_back(std::move(fresh));
    }
    Run& run = m_runs[static_cast<std::size_t>(place)];
    run.title = title;
    run.matches = matches(run);
    // Charts point into the old ones until they have been told.
    const auto old = std::exchange(run.curves, std::make_unique<RunCurves>(std::move(curves)));
    for (const auto& [key, line] : run.curves->lines()) {
        note(key.first, key.second);
        if (line.series.notFiniteSeen() > 0)
            watch(run, key.first, key.second, line.series);
    }
    m_structureChanged = true;
    settle();
    Q_EMIT runsChanged();
}

void CurveStore::removeRun(const QString& id) {
    const int place = indexOf(id);
    if (place < 0)
        return;
    const Run old = std::move(m_runs[static_cast<std::size_t>(place)]);
    m_runs.erase(m_runs.begin() + place);
    m_cycles.clear();
    for (int run = 0; run < static_cast<int>(m_runs.size()); ++run)
        m_cycles.merge(cyclesOf(run));
    m_structureChanged = true;
    settle();
    Q_EMIT runsChanged();
}

void CurveStore::renameRun(const QString& id, const QString& title) {
    const int place = indexOf(id);
    if (place < 0 || m_runs[static_cast<std::size_t>(place)].title == title)
        return;
    m_runs[static_cast<std::size_t>(place)].title = title;
    setFilter(m_filter.pattern());
}

void CurveStore::setFolder(const QString& id, const QString& folder) {
    const int place = indexOf(id);
    if (place < 0 || m_runs[static_cast<std::size_t>(place)].folder == folder)
        return;
    m_runs[static_cast<std::size_t>(place)].folder = folder;
    setFilter(m_filter.pattern());
}

void CurveStore::append(const QString& id, const EventBatch& batch) {
    const int place = indexOf(id);
    if (place < 0)
        return;
    Run& run = m_runs[static_cast<std::size_t>(place)];
    for (const Event& event : batch) {
        const CurveLine* line = run.curves->apply(event);
        if (line == nullptr)
            continue;
        const auto& point = std::get<Scalar>(event.body);
        if (line->series.size() == 1)
            note(point.tag, point.cycle);
        if (!std::isfinite(point.value) && line->series.notFiniteSeen() == 1)
            watch(run, point.tag, point.cycle, line->series);
    }
    settle();
}

void CurveStore::appendPoint(const QString& id, const std::string& tag, int cycle, double step,
                             double wallTime, double value) {
    const int place = indexOf(id);
    if (place < 0)
        return;
    Run& run = m_runs[static_cast<std::size_t>(place)];
    const CurveLine& line = run.curves->append(tag, cycle, step, wallTime, value);
    if (line.series.size() == 1)
        note(tag, cycle);
    settle();
}

int CurveStore::indexOf(const QString& id) const {
    const auto found =
        std::find_if(m_runs.begin(), m_runs.end(), [&](const Run& run) { return run.id == id; });
    return found == m_runs.end() ? -1 : static_cast<int>(found - m_runs.begin());
}

bool CurveStore::isShown(int run) const {
    const Run& r = m_runs[static_cast<std::size_t>(run)];
    return r.checked && r.matches;
}

void CurveStore::setChecked(int run, bool checked) {
    Run& r = m_runs[static_cast<std::size_t>(run)];
    if (r.checked == checked)
        return;
    r.checked = checked;
    Q_EMIT linesChanged();
    Q_EMIT runsChanged();
}

QString CurveStore::setFilter(const QString& pattern) {
    QRegularExpression filter(pattern, QRegularExpression::CaseInsensitiveOption);
    if (!filter.isValid())
        return tr("Not a regular expression: %1, at character %2")
            .arg(filter.errorString())
            .arg(filter.patternErrorOffset() + 1);
    m_filter = filter;
    for (Run& run : m_runs)
        run.matches = matches(run);
    Q_EMIT linesChanged();
    Q_EMIT runsChanged();
    return {};
}

std::set<int> CurveStore::cyclesOf(int run) const {
    std::set<int> cycles;
    for (const auto& [key, line] : m_runs[static_cast<std::size_t>(run)].curves->lines())
        if (key.second != wholeRun)
            cycles.insert(key.second);
    return cycles;
}

void CurveStore::setCycleShown(int cycle, bool shown) {
    if (shown ? m_hiddenCycles.erase(cycle) > 0 : m_hiddenCycles.insert(cycle).second)
        Q_EMIT linesChanged();
}

void CurveStore::setView(const CurveView& view) {
    if (view == m_view)
        return;
    m_view = view;
    m_view.smoothing = std::clamp(view.smoothing, 0.0, 0.99);
    if (m_view.smoothing == 0)
        for (Run& run : m_runs)
            for (auto& [key, line] : run.curves->lines())
                line.smoothed.clear();
    Q_EMIT viewChanged();
}

bool CurveStore::holds(const ChartSpec& spec) const {
    return std::any_of(m_runs.begin(), m_runs.end(), [&](const Run& run) {
        return run.checked && std::any_of(spec.tags.begin(), spec.tags.end(), [&](const CurveTag& tag) {
                   const auto line = run.curves->lines().lower_bound({tag.tag, wholeRun});
                   return line != run.curves->lines().end() && line->first.first == tag.tag;
               });
    });
}

std::vector<ShownLine> CurveStore::lines(const ChartSpec& spec) const {
    std::vector<ShownLine> shown;
    for (std::size_t place = 0; place < m_runs.size(); ++place) {
        const Run& run = m_runs[place];
        if (!isShown(static_cast<int>(place)))
            continue;
        for (const CurveTag& tag : spec.tags) {
            auto& lines = run.curves->lines();
            for (auto line = lines.lower_bound({tag.tag, wholeRun}); line != lines.end(); ++line) {
                const auto& [name, cycle] = line->first;
                if (name != tag.tag)
                    break;
                if (isCycleShown(cycle))
                    shown.push_back(
                        {&line->second, &tag, static_cast<int>(place), cycle, nameOf(run, cycle)});
            }
        }
    }
    return shown;
}

QColor CurveStore::colour(int run, int cycle) const {
    const Theme& theme = Theme::instance();
    if (!comparesRuns())
        return theme.series(cycle);
    const QColor base = theme.series(m_runs[static_cast<std::size_t>(run)].colour);
    // Towards the colour of text, so that no shade loses contrast.
    const int shade = std::min(std::max(cycle, 0), 4);
    return shade == 0 ? base : mixed(base, theme.colours().text, 0.16 * shade);
}

std::size_t CurveStore::points() const {
    std::size_t points = 0;
    for (const Run& run : m_runs)
        points += run.curves->points();
    return points;
}

std::size_t CurveStore::bytes() const {
    std::size_t bytes = 0;
    for (const Run& run : m_runs)
        for (const auto& [key, line] : run.curves->lines())
            bytes += line.series.bytes() + line.smoothed.bytes();
    return bytes;
}

void CurveStore::note(const std::string& tag, int cycle) {
    m_structureChanged = true;
    if (cycle != wholeRun)
        m_cycles.insert(cycle);
    if (m_knownTags.size() >= maximumTags || !m_knownTags.insert(tag).second)
        return;
    m_tags.push_back(tag);
    Q_EMIT tagAdded(tag);
}

void CurveStore::watch(const Run& run, const std::string& tag, int cycle, const CurveSeries& series) {
    if (series.notFinite().empty())
        return;
    const std::size_t first = series.notFinite().front();
    const double value = series.value(first);
    const QString what = std::isnan(value) ? tr("not a number") : tr("infinite");
    const QString curve = QString::fromStdString(tag);
    const QString step = QString::number(series.step(first), 'f', 0);
    if (comparesRuns())
        Q_EMIT notFiniteSeen(run.id,
                             tr("%1 is %2 at step %3 (%4)").arg(curve, what, step, nameOf(run, cycle)));
    else
        Q_EMIT notFiniteSeen(run.id, tr("%1 is %2 at step %3 of cycle %4").arg(curve, what, step).arg(cycle));
}

void CurveStore::settle() {
    while (points() > m_budget) {
        CurveSeries* longest = nullptr;
        RunCurves* owner = nullptr;
        for (Run& run : m_runs)
            for (auto& [key, line] : run.curves->lines())
                if (longest == nullptr || line.series.size() > longest->size()) {
                    longest = &line.series;
                    owner = run.curves.get();
                }
        const std::size_t before = longest->size();
        longest->coarsen();
        owner->recount();
        if (longest->size() == before)
            break;
    }
    if (std::exchange(m_structureChanged, false))
        Q_EMIT linesChanged();
    Q_EMIT pointsArrived();
}

int CurveStore::freeColour() const {
    for (int colour = 0;; ++colour)
        if (std::none_of(m_runs.begin(), m_runs.end(), [&](const Run& run) { return run.colour == colour; }))
            return colour;
}

bool CurveStore::matches(const Run& run) const {
    return m_filter.pattern().isEmpty() || m_filter.match(run.title).hasMatch() ||
           m_filter.match(run.folder).hasMatch();
}

bool CurveStore::comparesRuns() const {
    return std::count_if(m_runs.begin(), m_runs.end(), [](const Run& run) { return run.checked; }) > 1;
}

QString CurveStore::nameOf(const Run& run, int cycle) const {
    if (!comparesRuns())
        return cycle == wholeRun ? run.title : cycleText(cycle);
    return cycle == wholeRun || m_cycles.size() <= 1
               ? run.title
               : tr("%1, cycle %2").arg(run.title, QString::number(cycle));
}

}  // namespace saeception
