// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/dashboard_page.h"

#include "ui/models/run_story.h"
#include "ui/pages/dashboard_overview.h"
#include "ui/plots/chart_grid.h"
#include "ui/plots/chart_toolbar.h"
#include "ui/plots/curve_legend.h"
#include "ui/theme.h"
#include "ui/widgets/empty_state.h"

#include <QDateTime>
#include <QLabel>
#include <QPushButton>
#include <QSettings>
#include <QSplitter>
#include <QStackedLayout>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>
#include <utility>

namespace saeception {
namespace {

constexpr int overviewWidth = 57 * gridUnit;

double now() {
    return static_cast<double>(QDateTime::currentMSecsSinceEpoch()) / 1000.0;
}

}  // namespace

DashboardPage::DashboardPage(QWidget* parent)
    : QWidget(parent),
      m_stack(new QStackedLayout(this)),
      m_store(new CurveStore(this)),
      m_overview(new DashboardOverview(*m_store)) {
    restoreView();
    m_stack->addWidget(makeEmptyState());
    auto* splitter = new QSplitter(Qt::Horizontal, this);
    splitter->setChildrenCollapsible(false);
    splitter->setHandleWidth(1);
    splitter->addWidget(m_overview);
    splitter->addWidget(makeCharts());
    splitter->setStretchFactor(0, 0);
    splitter->setStretchFactor(1, 1);
    splitter->setSizes({overviewWidth, 100 * gridUnit});
    const QString splitterKey = QStringLiteral("dashboard/splitter");
    splitter->restoreState(QSettings().value(splitterKey).toByteArray());
    connect(splitter, &QSplitter::splitterMoved, this,
            [splitter, splitterKey] { QSettings().setValue(splitterKey, splitter->saveState()); });
    m_content = splitter;
    m_stack->addWidget(m_content);
    connect(m_overview, &DashboardOverview::stopRequested, this,
            [this] { Q_EMIT stopRequested(m_viewed->id()); });
    connect(m_overview, &DashboardOverview::runChosen, this, [this](const QString& id) {
        if (follows(id))
            view(id);
        else
            Q_EMIT runChosen(id);
    });
    connect(m_store, &CurveStore::notFiniteSeen, this, [this](const QString& id, const QString& message) {
        if (RunStory* told = story(id))
            told->warn(message);
        else if (m_viewed != nullptr)
            m_viewed->warn(message);
    });
    connect(&m_sampler, &ProcessSampler::sampled, this, &DashboardPage::sample);
    m_clock.setInterval(1000);
    connect(&m_clock, &QTimer::timeout, this, [this] {
        for (RunStory* told : m_stories)
            told->tick(now());
    });
}

QWidget* DashboardPage::makeEmptyState() {
    auto* page = new EmptyState(
        tr("No run yet"),
        tr("Choose an experiment on Launch and press Run, or open a finished run with Ctrl+O."), this);
    connect(page->addButton(QStringLiteral("launch"), tr("Go to Launch"), QStringLiteral("goToLaunch")),
            &QPushButton::clicked, this, &DashboardPage::launchPageRequested);
    return page;
}

QWidget* DashboardPage::makeCharts() {
    auto* panel = new QWidget(this);
    m_grid = new ChartGrid(*m_store, panel);
    m_notice = new QLabel(panel);
    m_notice->setObjectName(QStringLiteral("chartNotice"));
    m_notice->setTextFormat(Qt::PlainText);
    m_notice->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_notice->setContentsMargins(2 * gridUnit, 0, gridUnit, 0);
    m_notice->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_notice->hide();
    auto* column = new QVBoxLayout(panel);
    column->setContentsMargins(0, 2 * gridUnit, 0, 0);
    column->setSpacing(gridUnit / 2);
    auto* toolbar = new ChartToolbar(*m_store, panel);
    auto* legend = new CurveLegend(*m_store, panel);
    column->addWidget(toolbar);
    column->addWidget(legend);
    column->addWidget(m_notice);
    column->addWidget(m_grid, 1);
    m_grid->setPinned(QSettings().value(QStringLiteral("charts/pinned")).toStringList());
    connect(m_grid, &ChartGrid::pinnedChanged, this,
            [](const QStringList& keys) { QSettings().setValue(QStringLiteral("charts/pinned"), keys); });
    connect(m_grid, &ChartGrid::noticed, this, &DashboardPage::showNotice);
    connect(m_grid, &ChartGrid::maximisedChanged, m_overview,
            [this](bool maximised) { m_overview->setVisible(!maximised); });
    return panel;
}

bool DashboardPage::isEmpty() const {
    return m_stack->currentWidget() != m_content;
}

CurveChart* DashboardPage::chart(const std::string& tag) const {
    return m_grid->chart(tag);
}

std::size_t DashboardPage::pointCount(const std::string& tag, int cycle) const {
    const int run = m_store->indexOf(viewed());
    const CurveLine* line =
        run < 0 ? nullptr : m_store->runs()[static_cast<std::size_t>(run)].curves->find(tag, cycle);
    return line == nullptr ? 0 : line->series.size();
}

StageListModel* DashboardPage::stages() const {
    return m_viewed == nullptr ? nullptr : m_viewed->stages();
}

MetricTableModel* DashboardPage::metrics() const {
    return m_viewed == nullptr ? nullptr : m_viewed->metrics();
}

QStringList DashboardPage::warnings() const {
    return m_viewed == nullptr ? QStringList() : m_viewed->warnings();
}

QString DashboardPage::viewed() const {
    return m_viewed == nullptr ? QString() : m_viewed->id();
}

QString DashboardPage::runIn(const QString& folder) const {
    const auto found = std::find_if(m_stories.rbegin(), m_stories.rend(), [&](const RunStory* told) {
        return !folder.isEmpty() && told->folder() == folder;
    });
    return found == m_stories.rend() ? QString() : (*found)->id();
}

RunStory* DashboardPage::story(const QString& id) const {
    const auto found = std::find_if(m_stories.begin(), m_stories.end(),
                                    [&](const RunStory* told) { return told->id() == id; });
    return found == m_stories.end() ? nullptr : *found;
}

bool DashboardPage::othersGoOn(const QString& id) const {
    return std::any_of(m_stories.begin(), m_stories.end(), [&](const RunStory* told) {
        return told->isLive() && !told->hasEnded() && told->id() != id;
    });
}

void DashboardPage::begin(const QString& id, const QString& title, bool live) {
    auto* told = new RunStory(id, title, live, this);
    const auto known = std::find_if(m_stories.begin(), m_stories.end(),
                                    [&](const RunStory* other) { return other->id() == id; });
    const bool wasViewed = m_viewed != nullptr && m_viewed->id() == id;
    RunStory* old = nullptr;
    if (known != m_stories.end())
        old = std::exchange(*known, told);
    else
        m_stories.push_back(told);
    m_store->addRun(id, title);
    m_store->setFolder(id, {});
    if (wasViewed)
        display(told);
    else
        m_store->setChecked(m_store->indexOf(id), live && othersGoOn(id));
    delete old;
    forgetOldest();
    if (live && !m_clock.isActive()) {
        m_clock.start();
        m_sampler.start();
    }
}

void DashboardPage::view(const QString& id) {
    RunStory* told = story(id);
    if (told == nullptr)
        return;
    if (m_viewed != nullptr && m_viewed != told && !(m_viewed->isLive() && !m_viewed->hasEnded()))
        m_store->setChecked(m_store->indexOf(m_viewed->id()), false);
    display(told);
    Q_EMIT viewChanged(id);
}

void DashboardPage::display(RunStory* told) {
    m_viewed = told;
    m_store->setChecked(m_store->indexOf(told->id()), true);
    m_overview->setStory(told);
    m_grid->setEnded(told->hasEnded());
    for (CurveChart* chart : m_grid->charts())
        chart->reset();
    m_notice->hide();
    m_stack->setCurrentWidget(m_content);
}

void DashboardPage::setState(const QString& id, RunState state) {
    if (RunStory* told = story(id))
        told->setState(state);
}

void DashboardPage::setTitle(const QString& id, const QString& title) {
    m_store->renameRun(id, title);
    if (RunStory* told = story(id))
        told->setTitle(title);
}

void DashboardPage::consume(const QString& id, const EventBatch& batch) {
    RunStory* told = story(id);
    if (told == nullptr)
        return;
    told->consume(batch);
    m_store->append(id, batch);
    for (const Event& event : batch) {
        if (const auto* started = std::get_if<RunStarted>(&event.body)) {
            const QString folder = QString::fromStdString(started->directory);
            if (folder != id)
                m_store->removeRun(folder);  // no comparison with itself
            m_store->setFolder(id, folder);
        }
    }
    if (!told->hasEnded())
        return;
    if (told == m_viewed)
        m_grid->setEnded(true);
    if (!othersGoOn(id)) {
        m_sampler.stop();
        m_clock.stop();
    }
}

void DashboardPage::forgetOldest() {
    for (std::size_t place = 0; place < m_stories.size() && m_stories.size() > maximumStories;) {
        RunStory* told = m_stories[place];
        if (told == m_viewed || (told->isLive() && !told->hasEnded())) {
            ++place;
            continue;
        }
        m_store->removeRun(told->id());
        m_stories.erase(m_stories.begin() + static_cast<std::ptrdiff_t>(place));
        delete told;
    }
}

// One process trains them all.
void DashboardPage::sample(double seconds, double megabytes, double processorPct) {
    for (const RunStory* told : m_stories) {
        if (!told->isLive() || told->hasEnded())
            continue;
        m_store->appendPoint(told->id(), tags::processMemory, wholeRun, std::round(seconds), now(),
                             megabytes);
        m_store->appendPoint(told->id(), tags::processCpu, wholeRun, std::round(seconds), now(),
                             processorPct);
    }
}

void DashboardPage::addRun(const QString& id, const QString& title, RunCurves curves) {
    m_store->addRun(id, title, std::move(curves));
    m_store->setFolder(id, id);
    m_store->setChecked(m_store->indexOf(id), true);
    m_stack->setCurrentWidget(m_content);
}

void DashboardPage::removeRun(const QString& id) {
    if (!follows(id))
        m_store->removeRun(id);
}

void DashboardPage::showNotice(const QString& message, bool isError) {
    const ThemeColours& colours = Theme::instance().colours();
    QPalette ink = palette();
    ink.setColor(QPalette::WindowText, isError ? colours.error : colours.faintText);
    m_notice->setPalette(ink);
    m_notice->setText(message);
    m_notice->setToolTip(message);
    m_notice->show();
}

void DashboardPage::restoreView() {
    const QSettings settings;
    CurveView view;
    view.smoothing = settings.value(QStringLiteral("charts/smoothing"), view.smoothing).toDouble();
    view.axis =
        static_cast<CurveAxis>(std::clamp(settings.value(QStringLiteral("charts/axis"), 0).toInt(), 0, 2));
    view.logarithmic = settings.value(QStringLiteral("charts/logarithmic"), view.logarithmic).toBool();
    view.ignoreOutliers =
        settings.value(QStringLiteral("charts/ignoreOutliers"), view.ignoreOutliers).toBool();
    m_store->setView(view);
    connect(m_store, &CurveStore::viewChanged, this, [this] {
        const CurveView& now = m_store->view();
        QSettings kept;
        kept.setValue(QStringLiteral("charts/smoothing"), now.smoothing);
        kept.setValue(QStringLiteral("charts/axis"), static_cast<int>(now.axis));
        kept.setValue(QStringLiteral("charts/logarithmic"), now.logarithmic);
        kept.setValue(QStringLiteral("charts/ignoreOutliers"), now.ignoreOutliers);
    });
}

}  // namespace saeception
