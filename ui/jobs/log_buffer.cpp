// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/jobs/log_buffer.h"

#include <iterator>

namespace saeception {
namespace {

constexpr int batchIntervalMs = 100;

}  // namespace

LogBuffer::LogBuffer(QObject* parent) : QObject(parent) {
    m_timer.setSingleShot(true);
    m_timer.setInterval(batchIntervalMs);
    connect(&m_timer, &QTimer::timeout, this, &LogBuffer::flush);
    m_tap = std::make_unique<LogTap>([this](const LogLine& line) { add(line); });
}

LogBuffer::~LogBuffer() {
    // No line is on its way in once the tap is gone; only then may the rest go.
    m_tap.reset();
}

void LogBuffer::add(const LogLine& line) {
    {
        const std::lock_guard lock(m_mutex);
        if (m_lines.size() == capacity) {
            m_lines.pop_front();
            ++m_dropped;
        }
        m_lines.push_back(line);
        if (m_flushRequested)
            return;
        m_flushRequested = true;
    }
    QMetaObject::invokeMethod(&m_timer, qOverload<>(&QTimer::start), Qt::QueuedConnection);
}

std::size_t LogBuffer::waiting() const {
    const std::lock_guard lock(m_mutex);
    return m_lines.size();
}

void LogBuffer::flush() {
    std::deque<LogLine> lines;
    qint64 dropped = 0;
    {
        const std::lock_guard lock(m_mutex);
        lines.swap(m_lines);
        std::swap(dropped, m_dropped);
        m_flushRequested = false;
    }
    const LogBatch batch(std::make_move_iterator(lines.begin()), std::make_move_iterator(lines.end()));
    Q_EMIT linesReady(batch, dropped);
}

}  // namespace saeception
