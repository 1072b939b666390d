// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/jobs/event_bridge.h"

namespace saeception {
namespace {

constexpr int batchIntervalMs = 33;

}  // namespace

std::shared_ptr<EventBridge> EventBridge::create() {
    return {new EventBridge, [](EventBridge* bridge) { bridge->deleteLater(); }};
}

EventBridge::EventBridge() {
    m_timer.setSingleShot(true);
    m_timer.setInterval(batchIntervalMs);
    connect(&m_timer, &QTimer::timeout, this, &EventBridge::flush);
}

void EventBridge::handle(const Event& event) {
    const bool terminal = isTerminal(event);
    {
        const std::lock_guard lock(m_mutex);
        if (m_closed)
            return;
        m_closed = terminal;
        if (const auto* progress = std::get_if<Progress>(&event.body)) {
            const auto [place, isNew] =
                m_waitingProgress.try_emplace({progress->stage, progress->cycle}, m_queue.size());
            if (!isNew) {
                m_queue[place->second] = event;
                return;
            }
        } else if (!std::holds_alternative<Scalar>(event.body)) {
            m_waitingProgress.clear();  // never moves a Progress ahead of what begins or ends its stage
        }
        m_queue.push_back(event);
        if (m_flushRequested && !terminal)
            return;
        m_flushRequested = true;
    }
    if (terminal)
        QMetaObject::invokeMethod(this, &EventBridge::flush, Qt::QueuedConnection);
    else
        QMetaObject::invokeMethod(this, &EventBridge::schedule, Qt::QueuedConnection);
}

bool EventBridge::closed() const {
    const std::lock_guard lock(m_mutex);
    return m_closed;
}

std::size_t EventBridge::waiting() const {
    const std::lock_guard lock(m_mutex);
    return m_queue.size();
}

void EventBridge::schedule() {
    if (!m_timer.isActive())
        m_timer.start();
}

void EventBridge::flush() {
    EventBatch batch;
    {
        const std::lock_guard lock(m_mutex);
        batch.swap(m_queue);
        m_waitingProgress.clear();
        m_flushRequested = false;
    }
    if (!batch.empty())
        Q_EMIT batchReady(batch);
}

}  // namespace saeception
