// SPDX-License-Identifier: GPL-3.0-or-later
// What the page shows and when; what its buttons start is in cycle_map_actions.cpp.
#include "ui/pages/cycle_map_page.h"

#include "ui/icons.h"
#include "ui/jobs/in_background.h"
#include "ui/pages/cycle_details.h"
#include "ui/plots/cycle_curves.h"
#include "ui/plots/cycle_diagram.h"
#include "ui/theme.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/notice_banner.h"

#include <QAction>
#include <QApplication>
#include <QDateTime>
#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QMessageBox>
#include <QPushButton>
#include <QSplitter>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace saeception {
namespace {

using Kind = CycleNodeKind;

constexpr int afterChange = 300;
constexpr int otherProcess = 3000;
constexpr int clockTick = 1000;
constexpr int detailsWidth = 43 * gridUnit;

bool changesFiles(const Event& event) {
    return std::holds_alternative<ArtefactSaved>(event.body) ||
           std::holds_alternative<StageFinished>(event.body) ||
           std::holds_alternative<CycleEvaluated>(event.body);
}

double now() {
    return static_cast<double>(QDateTime::currentMSecsSinceEpoch()) / 1000;
}

}  // namespace

CycleMapPage::CycleMapPage(QWidget* parent)
    : QWidget(parent),
      m_model(new CycleMapModel(this)),
      m_diagram(new CycleDiagram),
      m_stack(new QStackedWidget(this)) {
    m_soon.setSingleShot(true);
    m_soon.setInterval(afterChange);
    m_other.setSingleShot(true);
    m_other.setInterval(otherProcess);
    m_clock.setInterval(clockTick);
    connect(&m_soon, &QTimer::timeout, this, &CycleMapPage::reload);
    connect(&m_other, &QTimer::timeout, this, &CycleMapPage::reload);
    connect(&m_clock, &QTimer::timeout, this, [this] { m_model->tick(now()); });

    m_diagram->setObjectName(QStringLiteral("cycleDiagram"));
    m_diagram->setAccessibleName(tr("Cycle map"));
    m_diagram->setModel(m_model);
    m_details = new CycleDetails(*m_model, this);
    m_details->setObjectName(QStringLiteral("cycleDetails"));
    m_details->setMinimumWidth(38 * gridUnit);
    auto* splitter = new QSplitter(Qt::Horizontal);
    splitter->setChildrenCollapsible(false);
    splitter->setHandleWidth(1);
    splitter->addWidget(m_diagram);
    splitter->addWidget(m_details);
    splitter->setStretchFactor(0, 3);
    splitter->setStretchFactor(1, 1);
    splitter->setSizes({100 * gridUnit, detailsWidth});
    m_problems = new NoticeBanner;
    auto* content = new QWidget(this);
    auto* inner = new QVBoxLayout(content);
    inner->setContentsMargins(0, 0, 0, 0);
    inner->setSpacing(gridUnit);
    inner->addWidget(makeHeader());
    auto* banner = new QHBoxLayout;
    banner->setContentsMargins(gridUnit, 0, 2 * gridUnit, 0);
    banner->addWidget(m_problems);
    inner->addLayout(banner);
    inner->addWidget(splitter, 1);
    m_empty = new EmptyState({}, {}, this);
    m_toLaunch =
        m_empty->addButton(QStringLiteral("launch"), tr("Go to Launch"), QStringLiteral("goToLaunch"));
    connect(m_toLaunch, &QPushButton::clicked, this, &CycleMapPage::launchPageRequested);
    m_stack->addWidget(m_empty);
    m_stack->addWidget(content);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(gridUnit, gridUnit, 0, 0);
    column->addWidget(m_stack);

    makeActions();
    connect(m_diagram->selectionModel(), &QItemSelectionModel::currentChanged, this, [this] {
        m_chosen = m_chosen || !m_choosing;
        showChosen();
    });
    connect(m_diagram, &QAbstractItemView::activated, m_details, [this] {
        m_details->setFocus(Qt::OtherFocusReason);
        if (auto* button = m_details->findChild<QPushButton*>(QStringLiteral("runStage"));
            button->isEnabled())
            button->setFocus(Qt::OtherFocusReason);
    });
    connect(m_details, &CycleDetails::nodeRequested, m_diagram, &CycleDiagram::setCurrentNode);
    // Both tell of one change: rows that join and rows whose state is another.
    const auto changed = [this] {
        choose();
        m_details->refresh();
        showOffer();
        showWhole();
    };
    connect(m_model, &QAbstractItemModel::rowsInserted, this, changed, Qt::QueuedConnection);
    connect(m_model, &QAbstractItemModel::dataChanged, this, changed);
    applyTheme();
    showWhole();
}

