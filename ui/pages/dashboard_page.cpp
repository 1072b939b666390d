// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/dashboard_page.h"

#include "ui/icons.h"
#include "ui/pages/dashboard_overview.h"
#include "ui/plots/chart_grid.h"
#include "ui/plots/chart_toolbar.h"
#include "ui/plots/curve_legend.h"
#include "ui/theme.h"

#include <QDateTime>
#include <QLabel>
#include <QPushButton>
#include <QSettings>
#include <QSplitter>
#include <QStackedLayout>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace saeception {
namespace {

constexpr int overviewWidth = 57 * gridUnit;

}  // namespace

const QString DashboardPage::ownRun = QStringLiteral("in view");

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
    m_content = splitter;
    m_stack->addWidget(m_content);
    connect(m_overview, &DashboardOverview::stopRequested, this, &DashboardPage::stopRequested);
    connect(m_store, &CurveStore::notFiniteSeen, m_overview, &DashboardOverview::warn);
    connect(&m_sampler, &ProcessSampler::sampled, this, [this](double seconds, double megabytes, double pct) {
        const double now = static_cast<double>(QDateTime::currentMSecsSinceEpoch()) / 1000.0;
        const double step = std::round(seconds);
        m_store->appendPoint(ownRun, tags::processMemory, wholeRun, step, now, megabytes);
        m_store->appendPoint(ownRun, tags::processCpu, wholeRun, step, now, pct);
    });
}

QWidget* DashboardPage::makeEmptyState() {
    auto* page = new QWidget(this);
    auto* title = new QLabel(tr("No run yet"), page);
    QFont large = title->font();
    large.setPointSizeF(large.pointSizeF() * 1.4);
    title->setFont(large);
    title->setAlignment(Qt::AlignCenter);
    auto* text = new QLabel(
        tr("Choose an experiment on Launch and press Run, or open a finished run with Ctrl+O."), page);
    text->setAlignment(Qt::AlignCenter);
    text->setWordWrap(true);
    auto* button = new QPushButton(themedIcon(QStringLiteral("launch")), tr("Go to Launch"), page);
    button->setObjectName(QStringLiteral("goToLaunch"));
    connect(button, &QPushButton::clicked, this, &DashboardPage::launchPageRequested);
    auto* column = new QVBoxLayout(page);
    column->setSpacing(2 * gridUnit);
    column->addStretch(2);
    column->addWidget(title);
    column->addWidget(text);
    column->addWidget(button, 0, Qt::AlignCenter);
    column->addStretch(3);
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
    const int run = m_store->indexOf(ownRun);
    const CurveLine* line =
        run < 0 ? nullptr : m_store->runs()[static_cast<std::size_t>(run)].curves->find(tag, cycle);
    return line == nullptr ? 0 : line->series.size();
}

StageListModel* DashboardPage::stages() const {
    return m_overview->stages();
}

MetricTableModel* DashboardPage::metrics() const {
    return m_overview->metrics();
}

QStringList DashboardPage::warnings() const {
    return m_overview->warnings();
}

void DashboardPage::begin(const QString& title, bool live) {
    m_overview->begin(title, live);
    m_store->addRun(ownRun, title);
    m_grid->setEnded(false);
    for (CurveChart* chart : m_grid->charts())
        chart->reset();
    m_notice->hide();
    m_stack->setCurrentWidget(m_content);
    if (live)
        m_sampler.start();
    else
        m_sampler.stop();
}

void DashboardPage::setState(RunState state) {
    m_overview->setState(state);
}

void DashboardPage::consume(const EventBatch& batch) {
    m_overview->consume(batch);
    m_store->append(ownRun, batch);
    for (const Event& event : batch) {
        // The folder it writes tells it from a comparison with itself.
        if (const auto* started = std::get_if<RunStarted>(&event.body))
            m_store->removeRun(QString::fromStdString(started->directory));
        if (isTerminal(event)) {
            m_sampler.stop();
            m_grid->setEnded(true);
        }
    }
}

void DashboardPage::addRun(const QString& id, const QString& title, RunCurves curves) {
    m_store->addRun(id, title, std::move(curves));
    m_stack->setCurrentWidget(m_content);
}

void DashboardPage::addRun(const QString& id, const QString& title, const EventBatch& events) {
    RunCurves curves;
    for (const Event& event : events)
        curves.apply(event);
    addRun(id, title, std::move(curves));
}

void DashboardPage::appendToRun(const QString& id, const EventBatch& batch) {
    m_store->append(id, batch);
}

void DashboardPage::removeRun(const QString& id) {
    if (id != ownRun)
        m_store->removeRun(id);
}

void DashboardPage::keepRuns(const QStringList& ids) {
    QStringList gone;
    for (const CurveStore::Run& run : m_store->runs())
        if (run.id != ownRun && !ids.contains(run.id))
            gone.append(run.id);
    for (const QString& id : gone)
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
