// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/dashboard_page.h"

#include "cycle/scalar_tags.h"
#include "ui/icons.h"
#include "ui/models/metric_delegate.h"
#include "ui/models/metric_table_model.h"
#include "ui/models/stage_delegate.h"
#include "ui/models/stage_list_model.h"
#include "ui/plots/curve_chart.h"
#include "ui/plots/curve_legend.h"
#include "ui/studio_style.h"
#include "ui/theme.h"

#include <QDateTime>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QSplitter>
#include <QStackedLayout>
#include <QTableView>
#include <QTreeView>
#include <QVBoxLayout>

#include <string_view>

namespace saeception {
namespace {

constexpr int maximumWarnings = 100;
// What single batches say is too noisy to be read as a line.
constexpr double noisy = 0.95;
constexpr int listRowHeight = 3 * gridUnit;
constexpr int overviewWidth = 57 * gridUnit;
constexpr int threeColumnsFrom = 120 * gridUnit;

struct Plotted {
    std::string_view tag;
    DashboardPage::ChartId chart;
    CurveChart::Kind kind;
};

constexpr Plotted plotted[] = {
    {tags::trainTaskLoss, DashboardPage::LossChart, CurveChart::Kind::Training},
    {tags::validationLoss, DashboardPage::LossChart, CurveChart::Kind::Validation},
    {tags::trainAccuracy, DashboardPage::AccuracyChart, CurveChart::Kind::Training},
    {tags::validationAccuracy, DashboardPage::AccuracyChart, CurveChart::Kind::Validation},
    {tags::saeReconstruction, DashboardPage::ReconstructionChart, CurveChart::Kind::Training},
    {tags::saeL0, DashboardPage::L0Chart, CurveChart::Kind::Training},
    {tags::saeDeadPct, DashboardPage::DeadChart, CurveChart::Kind::Training},
    {tags::trainAuxiliaryLoss, DashboardPage::AuxiliaryChart, CurveChart::Kind::Training},
};

QLabel* heading(const QString& text, QWidget* parent) {
    auto* label = new QLabel(text, parent);
    QFont font = label->font();
    font.setWeight(QFont::DemiBold);
    label->setFont(font);
    label->setContentsMargins(gridUnit, 0, gridUnit, 0);
    return label;
}

}  // namespace

DashboardPage::DashboardPage(QWidget* parent)
    : QWidget(parent),
      m_stack(new QStackedLayout(this)),
      m_stages(new StageListModel(this)),
      m_metrics(new MetricTableModel(this)) {
    m_stack->addWidget(makeEmptyState());
    auto* splitter = new QSplitter(Qt::Horizontal, this);
    splitter->setChildrenCollapsible(false);
    splitter->setHandleWidth(1);
    splitter->addWidget(makeOverview());
    splitter->addWidget(makeCharts());
    splitter->setStretchFactor(0, 0);
    splitter->setStretchFactor(1, 1);
    splitter->setSizes({overviewWidth, 100 * gridUnit});
    m_content = splitter;
    m_stack->addWidget(m_content);
    m_clock.setInterval(1000);
    connect(&m_clock, &QTimer::timeout, this,
            [this] { m_stages->tick(static_cast<double>(QDateTime::currentMSecsSinceEpoch()) / 1000.0); });
    connect(&Theme::instance(), &Theme::changed, this, &DashboardPage::applyTheme);
    applyTheme();
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

QWidget* DashboardPage::makeOverview() {
    auto* panel = new QWidget(this);
    panel->setMinimumWidth(42 * gridUnit);
    m_runTitle = heading({}, panel);
    QFont large = m_runTitle->font();
    large.setPointSizeF(large.pointSizeF() * 1.15);
    m_runTitle->setFont(large);
    m_stop = new QPushButton(themedIcon(QStringLiteral("stop")), tr("Stop"), panel);
    m_stop->setObjectName(QStringLiteral("dashboardStop"));
    m_stop->setToolTip(tr("Ends the run after its present step; what is done stays saved"));
    m_stop->hide();
    connect(m_stop, &QPushButton::clicked, this, &DashboardPage::stopRequested);
    m_runFolder = new QLabel(panel);
    m_runFolder->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_runFolder->setContentsMargins(gridUnit, 0, gridUnit, 0);
    m_runFolder->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);

    m_stageView = new QTreeView(panel);
    m_stageView->setObjectName(QStringLiteral("stageList"));
    m_stageView->setAccessibleName(tr("Stages"));
    m_stageView->setModel(m_stages);
    m_stageView->setItemDelegate(new StageDelegate(m_stageView));
    m_stageView->setRootIsDecorated(false);
    m_stageView->setUniformRowHeights(true);
    m_stageView->setSelectionMode(QAbstractItemView::NoSelection);
    m_stageView->setFocusPolicy(Qt::TabFocus);
    m_stageView->setAllColumnsShowFocus(true);
    m_stageView->setFrameShape(QFrame::NoFrame);
    m_stageView->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    QHeaderView* header = m_stageView->header();
    header->setProperty(paddedHeader, true);
    header->setStretchLastSection(false);
    header->setMinimumSectionSize(5 * gridUnit);
    header->setSectionResizeMode(QHeaderView::Fixed);
    header->setSectionResizeMode(StageListModel::StageColumn, QHeaderView::Stretch);
    // As high as its rows, up to its share of the page: no blank sheet under a short list.
    const auto fit = [this, header] {
        m_stageView->setMaximumHeight(header->sizeHint().height() + m_stages->rowCount() * listRowHeight + 2);
    };
    connect(m_stages, &QAbstractItemModel::rowsInserted, m_stageView, fit);
    connect(m_stages, &QAbstractItemModel::rowsRemoved, m_stageView, fit);
    const auto width = [this](const QString& widest) {
        return fontMetrics().horizontalAdvance(widest) + 3 * gridUnit;
    };
    header->resizeSection(StageListModel::CycleColumn, width(tr("Cycle")));
    header->resizeSection(StageListModel::ProgressColumn, 14 * gridUnit);
    header->resizeSection(StageListModel::TimeColumn,
                          width(tr("%1 left").arg(QStringLiteral("59 min 59 s"))));
    header->setSectionsClickable(false);

    m_metricView = new QTableView(panel);
    m_metricView->setObjectName(QStringLiteral("metrics"));
    m_metricView->setAccessibleName(tr("Metrics of each cycle"));
    m_metricView->setHorizontalHeader(new MetricHeader(m_metricView));
    m_metricView->setModel(m_metrics);
    m_metricView->setItemDelegate(new MetricDelegate(m_metricView));
    m_metricView->verticalHeader()->hide();
    m_metricView->verticalHeader()->setMinimumSectionSize(listRowHeight);
    m_metricView->verticalHeader()->setDefaultSectionSize(listRowHeight);
    m_metricView->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    m_metricView->horizontalHeader()->setMinimumSectionSize(8 * gridUnit);
    m_metricView->horizontalHeader()->setProperty(paddedHeader, true);
    m_metricView->horizontalHeader()->setSectionsClickable(false);
    m_metricView->horizontalHeader()->setHighlightSections(false);
    m_metricView->setShowGrid(false);
    m_metricView->setSelectionMode(QAbstractItemView::NoSelection);
    m_metricView->setFocusPolicy(Qt::NoFocus);
    m_metricView->setFrameShape(QFrame::NoFrame);
    m_metricView->setWordWrap(false);
    m_metricView->hide();
    m_metricsHint = new QLabel(panel);
    m_metricsHint->setContentsMargins(gridUnit, 0, gridUnit, 0);
    m_metricsHint->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    m_metricsHint->setWordWrap(true);

    m_warningText = new QLabel(panel);
    m_warningText->setObjectName(QStringLiteral("warnings"));
    m_warningText->setWordWrap(true);
    m_warningText->setTextFormat(Qt::PlainText);
    m_warningText->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_warningText->setContentsMargins(gridUnit, 0, gridUnit, gridUnit);
    m_warningText->hide();

    auto* column = new QVBoxLayout(panel);
    column->setContentsMargins(gridUnit, 2 * gridUnit, 0, 0);
    column->setSpacing(gridUnit / 2);
    auto* titleRow = new QHBoxLayout;
    titleRow->addWidget(m_runTitle, 1);
    titleRow->addWidget(m_stop);
    column->addLayout(titleRow);
    column->addWidget(m_runFolder);
    column->addSpacing(gridUnit);
    column->addWidget(m_stageView, 3);
    column->addSpacing(gridUnit);
    column->addWidget(heading(tr("Metrics"), panel));
    column->addWidget(m_metricsHint, 2);
    column->addWidget(m_metricView, 2);
    column->addWidget(m_warningText);
    return panel;
}

QWidget* DashboardPage::makeCharts() {
    auto* panel = new QWidget(this);
    const QString early = tr("Starts with fine-tuning.");
    const QString sae = tr("Starts when the SAE is trained.");
    m_charts[LossChart] = new CurveChart(tr("Loss"), early, noisy, panel);
    m_charts[AccuracyChart] = new CurveChart(tr("Accuracy"), early, noisy, panel);
    m_charts[ReconstructionChart] = new CurveChart(tr("SAE reconstruction"), sae, 0, panel);
    m_charts[L0Chart] = new CurveChart(tr("L0, active features"), sae, 0, panel);
    m_charts[DeadChart] = new CurveChart(tr("Dead features, %"), sae, 0, panel);
    m_charts[AuxiliaryChart] =
        new CurveChart(tr("Auxiliary loss"), tr("Starts with cycle 1, when targets exist."), noisy, panel);
    for (const ChartId validated : {LossChart, AccuracyChart})
        m_charts[validated]->preferValidation();
    m_legend = new CurveLegend(panel);
    m_grid = new QGridLayout;
    m_grid->setSpacing(1);
    auto* column = new QVBoxLayout(panel);
    column->setContentsMargins(gridUnit, gridUnit, gridUnit, gridUnit);
    column->setSpacing(gridUnit / 2);
    column->addWidget(m_legend);
    column->addLayout(m_grid, 1);
    arrangeCharts(2);
    return panel;
}

void DashboardPage::arrangeCharts(int columns) {
    if (columns == m_columns)
        return;
    m_columns = columns;
    const int rows = ChartCount / columns;
    for (int i = 0; i < ChartCount; ++i) {
        m_grid->removeWidget(m_charts[static_cast<std::size_t>(i)]);
        // Fine-tuning's curves share the first row, the SAE's follow.
        m_grid->addWidget(m_charts[static_cast<std::size_t>(i)], i / columns, i % columns);
    }
    for (int i = 0; i < ChartCount; ++i) {
        m_grid->setColumnStretch(i, i < columns ? 1 : 0);
        m_grid->setRowStretch(i, i < rows ? 1 : 0);
    }
}

void DashboardPage::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    arrangeCharts(width() - overviewWidth >= threeColumnsFrom ? 3 : 2);
}

