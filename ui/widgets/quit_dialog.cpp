// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/quit_dialog.h"

#include "ui/theme.h"

#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>

namespace saeception {
namespace {

constexpr int textWidth = 46 * gridUnit;
constexpr double titleScale = 1.2;

}  // namespace

QuitDialog::QuitDialog(JobQueue* queue, QWidget* parent)
    : QDialog(parent), m_queue(queue), m_title(new QLabel(this)) {
    setObjectName(QStringLiteral("quitDialog"));
    setWindowTitle(tr("Quit SAEception Studio"));
    m_title->setObjectName(QStringLiteral("quitTitle"));
    m_title->setTextFormat(Qt::PlainText);
    m_title->setWordWrap(true);
    QFont large = m_title->font();
    large.setPointSizeF(large.pointSizeF() * titleScale);
    large.setWeight(QFont::DemiBold);
    m_title->setFont(large);
    auto* choices = new QGridLayout;
    choices->setHorizontalSpacing(2 * gridUnit);
    choices->setVerticalSpacing(2 * gridUnit);
    m_wait = addChoice(choices, tr("&Wait, then quit"), "quitWait", QuitChoice::Wait);
    m_keep = addChoice(choices, tr("&Pause and keep"), "quitKeep", QuitChoice::Keep);
    m_cancel = addChoice(choices, tr("&Cancel them"), "quitCancel", QuitChoice::Cancel);
    auto* back = new QPushButton(tr("&Keep working"), this);
    back->setObjectName(QStringLiteral("keepWorking"));
    back->setDefault(true);
    connect(back, &QPushButton::clicked, this, &QDialog::reject);
    auto* foot = new QHBoxLayout;
    foot->addStretch(1);
    foot->addWidget(back);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(3 * gridUnit, 3 * gridUnit, 3 * gridUnit, 2 * gridUnit);
    column->setSpacing(3 * gridUnit);
    column->addWidget(m_title);
    column->addLayout(choices);
    column->addLayout(foot);
    column->setSizeConstraint(QLayout::SetFixedSize);
    back->setFocus();
    for (const auto signal : {&JobQueue::jobAdded, &JobQueue::jobRemoved})
        connect(queue, signal, this, &QuitDialog::refresh);
    connect(queue, &JobQueue::jobChanged, this, &QuitDialog::refresh);
    refresh();
}

QLabel* QuitDialog::addChoice(QGridLayout* grid, const QString& text, const char* name, QuitChoice choice) {
    auto* button = new QPushButton(text, this);
    button->setObjectName(QString::fromLatin1(name));
    button->setAutoDefault(false);
    auto* words = new QLabel(this);
    words->setTextFormat(Qt::PlainText);
    words->setWordWrap(true);
    words->setFixedWidth(textWidth);
    words->setContentsMargins(0, gridUnit / 2, 0, 0);
    connect(button, &QPushButton::clicked, this, [this, choice] {
        Q_EMIT chosen(choice);
        accept();
    });
    const int row = grid->rowCount();
    grid->addWidget(button, row, 0, Qt::AlignTop);
    grid->addWidget(words, row, 1, Qt::AlignTop);
    return words;
}

void QuitDialog::refresh() {
    if (!m_queue)
        return;
    const auto active = static_cast<int>(m_queue->activeJobs().size());
    if (active == 0) {
        if (isVisible())
            reject();
        return;
    }
    int waiting = 0;
    for (int row = 0; row < m_queue->count(); ++row) {
        const JobInfo& job = m_queue->at(row);
        waiting += job.state == JobState::Waiting && !job.onHold && !m_queue->isHeld() ? 1 : 0;
    }
    const int left = m_queue->waitingCount();
    m_title->setText(active == 1 ? tr("%1 has not ended").arg(m_queue->job(m_queue->activeJobs()[0])->title)
                                 : tr("%1 jobs have not ended").arg(active));
    const QString wait = active == 1
                             ? tr("The window stays open until the job is done, then closes by itself.")
                             : tr("The window stays open until the jobs are done, then closes by itself.");
    m_wait->setText(wait + QLatin1Char(' ') +
                    (waiting == 0 ? tr("A paused job goes on.")
                     : waiting == 1
                         ? tr("The job that waits is done first, too; a paused one goes on.")
                         : tr("The %1 jobs that wait are done first, too; paused ones go on.").arg(waiting)));
    m_keep->setText(
        tr("Each job ends after its present step. Every finished stage is kept, and next time the Queue "
           "offers to resume the run from there; a stage that was cut off begins anew."));
    m_cancel->setText(
        tr("Each job ends after its present step and is not offered again. What it finished stays in "
           "its folder and on the Runs page."));
    const QString kept = left == 0   ? QString()
                         : left == 1 ? tr("The job that waits is there next time.")
                                     : tr("The %1 jobs that wait are there next time.").arg(left);
    for (QLabel* words : {m_keep, m_cancel})
        if (!kept.isEmpty())
            words->setText(words->text() + QLatin1Char(' ') + kept);
}

}  // namespace saeception
