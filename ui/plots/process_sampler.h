// SPDX-License-Identifier: GPL-3.0-or-later
// Memory and processor time of this program, measured once a second while it trains.
#pragma once

#include <QObject>
#include <QTimer>

#include <optional>

namespace saeception {

struct ProcessUse {
    double residentMegabytes = 0;
    double processorSeconds = 0;  ///< user and system, all threads
};

/// From /proc/self; nothing where that cannot be read.
std::optional<ProcessUse> readProcessUse();

class ProcessSampler : public QObject {
    Q_OBJECT

public:
    explicit ProcessSampler(QObject* parent = nullptr);
    /// Begins with second 0.
    void start();
    void stop();

Q_SIGNALS:
    /// @param seconds since start()  @param processorPct % of one core since the last sample
    void sampled(double seconds, double residentMegabytes, double processorPct);

private:
    void sample();

    QTimer m_timer;
    double m_startedAt = 0;
    double m_lastAt = 0;
    double m_lastProcessor = 0;
};

}  // namespace saeception
