// SPDX-License-Identifier: GPL-3.0-or-later
// The one line at the bottom: what runs, how far it is, the time left, what waits, and what the machine
// gives.
#pragma once

#include "ui/jobs/job_info.h"

#include <QTimer>
#include <QWidget>

class QLabel;
class QProgressBar;

namespace saeception {

class StatusLine : public QWidget {
    Q_OBJECT

public:
    explicit StatusLine(QWidget* parent = nullptr);

    /// The job that is told of.
    void showJob(const JobInfo& job);
    /// Shown while no job has been told of, and after an opened run.
    void setMessage(const QString& text);
    /// How many jobs are active beside the one told of, and how many wait.
    void setOthers(int active, int waiting);
    QString message() const;

Q_SIGNALS:
    /// The line has been clicked.
    void clicked();

protected:
    void paintEvent(QPaintEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;

private:
    void showMemory();

    QLabel* m_message;
    QProgressBar* m_progress;
    QLabel* m_left;
    QLabel* m_others;
    QLabel* m_threads;
    QLabel* m_memory;
    QTimer m_clock;
};

}  // namespace saeception
