// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/dashboard_overview.h"

#include "ui/icons.h"
#include "ui/models/curve_run_model.h"
#include "ui/models/metric_delegate.h"
#include "ui/models/metric_table_model.h"
#include "ui/models/stage_delegate.h"
#include "ui/models/stage_list_model.h"
#include "ui/studio_style.h"
#include "ui/theme.h"

#include <QDateTime>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QPushButton>
#include <QStyledItemDelegate>
#include <QTableView>
#include <QTreeView>
#include <QVBoxLayout>

#include <algorithm>

namespace saeception {
namespace {

constexpr int maximumWarnings = 100;
constexpr int listRowHeight = 3 * gridUnit;
constexpr int mostRunsShown = 6;  // rows of the list before it scrolls

// Rows as high as those of the other lists.
class RunRowDelegate : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override {
        return QStyledItemDelegate::sizeHint(option, index).expandedTo({0, listRowHeight});
    }
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

DashboardOverview::DashboardOverview(CurveStore& store, QWidget* parent)
    : QWidget(parent),
      m_store(store),
      m_stages(new StageListModel(this)),
      m_metrics(new MetricTableModel(this)),
      m_runs(new CurveRunModel(store, this)),
      m_runTitle(heading({}, this)),
      m_runFolder(new QLabel(this)),
      m_stop(new QPushButton(themedIcon(QStringLiteral("stop")), tr("Stop"), this)) {
    setMinimumWidth(42 * gridUnit);
    QFont large = m_runTitle->font();
    large.setPointSizeF(large.pointSizeF() * 1.15);
    m_runTitle->setFont(large);
    m_stop->setObjectName(QStringLiteral("dashboardStop"));
    m_stop->setToolTip(tr("Ends the run after its present step; what is done stays saved"));
    m_stop->hide();
    connect(m_stop, &QPushButton::clicked, this, &DashboardOverview::stopRequested);
    m_runFolder->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_runFolder->setContentsMargins(gridUnit, 0, gridUnit, 0);
    m_runFolder->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    makeStages();
    makeMetrics();

    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(gridUnit, 2 * gridUnit, 0, 0);
    column->setSpacing(gridUnit / 2);
    auto* titleRow = new QHBoxLayout;
    titleRow->addWidget(m_runTitle, 1);
    titleRow->addWidget(m_stop);
    column->addLayout(titleRow);
    column->addWidget(m_runFolder);
    column->addSpacing(gridUnit);
    column->addWidget(makeRunList());
    column->addWidget(m_stageView, 3);
    column->addSpacing(gridUnit);
    column->addWidget(heading(tr("Metrics"), this));
    column->addWidget(m_metricsHint, 2);
    column->addWidget(m_metricView, 2);
    column->addWidget(m_warningText);
    m_clock.setInterval(1000);
    connect(&m_clock, &QTimer::timeout, this,
            [this] { m_stages->tick(static_cast<double>(QDateTime::currentMSecsSinceEpoch()) / 1000.0); });
    connect(&Theme::instance(), &Theme::changed, this, &DashboardOverview::applyTheme);
    applyTheme();
}

QWidget* DashboardOverview::makeRunList() {
    m_runList = new QWidget(this);
    m_filter = new QLineEdit(m_runList);
    m_filter->setObjectName(QStringLiteral("runFilter"));
    m_filter->setPlaceholderText(tr("Filter by regular expression"));
    m_filter->setAccessibleName(tr("Filter runs by regular expression"));
    m_filter->setClearButtonEnabled(true);
    m_filterProblem = new QLabel(m_runList);
    m_filterProblem->setObjectName(QStringLiteral("runFilterProblem"));
    m_filterProblem->setWordWrap(true);
    m_filterProblem->hide();
    m_runView = new QListView(m_runList);
    m_runView->setObjectName(QStringLiteral("runList"));
    m_runView->setAccessibleName(tr("Runs in the charts"));
    m_runView->setModel(m_runs);
    m_runView->setFrameShape(QFrame::NoFrame);
    m_runView->setItemDelegate(new RunRowDelegate(m_runView));
    m_runView->setUniformItemSizes(true);
    m_runView->setIconSize({gridUnit + 2, gridUnit + 2});
    m_runView->setTextElideMode(Qt::ElideMiddle);
    m_runView->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    auto* row = new QHBoxLayout;
    row->addWidget(heading(tr("Runs in the charts"), m_runList));
    row->addWidget(m_filter, 1);
    auto* column = new QVBoxLayout(m_runList);
    column->setContentsMargins(0, 0, 0, gridUnit);
    column->setSpacing(gridUnit / 2);
    column->addLayout(row);
    column->addWidget(m_filterProblem);
    column->addWidget(m_runView);
    connect(m_filter, &QLineEdit::textChanged, this, [this](const QString& pattern) {
        const QString problem = m_store.setFilter(pattern);
        m_filterProblem->setText(problem);
        m_filterProblem->setVisible(!problem.isEmpty());
    });
    connect(&m_store, &CurveStore::runsChanged, this, &DashboardOverview::fitRunList);
    fitRunList();
    return m_runList;
}

void DashboardOverview::fitRunList() {
    // One run needs no choice.
    m_runList->setVisible(m_store.runs().size() > 1);
    const int rows = std::clamp(static_cast<int>(m_store.runs().size()), 1, mostRunsShown);
    const int rowHeight = std::max(m_runView->sizeHintForRow(0), listRowHeight);
    m_runView->setFixedHeight(rows * rowHeight);
}

void DashboardOverview::makeStages() {
    m_stageView = new QTreeView(this);
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
}

void DashboardOverview::makeMetrics() {
    m_metricView = new QTableView(this);
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
    m_metricsHint = new QLabel(this);
    m_metricsHint->setContentsMargins(gridUnit, 0, gridUnit, 0);
    m_metricsHint->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    m_metricsHint->setWordWrap(true);
    m_warningText = new QLabel(this);
    m_warningText->setObjectName(QStringLiteral("warnings"));
    m_warningText->setWordWrap(true);
    m_warningText->setTextFormat(Qt::PlainText);
    m_warningText->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_warningText->setContentsMargins(gridUnit, 0, gridUnit, gridUnit);
    m_warningText->hide();
}

void DashboardOverview::begin(const QString& title, bool live) {
    m_stages->clear();
    m_metrics->clear();
    m_warnings.clear();
    showWarnings();
    m_metricView->hide();
    m_metricsHint->setText(tr("Appear once the first cycle has been evaluated."));
    m_metricsHint->show();
    m_runTitle->setText(title);
    m_runFolder->clear();
    if (live)
        m_clock.start();
    else
        m_clock.stop();
}

void DashboardOverview::setState(RunState state) {
    // A button that is greyed out or hidden would hand the focus to whatever comes next in the window.
    const bool stoppable = isActive(state) && state != RunState::Stopping;
    if (!stoppable && window()->focusWidget() == m_stop)
        m_stageView->setFocus();
    m_stop->setVisible(isActive(state));
    m_stop->setEnabled(stoppable);
    m_stop->setText(state == RunState::Stopping ? tr("Stopping…") : tr("Stop"));
}

void DashboardOverview::consume(const EventBatch& batch) {
    for (const Event& event : batch) {
        m_stages->apply(event);
        if (const auto* run = std::get_if<RunStarted>(&event.body)) {
            m_runFolder->setText(QString::fromStdString(run->directory));
            m_runFolder->setToolTip(m_runFolder->text());
        } else if (const auto* evaluated = std::get_if<CycleEvaluated>(&event.body)) {
            m_metrics->setCycle(evaluated->cycle, evaluated->metrics);
            m_metricsHint->hide();
            m_metricView->show();
            // A header forgets its first section's mode with its last section.
            m_metricView->horizontalHeader()->setSectionResizeMode(0, QHeaderView::Stretch);
        } else if (const auto* warning = std::get_if<Warning>(&event.body)) {
            warn(QString::fromStdString(warning->text));
        } else if (const auto* failure = std::get_if<RunFailed>(&event.body)) {
            warn(QString::fromStdString(failure->message));
        }
        if (isTerminal(event)) {
            m_clock.stop();
            if (m_metrics->rowCount() == 0)
                m_metricsHint->setText(tr("This run ended before a cycle was evaluated."));
        }
    }
}

void DashboardOverview::warn(const QString& text) {
    m_warnings.append(text);
    if (m_warnings.size() > maximumWarnings)
        m_warnings.removeFirst();
    showWarnings();
}

void DashboardOverview::showWarnings() {
    // The latest few are read; the log in the run's folder has them all.
    constexpr int shown = 3;
    m_warningText->setText(
        m_warnings.mid(std::max<qsizetype>(0, m_warnings.size() - shown)).join(QLatin1Char('\n')));
    m_warningText->setToolTip(m_warnings.join(QLatin1Char('\n')));
    m_warningText->setVisible(!m_warnings.isEmpty());
}

void DashboardOverview::applyTheme() {
    const ThemeColours& colours = Theme::instance().colours();
    QPalette faint = palette();
    faint.setColor(QPalette::WindowText, colours.faintText);
    m_runFolder->setPalette(faint);
    m_metricsHint->setPalette(faint);
    QPalette alert = palette();
    alert.setColor(QPalette::WindowText, colours.warning);
    m_warningText->setPalette(alert);
    m_filterProblem->setPalette(alert);
}

}  // namespace saeception
