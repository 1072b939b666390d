// SPDX-License-Identifier: GPL-3.0-or-later
// The one line at the bottom: what runs, how far it is, the time left, and what the machine gives it.
#pragma once

#include "ui/jobs/event_bridge.h"
#include "ui/jobs/run_session.h"

#include <QTimer>
#include <QWidget>

class QLabel;
class QProgressBar;

namespace saeception {

class StatusLine : public QWidget {
    Q_OBJECT

public:
    explicit StatusLine(QWidget* parent = nullptr);

    /// A run called `title` has been started with `threads` worker threads.
    void begin(const QString& title, int threads);
    void consume(const EventBatch& batch);
    void setState(RunState state);
    /// Shown while nothing runs.
    void setMessage(const QString& text);
    QString message() const;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    void showStage();
    void showMemory();

    QString m_title;
    QString m_stage;
    RunState m_state = RunState::Waiting;
    QLabel* m_message;
    QProgressBar* m_progress;
    QLabel* m_left;
    QLabel* m_threads;
    QLabel* m_memory;
    QTimer m_clock;
};

}  // namespace saeception
