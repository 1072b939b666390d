// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/format.h"

#include "base/format_text.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>

namespace saeception {

QString numberText(double value) {
    return QString::fromStdString(formatNumber(value));
}

QString durationText(double seconds) {
    return QString::fromStdString(formatDuration(std::round(std::max(0.0, seconds))));
}

QString memoryText(qint64 bytes) {
    return QString::fromStdString(formatBytes(bytes));
}

QString cycleText(int cycle) {
    return QCoreApplication::translate("Format", "Cycle %1").arg(cycle);
}

}  // namespace saeception
