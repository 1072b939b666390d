// SPDX-License-Identifier: GPL-3.0-or-later
// The question that quitting with jobs running asks: wait for them, keep them for next time, or cancel them.
#pragma once

#include "ui/jobs/job_queue.h"

#include <QDialog>
#include <QPointer>

class QGridLayout;
class QLabel;

namespace saeception {

/// Follows `queue`: it says what runs at this moment, and is rejected once nothing does. "Keep working" and
/// Escape reject it too.
class QuitDialog : public QDialog {
    Q_OBJECT

public:
    explicit QuitDialog(JobQueue* queue, QWidget* parent = nullptr);

Q_SIGNALS:
    /// The answer; the dialog is accepted after it.
    void chosen(saeception::QuitChoice choice);

private:
    QLabel* addChoice(QGridLayout* grid, const QString& text, const char* name, QuitChoice choice);
    void refresh();

    QPointer<JobQueue> m_queue;
    QLabel* m_title;
    QLabel* m_wait;
    QLabel* m_keep;
    QLabel* m_cancel;
};

}  // namespace saeception
