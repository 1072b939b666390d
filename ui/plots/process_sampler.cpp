// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/process_sampler.h"

#include <QFile>
#include <QList>

#include <chrono>

#include <unistd.h>

namespace saeception {
namespace {

double now() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

QByteArray contents(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

}  // namespace

std::optional<ProcessUse> readProcessUse() {
    // proc(5): statm's second field is resident pages; stat's fields 14 and 15 are user and system clock
    // ticks. The program's name, in parentheses, may itself hold blanks.
    const QList<QByteArray> memory = contents(QStringLiteral("/proc/self/statm")).split(' ');
    const QByteArray stat = contents(QStringLiteral("/proc/self/stat"));
    const QList<QByteArray> fields = stat.mid(stat.lastIndexOf(')') + 2).split(' ');
    if (memory.size() < 2 || fields.size() < 13)
        return std::nullopt;
    const double pageBytes = static_cast<double>(sysconf(_SC_PAGESIZE));
    const double ticks = fields[11].toDouble() + fields[12].toDouble();
    return ProcessUse{memory[1].toDouble() * pageBytes / 1e6,
                      ticks / static_cast<double>(sysconf(_SC_CLK_TCK))};
}

ProcessSampler::ProcessSampler(QObject* parent) : QObject(parent) {
    m_timer.setInterval(1000);
    connect(&m_timer, &QTimer::timeout, this, &ProcessSampler::sample);
}

void ProcessSampler::start() {
    m_startedAt = m_lastAt = now();
    m_lastProcessor = readProcessUse().value_or(ProcessUse{}).processorSeconds;
    m_timer.start();
}

void ProcessSampler::stop() {
    m_timer.stop();
}

void ProcessSampler::sample() {
    const std::optional<ProcessUse> use = readProcessUse();
    const double at = now();
    if (!use || at <= m_lastAt)
        return;
    const double processorPct = 100 * (use->processorSeconds - m_lastProcessor) / (at - m_lastAt);
    m_lastAt = at;
    m_lastProcessor = use->processorSeconds;
    Q_EMIT sampled(at - m_startedAt, use->residentMegabytes, processorPct);
}

}  // namespace saeception
