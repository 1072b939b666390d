// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/status_line.h"

#include "base/thread_budget.h"
#include "ui/format.h"
#include "ui/models/stage_list_model.h"
#include "ui/theme.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QProgressBar>

namespace saeception {
namespace {

constexpr int memoryIntervalMs = 2000;
constexpr int progressSteps = 1000;

}  // namespace

StatusLine::StatusLine(QWidget* parent)
    : QWidget(parent),
      m_message(new QLabel(tr("Nothing is running"), this)),
      m_progress(new QProgressBar(this)),
      m_left(new QLabel(this)),
      m_threads(new QLabel(this)),
      m_memory(new QLabel(this)) {
    setFixedHeight(4 * gridUnit);
    m_message->setObjectName(QStringLiteral("statusMessage"));
    m_message->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_message->setTextFormat(Qt::PlainText);
    m_progress->setTextVisible(false);
    m_progress->setFixedSize(22 * gridUnit, gridUnit);
    m_progress->setRange(0, progressSteps);
    m_progress->setAccessibleName(tr("Progress of the running stage"));
    m_progress->hide();
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(2 * gridUnit, 1, 2 * gridUnit, 0);
    row->setSpacing(2 * gridUnit);
    row->addWidget(m_message, 1);
    row->addWidget(m_progress);
    row->addWidget(m_left);
    row->addWidget(m_threads);
    row->addWidget(m_memory);
    m_memory->setToolTip(tr("Resident memory of this program"));
    m_clock.setInterval(memoryIntervalMs);
    connect(&m_clock, &QTimer::timeout, this, &StatusLine::showMemory);
    m_clock.start();
    m_threads->setText(tr("Threads: %1").arg(resolveThreads(0)));
    showMemory();
}

void StatusLine::begin(const QString& title, int threads) {
    m_title = title;
    m_stage = tr("starting");
    m_threads->setText(tr("Threads: %1").arg(threads));
    m_progress->setRange(0, 0);
    m_progress->show();
    m_left->clear();
    setState(RunState::Running);
}

void StatusLine::consume(const EventBatch& batch) {
    for (const Event& event : batch) {
        if (const auto* begun = std::get_if<StageStarted>(&event.body)) {
            m_stage = begun->stage == Stage::Prepare
                          ? stageText(begun->stage)
                          : tr("%1, %2").arg(cycleText(begun->cycle), stageText(begun->stage));
            m_left->clear();
            m_progress->setRange(0, begun->totalSteps > 0 ? progressSteps : 0);
            m_progress->setValue(0);
        } else if (const auto* progress = std::get_if<Progress>(&event.body)) {
            if (progress->totalSteps > 0) {
                m_progress->setRange(0, progressSteps);
                m_progress->setValue(static_cast<int>(progressSteps * progress->step / progress->totalSteps));
            }
            m_left->setText(progress->secondsLeft >= 0
                                ? tr("%1 left in this stage").arg(durationText(progress->secondsLeft))
                                : QString());
        }
    }
    showStage();
}

void StatusLine::setState(RunState state) {
    m_state = state;
    if (!isActive(state)) {
        m_progress->hide();
        m_left->clear();
    }
    showStage();
}

void StatusLine::setMessage(const QString& text) {
    if (isActive(m_state))
        return;
    m_title.clear();
    m_message->setText(text);
}

QString StatusLine::message() const {
    return m_message->text();
}

void StatusLine::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setPen(Theme::instance().colours().separator);
    painter.drawLine(0, 0, width(), 0);
}

void StatusLine::showStage() {
    if (m_title.isEmpty())
        return;
    switch (m_state) {
        case RunState::Running:
            m_message->setText(tr("%1: %2").arg(m_title, m_stage));
            break;
        case RunState::Pausing:
            m_message->setText(tr("%1: Pausing after the present step…").arg(m_title));
            break;
        case RunState::Paused:
            m_message->setText(tr("%1: paused in %2").arg(m_title, m_stage));
            m_left->clear();
            break;
        case RunState::Stopping:
            m_message->setText(tr("%1: Stopping…").arg(m_title));
            break;
        case RunState::Done:
            m_message->setText(tr("%1: done").arg(m_title));
            break;
        case RunState::Stopped:
            m_message->setText(tr("%1: stopped; what was done is saved").arg(m_title));
            break;
        case RunState::Failed:
            m_message->setText(tr("%1: failed").arg(m_title));
            break;
        case RunState::Waiting:
            break;
    }
}

void StatusLine::showMemory() {
    m_memory->setText(memoryText(residentBytes()));
}

}  // namespace saeception
