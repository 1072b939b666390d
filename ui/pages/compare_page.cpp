// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/compare_page.h"

#include "cycle/result_warnings.h"
#include "ui/icons.h"
#include "ui/models/comparison_delegate.h"
#include "ui/models/comparison_model.h"
#include "ui/models/config_diff_model.h"
#include "ui/models/padded_delegate.h"
#include "ui/models/run_table_model.h"
#include "ui/plots/small_multiples.h"
#include "ui/studio_style.h"
#include "ui/table_text.h"
#include "ui/theme.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/notice_banner.h"
#include "ui/widgets/run_chips.h"

#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QEvent>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QSignalBlocker>
#include <QStackedWidget>
#include <QTabBar>
#include <QTableView>
#include <QVBoxLayout>

#include <algorithm>

namespace saeception {
namespace fs = std::filesystem;
namespace {

constexpr int mostOffered = 20;

QString toText(const std::string& text) {
    return QString::fromStdString(text);
}

void makeQuiet(QTableView* view) {
    view->setShowGrid(false);
    view->setWordWrap(false);
    view->setFrameShape(QFrame::NoFrame);
    view->setCornerButtonEnabled(false);
    view->setTabKeyNavigation(false);
    view->setEditTriggers(QAbstractItemView::NoEditTriggers);
    view->setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    // Between the scroll bars, where the style would draw a little frame.
    auto* corner = new QWidget(view);
    corner->setBackgroundRole(QPalette::Base);
    corner->setAutoFillBackground(true);
    view->setCornerWidget(corner);
}

QLabel* hint(QWidget* parent, const char* name) {
    auto* label = new QLabel(parent);
    label->setObjectName(QString::fromLatin1(name));
    label->setAlignment(Qt::AlignCenter);
    label->setWordWrap(true);
    label->hide();
    return label;
}

}  // namespace

ComparePage::ComparePage(RunTableModel* runs, QWidget* parent)
    : QWidget(parent),
      m_known(runs),
      m_metrics(new ComparisonModel(this)),
      m_configs(new ConfigDiffModel(this)),
      m_stack(new QStackedWidget(this)) {
    m_pool.setMaxThreadCount(1);
    auto* content = new QWidget(this);
    m_problems = new NoticeBanner(content);
    m_sheets = new QStackedWidget(content);
    auto* inner = new QVBoxLayout(content);
    inner->setContentsMargins(0, 0, 0, 0);
    inner->setSpacing(gridUnit);
    inner->addWidget(makeBar());
    inner->addWidget(m_problems);
    m_sheets->addWidget(makeMetrics());
    m_sheets->addWidget(makeConfigs());
    inner->addWidget(m_sheets, 1);
    m_stack->addWidget(makeEmptyState());
    m_stack->addWidget(content);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(2 * gridUnit, gridUnit, 2 * gridUnit, gridUnit);
    column->addWidget(m_stack);
    connect(m_tabs, &QTabBar::currentChanged, this, [this](int tab) {
        m_sheets->setCurrentIndex(tab);
        showStates();
    });
    applyTheme();
    showStates();
}

ComparePage::~ComparePage() = default;

QWidget* ComparePage::makeEmptyState() {
    auto* page = new EmptyState(
        tr("Nothing to compare yet"),
        tr("Choose one run to compare its cycles, or several on the Runs page, and press Compare."), this);
    connect(page->addButton(QStringLiteral("runs"), tr("Go to Runs"), QStringLiteral("goToRuns")),
            &QPushButton::clicked, this, &ComparePage::runsPageRequested);
    return page;
}

QWidget* ComparePage::makeBar() {
    auto* bar = new QWidget(this);
    m_chips = new RunChips(bar);
    connect(m_chips, &RunChips::removeRequested, this, &ComparePage::removeRun);
    m_addMenu = new QMenu(bar);
    connect(m_addMenu, &QMenu::aboutToShow, this, &ComparePage::fillAddMenu);
    m_add = new QPushButton(tr("Add run"), bar);
    m_add->setObjectName(QStringLiteral("addRun"));
    m_add->setToolTip(tr("Sets another run beside these"));
    m_add->setMenu(m_addMenu);
    auto* chosen = new QHBoxLayout;
    chosen->setSpacing(gridUnit);
    chosen->addWidget(m_chips);
    chosen->addWidget(m_add);
    chosen->addStretch(1);

    m_tabs = new QTabBar(bar);
    m_tabs->setObjectName(QStringLiteral("compareTabs"));
    m_tabs->setAccessibleName(tr("What is compared"));
    m_tabs->setDrawBase(false);
    m_tabs->addTab(tr("Metrics"));
    m_tabs->addTab(tr("Configurations"));
    m_againstLabel = new QLabel(tr("A&gainst"), bar);
    m_against = new QComboBox(bar);
    m_against->setObjectName(QStringLiteral("reference"));
    m_against->setAccessibleName(tr("Compare against"));
    m_against->setToolTip(tr("The column that changes are told from"));
    m_against->setMaximumWidth(32 * gridUnit);
    m_against->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    m_againstLabel->setBuddy(m_against);
    connect(m_against, &QComboBox::activated, m_metrics, &ComparisonModel::setReference);
    m_details = new QCheckBox(tr("A&ll metrics"), bar);
    m_details->setObjectName(QStringLiteral("allMetrics"));
    m_details->setToolTip(tr("Shows details as well: spreads, percentiles, single concepts"));
    connect(m_details, &QCheckBox::toggled, m_metrics, &ComparisonModel::setDetails);
    auto* menu = new QMenu(bar);
    menu->addAction(tr("As &Markdown"), QKeySequence::Copy, this, [this] { copy(true); })
        ->setObjectName(QStringLiteral("copyMarkdown"));
    menu->addAction(tr("As &CSV"), QKeySequence(QStringLiteral("Ctrl+Shift+C")), this,
                    [this] { copy(false); })
        ->setObjectName(QStringLiteral("copyCsv"));
    for (QAction* action : menu->actions()) {
        action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
        addAction(action);
    }
    m_copy = new QPushButton(themedIcon(QStringLiteral("copy")), tr("Copy"), bar);
    m_copy->setObjectName(QStringLiteral("copyTable"));
    m_copy->setToolTip(tr("Copies the table for documents or spreadsheets"));
    m_copy->setMenu(menu);
    auto* row = new QHBoxLayout;
    row->setSpacing(gridUnit);
    row->addWidget(m_tabs);
    row->addStretch(1);
    row->addWidget(m_againstLabel);
    row->addWidget(m_against);
    row->addWidget(m_details);
    row->addWidget(m_copy);

    auto* rows = new QVBoxLayout(bar);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->setSpacing(gridUnit / 2);
    rows->addLayout(chosen);
    rows->addLayout(row);
    return bar;
}

QWidget* ComparePage::makeMetrics() {
    auto* sheet = new QWidget(this);
    m_plots = new SmallMultiples(sheet);
    m_plots->setObjectName(QStringLiteral("smallMultiples"));
    m_warnings = new NoticeBanner(sheet);
    m_warnings->setObjectName(QStringLiteral("resultWarnings"));
    m_metricView = new QTableView(sheet);
    m_metricView->setObjectName(QStringLiteral("comparison"));
    m_metricView->setAccessibleName(tr("Metrics side by side"));
    makeQuiet(m_metricView);
    m_metricView->setHorizontalHeader(new ComparisonHeader(m_metricView));
    m_metricView->setVerticalHeader(new ComparisonRowHeader(m_metricView));
    m_metricView->setModel(m_metrics);
    m_metricView->setItemDelegate(new ComparisonDelegate(m_metricView));
    connect(m_metricView->horizontalHeader(), &QHeaderView::sectionClicked, this, [this](int column) {
        m_metrics->setReference(column);
        showReferences();
    });
    m_metricHint = hint(sheet, "metricHint");
    auto* column = new QVBoxLayout(sheet);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(gridUnit);
    column->addWidget(m_plots);
    column->addWidget(m_warnings);
    column->addWidget(m_metricView, 1);
    column->addWidget(m_metricHint, 1);
    return sheet;
}

QWidget* ComparePage::makeConfigs() {
    auto* sheet = new QWidget(this);
    m_configView = new QTableView(sheet);
    m_configView->setObjectName(QStringLiteral("configDiff"));
    m_configView->setAccessibleName(tr("Configurations where they differ"));
    makeQuiet(m_configView);
    m_configView->setVerticalHeader(new ComparisonRowHeader(m_configView));
    m_configView->setModel(m_configs);
    m_configView->setItemDelegate(new PaddedDelegate(m_configView));
    m_configView->horizontalHeader()->setHighlightSections(false);
    m_configView->horizontalHeader()->setSectionsClickable(false);
    m_configView->horizontalHeader()->setProperty(paddedHeader, true);
    m_configView->horizontalHeader()->setSectionResizeMode(QHeaderView::Stretch);
    m_configView->horizontalHeader()->setMinimumSectionSize(14 * gridUnit);
    m_configHint = hint(sheet, "configHint");
    auto* column = new QVBoxLayout(sheet);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_configView, 1);
    column->addWidget(m_configHint, 1);
    return sheet;
}