CycleMapPage::~CycleMapPage() {
    m_stop.request_stop();
}

QWidget* CycleMapPage::makeHeader() {
    auto* header = new QWidget(this);
    m_titleLabel = new QLabel(header);
    m_titleLabel->setObjectName(QStringLiteral("cycleRunTitle"));
    m_titleLabel->setTextFormat(Qt::PlainText);
    QFont bold = m_titleLabel->font();
    bold.setWeight(QFont::DemiBold);
    bold.setPointSizeF(bold.pointSizeF() * 1.15);
    m_titleLabel->setFont(bold);
    m_summary = new QLabel(header);
    m_summary->setObjectName(QStringLiteral("cycleRunSummary"));
    m_summary->setTextFormat(Qt::PlainText);
    m_resume = new QPushButton(themedIcon(QStringLiteral("launch")), tr("Continue this run"), header);
    m_resume->setObjectName(QStringLiteral("continueRun"));
    m_resume->setToolTip(tr("Goes on after the last stage that came to its end"));
    auto* row = new QHBoxLayout(header);
    row->setContentsMargins(gridUnit, 0, 2 * gridUnit, 0);
    row->setSpacing(2 * gridUnit);
    row->addWidget(m_titleLabel);
    row->addWidget(m_summary, 1);
    row->addWidget(m_resume);
    // As high with the button as without it.
    header->setMinimumHeight(m_resume->sizeHint().height());
    return header;
}

void CycleMapPage::begin(const QString& title) {
    ++m_request;
    m_stop.request_stop();
    m_title = title;
    m_root.clear();
    m_reading = false;
    m_chosen = false;
    m_soon.stop();
    m_other.stop();
    m_problems->showLines({}, {});
    m_choosing = true;  // rows that go take the choice with them
    m_model->clear();
    m_choosing = false;
    if (m_question != nullptr)
        m_question->reject();
    m_details->refresh();
    showWhole();
}

void CycleMapPage::setRun(const std::filesystem::path& root) {
    const std::filesystem::path absolute = root.empty() ? root : RunDirectory::at(root).root();
    if (absolute != m_root && !m_root.empty())
        begin({});
    m_root = absolute;
    if (!m_root.empty())
        reload();
    else
        begin({});
}

void CycleMapPage::reload() {
    if (m_root.empty())
        return;
    m_soon.stop();
    m_other.stop();
    const quint64 request = ++m_request;
    m_reading = true;
    m_stop.request_stop();
    m_stop = {};
    inBackground([root = m_root, stop = m_stop.get_token()] {
        return readCycleMap(root, stop);  // what it throws is that another request has taken its place
    }).then(this, [this, request](const CycleMapContents& contents) {
        if (request == m_request)
            showContents(contents);
    });
    showWhole();
}

void CycleMapPage::showContents(const CycleMapContents& contents) {
    m_reading = false;
    m_model->setContents(contents);
    QStringList lines;
    if (!contents.found)
        lines << tr("%1 is no run, or not there any longer.").arg(QString::fromStdString(m_root.string()));
    else if (contents.status == RunStatus::Running && !m_model->story().isActive())
        lines << tr("Another process works in this run. What it does is shown every few seconds.");
    if (contents.status == RunStatus::Failed && !m_model->story().isActive())
        lines << tr("The run failed: %1").arg(QString::fromStdString(contents.ending));
    for (const std::string& problem : contents.problems)
        lines << QString::fromStdString(problem);
    m_problems->showLines({}, lines);
    choose();
    m_details->refresh();
    showOffer();
    showWhole();
    if (contents.found && contents.status == RunStatus::Running && !m_model->story().isActive() &&
        isVisible())
        m_other.start();
    Q_EMIT loaded();
}

