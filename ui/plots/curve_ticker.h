// SPDX-License-Identifier: GPL-3.0-or-later
// Labels of a chart's axes: plain numbers, decades of a logarithmic axis, times and clock times.
#pragma once

#include "ui/models/curve_series.h"
#include "ui/plots/qcustomplot_header.h"

namespace saeception {

/// Values; on a logarithmic axis at powers of ten, with 2 and 5 between where there is room.
class ValueTicker : public QCPAxisTicker {
public:
    explicit ValueTicker(int count, bool logarithmic = false);

protected:
    QVector<double> createTickVector(double step, const QCPRange& range) override;
    QString getTickLabel(double tick, const QLocale&, QChar, int) override;

private:
    bool m_logarithmic;
};

/// Seconds as "90 s", "15 min", "2 h 30"; steps of ten and sixty.
class ElapsedTicker : public QCPAxisTicker {
public:
    explicit ElapsedTicker(int count);

protected:
    double getTickStep(const QCPRange& range) override;
    QString getTickLabel(double tick, const QLocale&, QChar, int) override;
};

/// Local clock times, with the day where a day is not clear.
class ClockTicker : public QCPAxisTickerDateTime {
public:
    explicit ClockTicker(int count);

protected:
    QString getTickLabel(double tick, const QLocale&, QChar, int) override;
    QVector<double> createTickVector(double step, const QCPRange& range) override;

private:
    double m_span = 0;
};

/// The ticker for the horizontal axis in `axis`.
QSharedPointer<QCPAxisTicker> tickerFor(CurveAxis axis, int count);

}  // namespace saeception