void ComparePage::setRuns(const std::vector<fs::path>& roots) {
    m_chosen = true;
    m_roots.clear();
    for (const fs::path& root : roots)
        if (m_roots.size() < mostRuns && std::find(m_roots.begin(), m_roots.end(), root) == m_roots.end())
            m_roots.push_back(root);
    m_tooMany =
        roots.size() > mostRuns
            ? tr("Only the first %1 of the %2 chosen runs are compared.").arg(mostRuns).arg(roots.size())
            : QString();
    reload();
}

void ComparePage::follow(const fs::path& root) {
    if (m_chosen && !m_roots.empty())
        return;
    setRuns({root});
    m_chosen = false;
}

void ComparePage::addRun(const fs::path& root) {
    std::vector<fs::path> roots = m_roots;
    roots.push_back(root);
    setRuns(roots);
}

void ComparePage::removeRun(int run) {
    std::vector<fs::path> roots = m_roots;
    roots.erase(roots.begin() + run);
    setRuns(roots);
}

void ComparePage::reload() {
    const quint64 request = ++m_request;
    m_pool.clear();
    m_pool.start([this, request, roots = m_roots] {
        std::vector<RunContents> runs;
        for (const fs::path& root : roots)
            runs.push_back(readRunContents(root));
        QMetaObject::invokeMethod(
            this,
            [this, request, runs = std::move(runs)] {
                if (request != m_request)
                    return;
                m_shown = request;
                showContents(runs);
            },
            Qt::QueuedConnection);
    });
}

