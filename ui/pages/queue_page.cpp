// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/queue_page.h"

#include "ui/icons.h"
#include "ui/jobs/job_queue.h"
#include "ui/models/job_table_model.h"
#include "ui/pages/job_details.h"
#include "ui/pages/job_list.h"
#include "ui/theme.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/notice_banner.h"

#include <QAction>
#include <QEvent>
#include <QFrame>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QSettings>
#include <QSpinBox>
#include <QSplitter>
#include <QStackedWidget>
#include <QTimer>
#include <QVBoxLayout>

#include <algorithm>

namespace saeception {
namespace {

const QString concurrencyKey = QStringLiteral("queue/concurrency");
const QString splitterKey = QStringLiteral("queue/splitter");

}  // namespace

QueuePage::QueuePage(JobQueue* queue, QWidget* parent)
    : QWidget(parent),
      m_queue(queue),
      m_model(new JobTableModel(queue, this)),
      m_table(new JobList(m_model, this)),
      m_details(new JobDetails(this)),
      m_banner(new NoticeBanner(this)),
      m_stack(new QStackedWidget(this)),
      m_menu(new QMenu(this)) {
    setWindowTitle(tr("Queue"));
    queue->setConcurrency(QSettings().value(concurrencyKey, 1).toInt());
    makeJobActions();
    makeQueueActions();
    m_content = new QSplitter(Qt::Vertical, this);
    m_content->setChildrenCollapsible(false);
    m_content->addWidget(m_table);
    m_content->addWidget(m_details);
    m_content->setStretchFactor(0, 1);
    m_content->setSizes({60 * gridUnit, 17 * gridUnit});
    m_content->restoreState(QSettings().value(splitterKey).toByteArray());
    connect(m_content, &QSplitter::splitterMoved, this,
            [this] { QSettings().setValue(splitterKey, m_content->saveState()); });
    auto* list = new QWidget(this);
    auto* listColumn = new QVBoxLayout(list);
    listColumn->setContentsMargins(0, 0, 0, 0);
    listColumn->setSpacing(gridUnit);
    listColumn->addWidget(makeBar());
    listColumn->addWidget(makeHoldStrip());
    listColumn->addWidget(m_content, 1);
    m_stack->addWidget(makeEmptyState());
    m_stack->addWidget(list);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(2 * gridUnit, gridUnit, 2 * gridUnit, gridUnit);
    column->setSpacing(gridUnit);
    column->addWidget(m_banner);
    column->addWidget(m_stack, 1);
    setFocusProxy(m_table);
    connectQueue();
    updateCounts();
    updateHold();
    updateActions();
    updateDetails();
}

QPushButton* QueuePage::button(QAction* action, const char* icon, bool words) {
    auto* made = new QPushButton(this);
    made->setObjectName(action->objectName() + QStringLiteral("Button"));
    if (icon != nullptr)
        made->setIcon(themedIcon(QString::fromLatin1(icon)));
    const QString text = QString(action->text()).remove(QLatin1Char('&'));
    if (words)
        made->setText(text);
    made->setAccessibleName(text);
    made->setToolTip(action->toolTip());
    connect(made, &QPushButton::clicked, action, &QAction::trigger);
    connect(action, &QAction::enabledChanged, made, &QWidget::setEnabled);
    return made;
}

QWidget* QueuePage::makeBar() {
    auto* bar = new QWidget(this);
    auto* row = new QHBoxLayout(bar);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(gridUnit);
    row->addWidget(button(m_pause, "pause"));
    row->addWidget(button(m_resume, "launch"));
    row->addWidget(button(m_cancel, "stop"));
    row->addSpacing(gridUnit);
    row->addWidget(button(m_retry, "retry"));
    row->addWidget(button(m_resumeRun, nullptr));
    QPushButton* clone = button(m_clone, nullptr);
    clone->setText(tr("Clone…"));
    row->addWidget(clone);
    row->addSpacing(gridUnit);
    row->addWidget(button(m_up, "up", false));
    row->addWidget(button(m_down, "down", false));
    auto* more = new QPushButton(tr("More"), bar);
    more->setObjectName(QStringLiteral("moreJobActions"));
    more->setToolTip(tr("What else can be done with the chosen jobs and the queue"));
    more->setMenu(m_menu);
    row->addWidget(more);
    m_counts = new ElidedLabel(bar);  // gives way to the buttons in a narrow window
    m_counts->setObjectName(QStringLiteral("jobCounts"));
    m_counts->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    m_counts->setFaint(true);
    row->addWidget(m_counts, 1);
    row->addSpacing(gridUnit);
    auto* label = new QLabel(tr("&Jobs at a time"), bar);
    m_concurrency = new QSpinBox(bar);
    m_concurrency->setObjectName(QStringLiteral("concurrency"));
    m_concurrency->setRange(1, m_queue->threadBudget());
    m_concurrency->setValue(m_queue->concurrency());
    m_concurrency->setFixedWidth(7 * gridUnit);
    m_concurrency->setToolTip(
        tr("How many jobs run at the same time. They share the %1 threads of this machine; "
           "jobs that run already keep theirs.")
            .arg(m_queue->threadBudget()));
    label->setBuddy(m_concurrency);
    connect(m_concurrency, &QSpinBox::valueChanged, this, [this](int jobs) {
        QSettings().setValue(concurrencyKey, jobs);
        if (m_queue)
            m_queue->setConcurrency(jobs);
    });
    row->addWidget(label);
    row->addWidget(m_concurrency);
    return bar;
}

QWidget* QueuePage::makeHoldStrip() {
    m_holdStrip = new QFrame(this);
    m_holdStrip->setFrameShape(QFrame::StyledPanel);
    m_holdStrip->setObjectName(QStringLiteral("holdStrip"));
    m_holdText = new QLabel(m_holdStrip);
    m_holdText->setObjectName(QStringLiteral("holdText"));
    m_holdText->setTextFormat(Qt::PlainText);
    m_holdText->setWordWrap(true);
    auto* release = new QPushButton(themedIcon(QStringLiteral("launch")), tr("Release"), m_holdStrip);
    release->setObjectName(QStringLiteral("release"));
    release->setToolTip(m_release->toolTip());
    connect(release, &QPushButton::clicked, m_release, &QAction::trigger);
    auto* row = new QHBoxLayout(m_holdStrip);
    row->setContentsMargins(gridUnit, gridUnit / 2, gridUnit / 2, gridUnit / 2);
    row->setSpacing(gridUnit);
    row->addWidget(m_holdText, 1);
    row->addWidget(release);
    return m_holdStrip;
}

QWidget* QueuePage::makeEmptyState() {
    auto* empty =
        new EmptyState(tr("No jobs"),
                       tr("Runs started on the Launch page are listed here, and wait here for their turn "
                          "where several were started. They can be paused, put in another order and "
                          "tried again."),
                       this);
    connect(empty->addButton(QStringLiteral("launch"), tr("Go to Launch"), QStringLiteral("queueToLaunch")),
            &QPushButton::clicked, this, &QueuePage::launchPageRequested);
    return empty;
}

void QueuePage::connectQueue() {
    JobQueue* queue = m_queue;
    // Several changes of one moment are looked at once.
    const auto update = [this] {
        if (m_updateRequested)
            return;
        m_updateRequested = true;
        QTimer::singleShot(0, this, [this] {
            m_updateRequested = false;
            updateCounts();
            updateHold();
            updateActions();
            updateDetails();
        });
    };
    for (const auto signal : {&JobQueue::jobAdded, &JobQueue::jobRemoved})
        connect(queue, signal, this, update);
    connect(queue, &JobQueue::jobMoved, this, update);
    connect(queue, &JobQueue::jobChanged, this, update);
    connect(queue, &JobQueue::heldChanged, this, update);
    // What is worked on can be paused without being looked for.
    connect(queue, &JobQueue::started, this, [this](quint64 id) {
        if (m_table->chosen().empty())
            choose(id);
    });
    connect(queue, &JobQueue::concurrencyChanged, m_concurrency, &QSpinBox::setValue);
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this, [this] {
        updateActions();
        updateDetails();
    });
    connect(m_table, &QAbstractItemView::doubleClicked, m_show, &QAction::trigger);
    connect(m_table, &QWidget::customContextMenuRequested, this,
            [this](const QPoint& at) { m_menu->popup(m_table->viewport()->mapToGlobal(at)); });
    connect(m_details, &JobDetails::copyRequested, m_copy, &QAction::trigger);
    connect(m_details, &JobDetails::revealRequested, m_reveal, &QAction::trigger);
    connect(m_details, &JobDetails::logRequested, m_log, &QAction::trigger);
    connect(m_details, &JobDetails::showRequested, m_show, &QAction::trigger);
    m_menu->setToolTipsVisible(true);
}

