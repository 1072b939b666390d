// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/curve_ticker.h"

#include "ui/format.h"

#include <QDateTime>

#include <algorithm>
#include <array>
#include <cmath>

namespace saeception {
namespace {

QString tickText(double value) {
    // Ticks are round numbers: what is left of a sum of tenths is noise.
    const double rounded = std::abs(value) < 1e-12 ? 0 : value;
    const double size = std::abs(rounded);
    const auto digits = [](double number, const char* unit) {
        return QString::number(number, 'g', 5).replace(QLatin1Char('-'), QStringLiteral("−")) +
               QString::fromUtf8(unit);
    };
    if (size >= 1e9 || (size > 0 && size < 1e-4))
        return numberText(rounded);
    if (size >= 1e6)
        return digits(rounded / 1e6, " M");
    if (size >= 1e4)
        return digits(rounded / 1e3, " k");
    return digits(rounded, "");
}

}  // namespace

ValueTicker::ValueTicker(int count, bool logarithmic) : m_logarithmic(logarithmic) {
    setTickCount(count);
}

QVector<double> ValueTicker::createTickVector(double step, const QCPRange& range) {
    const double decades = m_logarithmic ? std::log10(range.upper / range.lower) : 0;
    // Within less than a decade round numbers at even distances say more than powers.
    if (!m_logarithmic || decades < 0.8)
        return QCPAxisTicker::createTickVector(step, range);
    QVector<double> ticks;
    const int every = std::max(1, static_cast<int>(std::ceil(decades / tickCount())));
    const bool fine = decades < 2.2;
    const int first = static_cast<int>(std::floor(std::log10(range.lower)));
    const int last = static_cast<int>(std::ceil(std::log10(range.upper)));
    for (int power = first; power <= last; ++power) {
        if (((power % every) + every) % every != 0)
            continue;
        for (const double digit : {1.0, 2.0, 5.0}) {
            const double tick = digit * std::pow(10.0, power);
            if ((digit == 1 || fine) && tick >= range.lower && tick <= range.upper)
                ticks.append(tick);
        }
    }
    return ticks;
}

QString ValueTicker::getTickLabel(double tick, const QLocale&, QChar, int) {
    return tickText(tick);
}

ElapsedTicker::ElapsedTicker(int count) {
    setTickCount(count);
}

double ElapsedTicker::getTickStep(const QCPRange& range) {
    constexpr std::array<double, 19> steps = {1,   2,    5,    10,   15,    30,    60,    120,   300,   600,
                                              900, 1800, 3600, 7200, 14400, 21600, 43200, 86400, 172800};
    const double wanted = range.size() / tickCount();
    for (const double step : steps)
        if (step >= wanted)
            return wanted < 1 ? QCPAxisTicker::getTickStep(range) : step;
    return QCPAxisTicker::getTickStep(QCPRange(range.lower / 86400, range.upper / 86400)) * 86400;
}

QString ElapsedTicker::getTickLabel(double tick, const QLocale&, QChar, int) {
    if (std::abs(tick) < 120)
        return QCoreApplication::translate("ChartTicker", "%1 s").arg(tickText(tick));
    const auto seconds = static_cast<qint64>(std::llround(tick));
    if (seconds < 7200 && seconds % 60 == 0)
        return QCoreApplication::translate("ChartTicker", "%1 min").arg(seconds / 60);
    const QChar zero(QLatin1Char('0'));
    if (seconds < 7200)
        return QStringLiteral("%1:%2").arg(seconds / 60).arg(seconds % 60, 2, 10, zero);
    if (seconds % 3600 == 0)
        return QCoreApplication::translate("ChartTicker", "%1 h").arg(seconds / 3600);
    return QCoreApplication::translate("ChartTicker", "%1 h %2")
        .arg(seconds / 3600)
        .arg(seconds / 60 % 60, 2, 10, zero);
}

ClockTicker::ClockTicker(int count) {
    setTickCount(count);
}

QVector<double> ClockTicker::createTickVector(double step, const QCPRange& range) {
    m_span = range.size();
    return QCPAxisTickerDateTime::createTickVector(step, range);
}

QString ClockTicker::getTickLabel(double tick, const QLocale&, QChar, int) {
    const QDateTime time = QDateTime::fromMSecsSinceEpoch(std::llround(tick * 1000));
    if (m_span < 1)
        return time.toString(QStringLiteral("HH:mm:ss.zzz"));
    if (m_span < 600)
        return time.toString(QStringLiteral("HH:mm:ss"));
    if (m_span < 86400)
        return time.toString(QStringLiteral("HH:mm"));
    return time.toString(m_span < 5 * 86400 ? QStringLiteral("dd MMM\nHH:mm") : QStringLiteral("dd MMM"));
}

QSharedPointer<QCPAxisTicker> tickerFor(CurveAxis axis, int count) {
    switch (axis) {
        case CurveAxis::Relative:
            return QSharedPointer<ElapsedTicker>::create(count);
        case CurveAxis::Wall:
            return QSharedPointer<ClockTicker>::create(count);
        case CurveAxis::Step:
            break;
    }
    return QSharedPointer<ValueTicker>::create(count);
}

}  // namespace saeception