void ComparePage::showContents(const std::vector<RunContents>& runs) {
    m_contents = runs;
    QList<RunChips::Chip> chips;
    QStringList warnings;
    QStringList problems;
    if (!m_tooMany.isEmpty())
        problems.append(m_tooMany);
    for (const RunContents& run : runs) {
        const QString title = toText(run.title);
        const QString lead = runs.size() > 1 ? title + QStringLiteral(": ") : QString();
        chips.append({title, toText(run.root.string())});
        for (const std::string& warning : resultWarnings(run.results))
            warnings.append(lead + toText(warning));
        for (const std::string& problem : run.problems)
            problems.append(toText(problem));
    }
    m_chips->setRuns(chips);
    m_warnings->showLines({}, warnings);
    m_problems->showLines({}, problems);
    m_metrics->setRuns(runs);
    m_configs->setRuns(runs);
    m_plots->setRuns(runs);
    showReferences();
    showStates();
    Q_EMIT loaded();
}

void ComparePage::showReferences() {
    const QSignalBlocker quiet(m_against);
    m_against->clear();
    for (int column = 0; column < m_metrics->columnCount(); ++column)
        m_against->addItem(m_metrics->columnText(column));
    m_against->setCurrentIndex(m_metrics->reference());
}

void ComparePage::showStates() {
    const bool any = !m_roots.empty();
    const bool metrics = m_metrics->columnCount() > 0;
    const bool onMetrics = m_tabs->currentIndex() == MetricsTab;
    m_stack->setCurrentIndex(any ? 1 : 0);
    m_add->setEnabled(m_roots.size() < mostRuns);
    m_againstLabel->setVisible(onMetrics && m_metrics->columnCount() > 1);
    m_against->setVisible(onMetrics && m_metrics->columnCount() > 1);
    m_details->setVisible(onMetrics && metrics);
    m_copy->setEnabled(onMetrics ? metrics : m_configs->rowCount() > 0);
    m_plots->setVisible(metrics);
    m_metricView->setVisible(metrics);
    m_metricHint->setVisible(!metrics);
    m_metricHint->setText(m_roots.size() == 1 ? tr("No cycle of this run has been evaluated yet.")
                                              : tr("No cycle of these runs has been evaluated yet."));
    const bool differ = m_configs->rowCount() > 0;
    m_configView->setVisible(differ);
    m_configHint->setVisible(!differ);
    m_configHint->setText(m_contents.size() < 2 ? tr("Add a second run to see in which settings they differ.")
                                                : tr("The configurations of these runs are the same."));
}

