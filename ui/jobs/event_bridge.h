// SPDX-License-Identifier: GPL-3.0-or-later
// The only code that crosses threads: takes events on a worker's thread and hands them to the window's in
// batches.
#pragma once

#include "cycle/events.h"

#include <QObject>
#include <QTimer>

#include <map>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace saeception {

using EventBatch = std::vector<Event>;

/// Lives on the GUI thread; handle() may be called from any one thread. Order is kept and nothing is lost,
/// except that a Progress takes the place of a waiting Progress of the same stage and cycle with only scalars
/// in between. At most about 30 batches a second; a terminal event goes at once and nothing after it is
/// passed on.
class EventBridge : public QObject, public EventSink {
    Q_OBJECT

public:
    /// A bridge that a worker may outlive the window with: the last owner, on whatever thread, has it deleted
    /// on its own.
    static std::shared_ptr<EventBridge> create();

    void handle(const Event& event) override;

    /// True once a terminal event has been accepted.
    bool closed() const;

    /// Events waiting for the next batch.
    std::size_t waiting() const;

Q_SIGNALS:
    void batchReady(const saeception::EventBatch& batch);

private:
    EventBridge();
    void schedule();
    void flush();

    mutable std::mutex m_mutex;
    EventBatch m_queue;
    std::map<std::pair<Stage, int>, std::size_t> m_waitingProgress;  ///< (stage, cycle) -> place in m_queue
    bool m_flushRequested = false;
    bool m_closed = false;
    QTimer m_timer;  ///< runs while the next batch must wait for its turn
};

}  // namespace saeception
