// SPDX-License-Identifier: GPL-3.0-or-later
// What one run has told so far, apart from its curves: stages, metrics of each cycle, warnings, and how it
// ended.
#pragma once

#include "ui/jobs/run_session.h"

#include <QObject>
#include <QStringList>

namespace saeception {

class MetricTableModel;
class StageListModel;

class RunStory : public QObject {
    Q_OBJECT

public:
    /// `live`: it goes on while it is told, so that its clocks run.
    RunStory(QString id, QString title, bool live, QObject* parent = nullptr);

    const QString& id() const { return m_id; }
    const QString& title() const { return m_title; }
    void setTitle(const QString& title);
    bool isLive() const { return m_live; }
    /// The run's folder; empty until it has been told.
    const QString& folder() const { return m_folder; }
    RunState state() const { return m_state; }
    void setState(RunState state);
    /// Its terminal event has come.
    bool hasEnded() const { return m_ended; }
    StageListModel* stages() const { return m_stages; }
    MetricTableModel* metrics() const { return m_metrics; }
    /// The latest hundred.
    const QStringList& warnings() const { return m_warnings; }
    /// What was told, for a page that looks at this run only now: all but the points of curves, and of
    /// progress only the latest. Of a very long run the oldest are left out.
    const EventBatch& milestones() const { return m_milestones; }

    void consume(const EventBatch& batch);
    /// Adds a warning that the run itself did not send.
    void warn(const QString& text);
    /// Lets the clock of the running stage move on; `wallTime` in seconds since the Unix epoch.
    void tick(double wallTime);

Q_SIGNALS:
    /// Title, folder, state, warnings or the end; models speak for themselves.
    void changed();

private:
    void remember(const Event& event);

    QString m_id;
    QString m_title;
    QString m_folder;
    bool m_live;
    bool m_ended = false;
    RunState m_state = RunState::Waiting;
    StageListModel* m_stages;
    MetricTableModel* m_metrics;
    QStringList m_warnings;
    EventBatch m_milestones;
};

}  // namespace saeception
