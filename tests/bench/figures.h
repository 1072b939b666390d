// SPDX-License-Identifier: GPL-3.0-or-later
// What the benchmarks measure with: a stopwatch, the event loop's heartbeat, and one way to print a series of
// times.
#pragma once

#include <QElapsedTimer>
#include <QTimer>

#include <algorithm>
#include <cstdio>
#include <functional>
#include <vector>

namespace saeception::bench {

inline double milliseconds(const std::function<void()>& work) {
    QElapsedTimer clock;
    clock.start();
    work();
    return static_cast<double>(clock.nsecsElapsed()) / 1e6;
}

inline void report(const char* what, std::vector<double> times) {
    if (times.empty())
        return;
    std::sort(times.begin(), times.end());
    const auto at = [&](double share) {
        return times[static_cast<std::size_t>(share * static_cast<double>(times.size() - 1))];
    };
    std::printf("%-58s median %7.2f ms   99th %7.2f ms   worst %7.2f ms\n", what, at(0.5), at(0.99),
                times.back());
}

/// The times between two turns of the event loop, taken by a timer that is due every `intervalMs`; what it is
/// late by is told. 0: always due, which keeps a core busy.
class Heartbeat {
public:
    explicit Heartbeat(int intervalMs = 0) : m_interval(intervalMs) {
        m_timer.setTimerType(Qt::PreciseTimer);
        QObject::connect(&m_timer, &QTimer::timeout, &m_timer, [this] {
            m_gaps.push_back(std::max(0.0, static_cast<double>(m_clock.nsecsElapsed()) / 1e6 - m_interval));
            m_clock.restart();
        });
        m_clock.start();
        m_timer.start(intervalMs);
    }
    const std::vector<double>& gaps() const { return m_gaps; }

private:
    int m_interval;
    QTimer m_timer;
    QElapsedTimer m_clock;
    std::vector<double> m_gaps;
};

}  // namespace saeception::bench
