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

QString formatShare(double share) {
    if (std::isnan(share))
        return QStringLiteral("–");
    if (share == 0)
        return QStringLiteral("0 %");
    const double percent = 100 * share;
    if (percent < 0.005)
        return QStringLiteral("< 0.01 %");
    return QString::number(percent, 'f', 2) + QStringLiteral(" %");
}

QString formatFigure(double value, int decimals) {
    if (std::isnan(value))
        return QStringLiteral("–");
    if (value == 0)
        return QStringLiteral("0");
    const double size = std::abs(value);
    const QString sign = value < 0 ? QStringLiteral("−") : QString();
    if (size >= 999'950)
        return sign + QString::number(size / 1e6, 'f', 1) + QStringLiteral(" M");
    if (size >= 1000)
        return sign + QString::number(size / 1e3, 'f', 1) + QStringLiteral(" k");
    const double unit = std::pow(10.0, -decimals);
    if (size < 0.5 * unit)
        return (value > 0 ? QStringLiteral("< ") : QStringLiteral("> −")) +
               QString::number(unit, 'f', decimals);
    return sign + QString::number(size, 'f', decimals);
}

QString signedFigure(double value, int decimals) {
    const QString figure = formatFigure(value, decimals);
    return value > 0 && !figure.startsWith(QLatin1Char('<')) ? QLatin1Char('+') + figure : figure;
}

int fittingDecimals(double largest) {
    if (!(largest > 0))
        return 2;
    // Never fewer than two below 100, and at most five: beyond that a column is noise to the eye.
    return largest >= 100 ? 1 : std::clamp(2 - static_cast<int>(std::floor(std::log10(largest))), 2, 5);
}

}  // namespace saeception
