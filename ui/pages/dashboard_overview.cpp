// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/dashboard_overview.h"

#include "ui/icons.h"
#include "ui/models/curve_run_model.h"
#include "ui/models/metric_delegate.h"
#include "ui/models/metric_table_model.h"
#include "ui/models/run_story.h"
#include "ui/models/stage_delegate.h"
#include "ui/models/stage_list_model.h"
#include "ui/studio_style.h"
#include "ui/theme.h"

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
    connect(m_runView, &QListView::activated, this,
            [this](const QModelIndex& run) { Q_EMIT runChosen(run.data(CurveRunModel::IdRole).toString()); });
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
    header->setSectionsClickable(false);
}

// As high as its rows, up to its share of the page: no blank sheet under a short list.
void DashboardOverview::fitStages() {
    QHeaderView* header = m_stageView->header();
    const int rows = m_story->stages()->rowCount();
    m_stageView->setMaximumHeight(header->sizeHint().height() + rows * listRowHeight + 2);
    // A new model brings new sections.
    header->setSectionResizeMode(QHeaderView::Fixed);
    header->setSectionResizeMode(StageListModel::StageColumn, QHeaderView::Stretch);
    const auto width = [this](const QString& widest) {
        return fontMetrics().horizontalAdvance(widest) + 3 * gridUnit;
    };
    header->resizeSection(StageListModel::CycleColumn, width(tr("Cycle")));
    header->resizeSection(StageListModel::ProgressColumn, 14 * gridUnit);
    header->resizeSection(StageListModel::TimeColumn,
                          width(tr("%1 left").arg(QStringLiteral("59 min 59 s"))));
}

void DashboardOverview::makeMetrics() {
    m_metricView = new QTableView(this);
    m_metricView->setObjectName(QStringLiteral("metrics"));
    m_metricView->setAccessibleName(tr("Metrics of each cycle"));
    m_metricView->setHorizontalHeader(new MetricHeader(m_metricView));
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

void DashboardOverview::setStory(RunStory* story) {
    if (story == m_story)
        return;
    if (m_story) {
        m_story->disconnect(this);
        m_story->stages()->disconnect(this);
    }
    m_story = story;
    m_stageView->setModel(story->stages());
    m_metricView->setModel(story->metrics());
    connect(story->stages(), &QAbstractItemModel::rowsInserted, this, &DashboardOverview::fitStages);
    connect(story->stages(), &QAbstractItemModel::rowsRemoved, this, &DashboardOverview::fitStages);
    connect(story, &RunStory::changed, this, &DashboardOverview::showStory);
    fitStages();
    showStory();
}

void DashboardOverview::showStory() {
    const RunState state = m_story->state();
    m_runTitle->setText(m_story->title());
    m_runTitle->setToolTip(m_story->title());
    m_runFolder->setText(m_story->folder());
    m_runFolder->setToolTip(m_story->folder());

    // A button that is greyed out or hidden would hand the focus to whatever comes next in the window.
    const bool stoppable = isActive(state) && state != RunState::Stopping;
    if (!stoppable && window()->focusWidget() == m_stop)
        m_stageView->setFocus();
    m_stop->setVisible(isActive(state));
    m_stop->setEnabled(stoppable);
    m_stop->setText(state == RunState::Stopping ? tr("Stopping…") : tr("Stop"));

    const bool evaluated = m_story->metrics()->rowCount() > 0;
    m_metricsHint->setText(m_story->hasEnded() ? tr("This run ended before a cycle was evaluated.")
                                               : tr("Appear once the first cycle has been evaluated."));
    m_metricsHint->setVisible(!evaluated);
    m_metricView->setVisible(evaluated);
    if (evaluated)  // a header forgets its first section's mode with its last section
        m_metricView->horizontalHeader()->setSectionResizeMode(0, QHeaderView::Stretch);

    // The latest few are read; the log in the run's folder has them all.
    constexpr int shown = 3;
    const QStringList& warnings = m_story->warnings();
    m_warningText->setText(
        warnings.mid(std::max<qsizetype>(0, warnings.size() - shown)).join(QLatin1Char('\n')));
    m_warningText->setToolTip(warnings.join(QLatin1Char('\n')));
    m_warningText->setVisible(!warnings.isEmpty());
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