void QueuePage::choose(quint64 id) {
    m_table->choose(id);
}

void QueuePage::showNotice(const QString& line) {
    m_banner->showLines({}, m_banner->lines() + QStringList{line});
}

void QueuePage::updateActions() {
    std::vector<const JobInfo*> chosen;
    for (const QModelIndex& index : m_table->selectionModel()->selectedRows())
        if (m_queue)
            chosen.push_back(&m_queue->at(index.row()));
    for (const Rule& rule : m_rules)
        rule.action->setEnabled((!rule.one || chosen.size() == 1) &&
                                std::any_of(chosen.begin(), chosen.end(),
                                            [&rule](const JobInfo* job) { return rule.allows(*job); }));
}

void QueuePage::updateDetails() {
    const std::vector<quint64> ids = m_table->chosen();
    const JobInfo* job = ids.size() == 1 && m_queue ? m_queue->job(ids[0]) : nullptr;
    if (job != nullptr)
        m_details->showJob(*job);
    else
        m_details->showWords(ids.empty() ? tr("Choose a job to see its command, its folder and how it ended.")
                                         : tr("%1 jobs chosen").arg(ids.size()));
}

void QueuePage::updateHold() {
    if (!m_queue)
        return;
    int restored = 0;
    int onHold = 0;
    for (int row = 0; row < m_queue->count(); ++row) {
        const JobInfo& job = m_queue->at(row);
        onHold += job.state == JobState::Waiting && job.onHold ? 1 : 0;
        restored += job.state == JobState::Waiting && job.onHold && job.restored ? 1 : 0;
    }
    m_hold->setChecked(m_queue->isHeld());
    m_release->setEnabled(m_queue->isHeld() || onHold > 0);
    m_holdStrip->setVisible(m_queue->isHeld() || restored > 0);
    m_holdText->setText(
        m_queue->isHeld() ? tr("The queue is on hold: no waiting job starts until it is released.")
        : restored == 1   ? tr("A job from the last session is on hold. It starts when it is released.")
                        : tr("%1 jobs from the last session are on hold. They start when they are released.")
                              .arg(restored));
}

void QueuePage::updateCounts() {
    if (!m_queue)
        return;
    int running = 0;
    for (const quint64 id : m_queue->activeJobs())
        running += m_queue->job(id)->state != JobState::Paused ? 1 : 0;
    const int paused = static_cast<int>(m_queue->activeJobs().size()) - running;
    QStringList parts;
    for (const auto& [count, text] :
         {std::pair(running, tr("%1 running")), std::pair(paused, tr("%1 paused")),
          std::pair(m_queue->waitingCount(), tr("%1 waiting"))})
        if (count > 0)
            parts.append(text.arg(count));
    m_counts->setText(parts.isEmpty() ? tr("Nothing runs") : parts.join(QStringLiteral(" · ")));
    bool finished = false;
    for (int row = 0; row < m_queue->count(); ++row)
        finished = finished || isFinished(m_queue->at(row).state);
    m_clear->setEnabled(finished);
    m_stack->setCurrentIndex(m_queue->count() == 0 ? 0 : 1);
}

}  // namespace saeception
