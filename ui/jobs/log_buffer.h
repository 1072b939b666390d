// SPDX-License-Identifier: GPL-3.0-or-later
// Takes the lines that this process logs, on whatever thread, and hands them to the window's thread in
// batches.
#pragma once

#include "base/logging.h"

#include <QObject>
#include <QTimer>

#include <deque>
#include <memory>
#include <mutex>
#include <vector>

namespace saeception {

using LogBatch = std::vector<LogLine>;

/// Lives on the GUI thread. At most about ten batches a second, in order; a flood of more than `capacity`
/// lines between two of them loses its oldest, which are counted.
class LogBuffer : public QObject {
    Q_OBJECT

public:
    static constexpr std::size_t capacity = 2000;

    explicit LogBuffer(QObject* parent = nullptr);
    ~LogBuffer() override;

    /// From any thread. The process's own lines come by themselves.
    void add(const LogLine& line);
    /// Lines waiting for the next batch.
    std::size_t waiting() const;

Q_SIGNALS:
    /// `dropped` lines were lost before these.
    void linesReady(const saeception::LogBatch& lines, qint64 dropped);

private:
    void flush();

    mutable std::mutex m_mutex;
    std::deque<LogLine> m_lines;
    qint64 m_dropped = 0;
    bool m_flushRequested = false;
    QTimer m_timer;
    std::unique_ptr<LogTap> m_tap;
};

}  // namespace saeception
