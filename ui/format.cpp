// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/format.h"

#include "base/format_text.h"

#include <QCoreApplication>
#include <QDateTime>

#include <algorithm>
#include <cmath>

namespace saeception {

QString numberText(double value) {
    return QString::fromStdString(formatNumber(value));
}

QString durationText(double seconds) {
    return QString::fromStdString(formatDuration(std::round(std::max(0.0, seconds))));
}

QString timeText(double seconds) {
    return QDateTime::fromMSecsSinceEpoch(static_cast<qint64>(seconds * 1000))
        .toString(QStringLiteral("yyyy-MM-dd HH:mm:ss"));
}

QString memoryText(qint64 bytes) {
    return QString::fromStdString(formatBytes(bytes));
}

QString cycleText(int cycle) {
    return QCoreApplication::translate("Format", "Cycle %1").arg(cycle);
}

}  // namespace saeception