bool DashboardPage::isEmpty() const {
    return m_stack->currentWidget() != m_content;
}

void DashboardPage::begin(const QString& title, bool live) {
    m_stages->clear();
    m_metrics->clear();
    m_legend->clear();
    m_warnings.clear();
    showWarnings();
    for (CurveChart* chart : m_charts)
        chart->clear();
    m_metricView->hide();
    m_metricsHint->setText(tr("Appear once the first cycle has been evaluated."));
    m_metricsHint->show();
    m_runTitle->setText(title);
    m_runFolder->clear();
    m_stack->setCurrentWidget(m_content);
    if (live)
        m_clock.start();
    else
        m_clock.stop();
}

void DashboardPage::setState(RunState state) {
    // A button that is greyed out or hidden would hand the focus to whatever comes next in the window.
    if (state != RunState::Running && window()->focusWidget() == m_stop)
        m_stageView->setFocus();
    m_stop->setVisible(state == RunState::Running || state == RunState::Stopping);
    m_stop->setEnabled(state == RunState::Running);
    m_stop->setText(state == RunState::Stopping ? tr("Stopping…") : tr("Stop"));
}

void DashboardPage::consume(const EventBatch& batch) {
    for (const Event& event : batch) {
        m_stages->apply(event);
        if (const auto* point = std::get_if<Scalar>(&event.body)) {
            scalar(*point);
        } else if (const auto* run = std::get_if<RunStarted>(&event.body)) {
            m_runFolder->setText(QString::fromStdString(run->directory));
            m_runFolder->setToolTip(m_runFolder->text());
        } else if (const auto* evaluated = std::get_if<CycleEvaluated>(&event.body)) {
            m_metrics->setCycle(evaluated->cycle, evaluated->metrics);
            m_metricsHint->hide();
            m_metricView->show();
            // A header forgets its first section's mode with its last section.
            m_metricView->horizontalHeader()->setSectionResizeMode(0, QHeaderView::Stretch);
        } else if (const auto* warning = std::get_if<Warning>(&event.body)) {
            m_warnings.append(QString::fromStdString(warning->text));
            if (m_warnings.size() > maximumWarnings)
                m_warnings.removeFirst();
            showWarnings();
        } else if (const auto* failure = std::get_if<RunFailed>(&event.body)) {
            m_warnings.append(QString::fromStdString(failure->message));
            showWarnings();
        }
        if (isTerminal(event)) {
            m_clock.stop();
            for (CurveChart* chart : m_charts)
                chart->setEmptyText(tr("Not reached in this run."));
            if (m_metrics->rowCount() == 0)
                m_metricsHint->setText(tr("This run ended before a cycle was evaluated."));
        }
    }
}

void DashboardPage::scalar(const Scalar& point) {
    for (const Plotted& curve : plotted)
        if (point.tag == curve.tag) {
            m_charts[curve.chart]->append(point.cycle, curve.kind, static_cast<double>(point.step),
                                          point.value);
            m_legend->addCycle(point.cycle);
            return;
        }
}

void DashboardPage::showWarnings() {
    // The latest few are read; the log in the run's folder has them all.
    constexpr int shown = 3;
    m_warningText->setText(
        m_warnings.mid(std::max<qsizetype>(0, m_warnings.size() - shown)).join(QLatin1Char('\n')));
    m_warningText->setToolTip(m_warnings.join(QLatin1Char('\n')));
    m_warningText->setVisible(!m_warnings.isEmpty());
}

void DashboardPage::applyTheme() {
    const ThemeColours& colours = Theme::instance().colours();
    QPalette faint = palette();
    faint.setColor(QPalette::WindowText, colours.faintText);
    m_runFolder->setPalette(faint);
    m_metricsHint->setPalette(faint);
    QPalette alert = palette();
    alert.setColor(QPalette::WindowText, colours.warning);
    m_warningText->setPalette(alert);
}

}  // namespace saeception
