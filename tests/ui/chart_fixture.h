// SPDX-License-Identifier: GPL-3.0-or-later
// A chart of one run that a test fills point by point, and the mouse over it.
#pragma once

#include "cycle/scalar_tags.h"
#include "ui/plots/curve_chart.h"
#include "ui/plots/qcustomplot_header.h"
#include "ui/theme.h"

#include <QTest>
#include <QWheelEvent>

#include <cmath>
#include <limits>
#include <memory>

namespace saeception {

inline const double notANumber = std::numeric_limits<double>::quiet_NaN();
inline const double infinite = std::numeric_limits<double>::infinity();
inline const QString runId = QStringLiteral("a");

inline QWidget* plotOf(const CurveChart& chart) {
    return reinterpret_cast<QWidget*>(chart.plot());
}

inline QRect areaOf(const CurveChart& chart) {
    return chart.plot()->axisRect()->rect();
}

inline void wheel(const CurveChart& chart, const QPoint& at, int notches,
                  Qt::KeyboardModifiers modifiers = {}) {
    QWidget* plot = plotOf(chart);
    QWheelEvent event(at, plot->mapToGlobal(at), {}, {0, 120 * notches}, Qt::NoButton, modifiers,
                      Qt::NoScrollPhase, false);
    QCoreApplication::sendEvent(plot, &event);
}

inline void drag(const CurveChart& chart, Qt::MouseButton button, const QPoint& from, const QPoint& to) {
    QWidget* plot = plotOf(chart);
    QTest::mousePress(plot, button, {}, from);
    // QTest moves without buttons held.
    for (const QPoint& at : {(from + to) / 2, to}) {
        QMouseEvent move(QEvent::MouseMove, at, plot->mapToGlobal(at), Qt::NoButton, button, Qt::NoModifier);
        QCoreApplication::sendEvent(plot, &move);
    }
    QTest::mouseRelease(plot, button, {}, to);
}

// Rows (from the plot's top) of column `x` that are painted in something close to `colour`.
inline std::pair<int, int> paintedRows(const CurveChart& chart, int x, const QColor& colour) {
    const QImage image = plotOf(chart)->grab().toImage();
    const QRect area = areaOf(chart);
    std::pair<int, int> rows{-1, -1};
    for (int y = area.top(); y <= area.bottom(); ++y) {
        const QColor pixel = image.pixelColor(x, y);
        if (std::abs(pixel.red() - colour.red()) + std::abs(pixel.green() - colour.green()) +
                std::abs(pixel.blue() - colour.blue()) <
            90) {
            if (rows.first < 0)
                rows.first = y;
            rows.second = y;
        }
    }
    return rows;
}

class ChartFixture : public QObject {
    Q_OBJECT

protected:
    std::unique_ptr<CurveStore> m_store;
    std::unique_ptr<CurveChart> m_chart;

    void point(double step, double value, int cycle = 0, const char* tag = tags::trainTaskLoss) {
        m_store->appendPoint(runId, tag, cycle, step, 1.6e9 + step * 0.5, value);
    }
    void view(double smoothing, CurveAxis axis = CurveAxis::Step, bool logarithmic = false,
              bool outliers = false) {
        m_store->setView({smoothing, axis, logarithmic, outliers});
    }
    void fallingLine() {
        for (int step = 0; step <= 100; ++step)
            point(step, 1.0 - step * 0.005);
        m_chart->drawFrame(true);
    }

private Q_SLOTS:
    void initTestCase() { Theme::instance().install(*qApp, ThemeChoice::Light); }
    void init() {
        m_store = std::make_unique<CurveStore>();
        m_store->addRun(runId, QStringLiteral("demo"));
        view(0);
        m_chart = std::make_unique<CurveChart>(knownCharts().front(), *m_store);
        m_chart->resize(500, 300);
        m_chart->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_chart.get()));
    }
    void cleanup() {
        m_chart.reset();
        m_store.reset();
    }
};

}  // namespace saeception