void CycleMapPage::consume(const EventBatch& batch) {
    bool files = false;
    bool ended = false;
    for (const Event& event : batch) {
        if (const auto* started = std::get_if<RunStarted>(&event.body))
            if (RunDirectory::at(started->directory).root() != m_root) {
                m_root = RunDirectory::at(started->directory).root();
                files = true;
            }
        m_model->apply(event);
        files = files || changesFiles(event);
        ended = ended || isTerminal(event);
    }
    m_details->curves()->append(batch);
    // The end is waited for by nothing else, and what is shown then stays.
    if (ended)
        reload();
    else if (files && !m_soon.isActive())
        m_soon.start();
}

void CycleMapPage::setActive(bool runIsLive) {
    if (runIsLive == m_model->story().isActive())
        return;
    m_model->setActive(runIsLive);
    if (runIsLive)
        m_clock.start();
    else
        m_clock.stop();
    showOffer();
    showWhole();
}

void CycleMapPage::setCurves(const CurveStore* store, const QString& runId) {
    m_details->curves()->setSource(store, runId);
}

void CycleMapPage::showWhole() {
    const bool any = m_model->rowCount() > 0;
    if (any) {
        const std::string& known = m_model->story().contents().title;
        m_titleLabel->setText(known.empty() ? m_title : QString::fromStdString(known));
        m_summary->setText(m_model->summary());
        m_resume->setVisible(m_model->isUnfinished());
        m_resumeAction->setEnabled(m_model->isUnfinished());
    } else {
        const bool lost = !m_reading && !m_root.empty();
        m_empty->setTitle(m_reading ? tr("Reading the run…")
                          : lost    ? tr("Nothing to draw")
                                    : tr("No run yet"));
        m_empty->setText(
            m_reading ? QString()
            : lost
                ? tr("%1 holds nothing of a run that could be read.")
                      .arg(QString::fromStdString(m_root.string()))
                : tr("Start a run, or open one from the Runs page, and its loop is drawn here: each stage of "
                     "each cycle, what it makes, and how far it is."));
        m_toLaunch->setVisible(!m_reading);
    }
    m_reloadAction->setEnabled(!m_root.empty());
    const bool hadFocus = isAncestorOf(QApplication::focusWidget()) && any != (m_stack->currentIndex() == 1);
    m_stack->setCurrentIndex(any ? 1 : 0);
    setFocusProxy(any ? static_cast<QWidget*>(m_diagram) : m_toLaunch);
    if (hadFocus)
        setFocus(Qt::OtherFocusReason);
}

// Unless a person has chosen: the stage that runs, else where the run broke off, else its last results.
void CycleMapPage::choose() {
    if (m_chosen || m_model->rowCount() == 0)
        return;
    int best = 0;
    int rank = 0;
    for (int row = 0; row < m_model->rowCount(); ++row) {
        const StageState state = m_model->state(row).state;
        const bool stage = !m_model->node(row).isArtefact();
        const int own = stage && (state == StageState::Running || state == StageState::Paused)   ? 4
                        : stage && (state == StageState::Failed || state == StageState::Stopped) ? 3
                        : m_model->node(row).kind == Kind::Results && state == StageState::Done  ? 2
                        : stage && state == StageState::Done                                     ? 1
                                                                                                 : 0;
        if (own >= rank && own > 0) {
            best = row;
            rank = own;
        }
    }
    m_choosing = true;
    m_diagram->setCurrentIndex(m_model->index(best));
    m_choosing = false;
}

void CycleMapPage::showChosen() {
    const QModelIndex current = m_diagram->currentIndex();
    if (!current.isValid())
        return;
    m_details->showNode(m_model->node(current.row()));
    showOffer();
}

void CycleMapPage::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    // What happened unseen, by other processes or in the file manager.
    if (!m_root.empty() && !m_reading)
        reload();
}

void CycleMapPage::hideEvent(QHideEvent* event) {
    QWidget::hideEvent(event);
    m_other.stop();
}

void CycleMapPage::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::StyleChange)
        applyTheme();
}

void CycleMapPage::applyTheme() {
    if (m_summary == nullptr)
        return;
    QPalette faint = m_summary->palette();
    faint.setColor(QPalette::WindowText, Theme::instance().colours().faintText);
    m_summary->setPalette(faint);
}

}  // namespace saeception
