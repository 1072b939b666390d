// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/status_line.h"

#include "base/thread_budget.h"
#include "ui/format.h"
#include "ui/models/stage_list_model.h"
#include "ui/theme.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QMouseEvent>
#include <QPainter>
#include <QProgressBar>

#include <algorithm>

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
      m_others(new QLabel(this)),
      m_threads(new QLabel(this)),
      m_memory(new QLabel(this)) {
    setFixedHeight(4 * gridUnit);
    m_message->setObjectName(QStringLiteral("statusMessage"));
    m_message->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_message->setTextFormat(Qt::PlainText);
    m_progress->setTextVisible(false);
    m_progress->setFixedSize(22 * gridUnit, gridUnit);
    m_progress->setRange(0, progressSteps);
    m_progress->setAccessibleName(tr("Progress of the running job"));
    m_progress->hide();
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(2 * gridUnit, 1, 2 * gridUnit, 0);
    row->setSpacing(2 * gridUnit);
    row->addWidget(m_message, 1);
    row->addWidget(m_progress);
    row->addWidget(m_left);
    row->addWidget(m_others);
    row->addWidget(m_threads);
    row->addWidget(m_memory);
    m_memory->setToolTip(tr("Resident memory of this program"));
    m_clock.setInterval(memoryIntervalMs);
    connect(&m_clock, &QTimer::timeout, this, &StatusLine::showMemory);
    m_clock.start();
    m_threads->setText(tr("Threads: %1").arg(resolveThreads(0)));
    showMemory();
}

void StatusLine::showJob(const JobInfo& job) {
    const QString stage = !job.stage ? tr("starting")
                          : *job.stage == Stage::Prepare
                              ? stageText(*job.stage)
                              : tr("%1, %2").arg(cycleText(job.cycle), stageText(*job.stage));
    const auto sentence = [&]() -> QString {
        switch (job.state) {
            case JobState::Running:
                return tr("%1: %2").arg(job.title, stage);
            case JobState::Pausing:
                return tr("%1: Pausing after the present step…").arg(job.title);
            case JobState::Paused:
                return tr("%1: paused in %2").arg(job.title, stage);
            case JobState::Resuming:
                return tr("%1: goes on as soon as there is room").arg(job.title);
            case JobState::Stopping:
                return tr("%1: Stopping…").arg(job.title);
            case JobState::Waiting:
                return tr("%1: waiting").arg(job.title);
            case JobState::Kept:
                return tr("%1: kept; resume it from the queue").arg(job.title);
            case JobState::Done:
                return tr("%1: done").arg(job.title);
            case JobState::Stopped:
                return tr("%1: stopped; what was done is saved").arg(job.title);
            case JobState::Failed:
                return tr("%1: failed: %2").arg(job.title, job.message);
        }
        return {};
    };
    m_message->setText(sentence());
    m_message->setToolTip(job.message);
    m_progress->setVisible(isActive(job.state));
    m_progress->setRange(0, job.fraction < 0 && job.state == JobState::Running ? 0 : progressSteps);
    m_progress->setValue(static_cast<int>(progressSteps * std::max(job.fraction, 0.0)));
    const bool moves = job.state == JobState::Running;
    m_left->setText(moves && job.secondsLeft >= 0 ? tr("%1 left").arg(durationText(job.secondsLeft))
                                                  : QString());
    m_threads->setText(tr("Threads: %1").arg(job.threads > 0 ? job.threads : resolveThreads(0)));
}

void StatusLine::setOthers(int active, int waiting) {
    QStringList parts;
    if (active > 0)
        parts << tr("%1 more active").arg(active);
    if (waiting > 0)
        parts << tr("%1 waiting").arg(waiting);
    m_others->setText(parts.join(QStringLiteral(", ")));
}

void StatusLine::setMessage(const QString& text) {
    m_progress->hide();
    m_left->clear();
    m_message->setText(text);
    m_message->setToolTip({});
}

QString StatusLine::message() const {
    return m_message->text();
}

void StatusLine::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setPen(Theme::instance().colours().separator);
    painter.drawLine(0, 0, width(), 0);
}

void StatusLine::mouseReleaseEvent(QMouseEvent* event) {
    if (event->button() == Qt::LeftButton)
        Q_EMIT clicked();
}

void StatusLine::showMemory() {
    m_memory->setText(memoryText(residentBytes()));
}

}  // namespace saeception