void ComparePage::fillAddMenu() {
    m_addMenu->clear();
    std::vector<int> rows;
    for (int row = 0; row < m_known->rowCount(); ++row)
        if (std::find(m_roots.begin(), m_roots.end(), m_known->run(row).root) == m_roots.end())
            rows.push_back(row);
    std::sort(rows.begin(), rows.end(),
              [this](int a, int b) { return m_known->run(a).started > m_known->run(b).started; });
    const bool more = rows.size() > mostOffered;
    rows.resize(std::min<std::size_t>(rows.size(), mostOffered));
    for (const int row : rows) {
        const fs::path root = m_known->run(row).root;
        QStringList words = {toText(runTitle(m_known->run(row)))};
        for (const int column : {RunTableModel::Experiment, RunTableModel::Accuracy})
            words.append(m_known->index(row, column).data().toString());
        words.removeAll(QStringLiteral("–"));
        // An ampersand of a name is no mnemonic.
        QAction* action = m_addMenu->addAction(
            words.join(QStringLiteral("   ")).replace(QLatin1Char('&'), QStringLiteral("&&")));
        action->setToolTip(toText(root.string()));
        connect(action, &QAction::triggered, this, [this, root] { addRun(root); });
    }
    if (!rows.empty())
        m_addMenu->addSeparator();
    m_addMenu->addAction(more ? tr("More on the Runs page…") : tr("Choose on the Runs page…"), this,
                         &ComparePage::runsPageRequested);
}

void ComparePage::copy(bool markdown) {
    if (!m_copy->isEnabled())
        return;
    QString text;
    if (m_tabs->currentIndex() == ConfigsTab) {
        text = markdown ? configMarkdown(*m_configs) : configCsv(*m_configs);
    } else if (markdown) {
        text = comparisonMarkdown(*m_metrics);
        for (const QString& warning : m_warnings->lines())
            text += QStringLiteral("\n- ") + warning;
        if (!m_warnings->lines().isEmpty())
            text += QLatin1Char('\n');
    } else {
        text = comparisonCsv(*m_metrics);
    }
    QGuiApplication::clipboard()->setText(text);
}

void ComparePage::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    if (!m_roots.empty())
        reload();
}

void ComparePage::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::StyleChange)
        applyTheme();
}

void ComparePage::applyTheme() {
    for (QLabel* label : {m_metricHint, m_configHint}) {
        QPalette faint = label->palette();
        faint.setColor(QPalette::WindowText, Theme::instance().colours().faintText);
        label->setPalette(faint);
    }
}

}  // namespace saeception
