// SPDX-License-Identifier: GPL-3.0-or-later
// How long charts take: 40 of them with 5 runs of 20,000 points each, and one with a million points under
// zoom and pan.
#include "bench/figures.h"
#include "ui/plots/curve_chart.h"
#include "ui/plots/plot_input.h"
#include "ui/plots/qcustomplot_header.h"
#include "ui/theme.h"

#include <QApplication>
#include <QGridLayout>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <functional>
#include <random>
#include <vector>

using namespace saeception;
using namespace saeception::bench;

namespace {

constexpr int charts = 40;
constexpr int runs = 5;
constexpr int points = 20000;
constexpr int million = 1000000;
constexpr int rounds = 30;

RunCurves noisyRun(int tags, int count, unsigned seed) {
    std::mt19937 random(seed);
    std::normal_distribution<double> noise(0, 0.08);
    RunCurves curves;
    for (int tag = 0; tag < tags; ++tag)
        for (int i = 1; i <= count; ++i)
            curves.append("bench/tag_" + std::to_string(tag), 0, i, 1e9 + i * 0.05,
                          std::exp(-3.0 * i / count) + noise(random));
    return curves;
}

void wheel(QWidget* target, const QPointF& at, int notches) {
    QWheelEvent event(at, target->mapToGlobal(at), {}, {0, 120 * notches}, Qt::NoButton, Qt::NoModifier,
                      Qt::NoScrollPhase, false);
    QCoreApplication::sendEvent(target, &event);
}

void benchManyCharts() {
    CurveStore store;
    const double loading = milliseconds([&] {
        for (int run = 0; run < runs; ++run)
            store.addRun(QString::number(run), QStringLiteral("run %1").arg(run),
                         noisyRun(charts, points, static_cast<unsigned>(run)));
    });
    std::printf("%d charts x %d runs x %d points: %.0f ms to make, %.1f bytes a point\n", charts, runs,
                points, loading, static_cast<double>(store.bytes()) / static_cast<double>(store.points()));
    QWidget window;
    auto* grid = new QGridLayout(&window);
    std::vector<CurveChart*> all;
    for (int i = 0; i < charts; ++i) {
        all.push_back(new CurveChart(chartForTag("bench/tag_" + std::to_string(i)), store));
        grid->addWidget(all.back(), i / 4, i % 4);
    }
    window.resize(4 * 440, 10 * 190);
    window.show();
    QCoreApplication::processEvents();

    const auto redraw = [&] {
        for (CurveChart* chart : all)
            chart->drawFrame(true);
        window.repaint();
    };
    const auto many = [&](const char* what, const std::function<void()>& before) {
        std::vector<double> times;
        for (int round = 0; round < rounds; ++round) {
            before();
            times.push_back(milliseconds(redraw));
        }
        report(what, times);
    };
    redraw();
    many("all charts, smoothed over faint values", [] {});
    int step = 0;
    many("all charts, another smoothing each time", [&] {
        CurveView view = store.view();
        view.smoothing = 0.5 + 0.01 * (++step % 40);
        store.setView(view);
    });
    store.setView({0, CurveAxis::Step, false, false});
    many("all charts, values alone", [] {});
    store.setView({0, CurveAxis::Step, true, true});
    many("all charts, logarithmic, outliers ignored", [] {});
    std::printf("%.1f bytes a point in the end\n",
                static_cast<double>(store.bytes()) / static_cast<double>(store.points()));
}

void benchMillion() {
    CurveStore store;
    store.addRun(QStringLiteral("a"), QStringLiteral("a"), noisyRun(1, million, 7));
    CurveChart chart(chartForTag("bench/tag_0"), store);
    chart.resize(1200, 700);
    chart.show();
    QCoreApplication::processEvents();
    chart.drawFrame(true);
    auto* plot = reinterpret_cast<QWidget*>(chart.plot());
    std::mt19937 random(3);
    std::uniform_real_distribution<double> across(0.1, 0.9);
    const auto frame = [&](const std::function<void()>& input) {
        return milliseconds([&] {
            input();
            chart.drawFrame(true);
            chart.repaint();
        });
    };
    std::vector<double> zooms;
    std::vector<double> pans;
    std::vector<double> hovers;
    for (int round = 0; round < rounds; ++round) {
        chart.reset();
        chart.drawFrame(true);
        const QPointF at(plot->width() * across(random), plot->height() * 0.5);
        for (int notch = 0; notch < 40; ++notch)
            zooms.push_back(frame([&] { wheel(plot, at, 1); }));
        for (int notch = 0; notch < 20; ++notch)
            zooms.push_back(frame([&] { wheel(plot, at, -1); }));
        for (int move = 0; move < 20; ++move)
            pans.push_back(frame([&] {
                QKeyEvent key(QEvent::KeyPress, move % 2 == 0 ? Qt::Key_Right : Qt::Key_Left,
                              Qt::ShiftModifier);
                QCoreApplication::sendEvent(&chart, &key);
            }));
        for (int move = 0; move < 20; ++move)
            hovers.push_back(milliseconds([&] {
                chart.setCrosshair(million * across(random));
                chart.rowsAt(million * across(random), 100);
            }));
    }
    report("a million points, a notch of the wheel", zooms);
    report("a million points, a step of panning", pans);
    report("a million points, crosshair and its table", hovers);
    std::vector<double> smoothing;
    for (int round = 0; round < rounds; ++round)
        smoothing.push_back(frame([&] {
            CurveView view = store.view();
            view.smoothing = 0.5 + 0.01 * round;
            store.setView(view);
        }));
    report("a million points, another smoothing", smoothing);
    std::vector<double> appends;
    const double now = store.runs()[0].curves->find("bench/tag_0", 0)->series.wallTime(million - 1);
    int step = million;
    for (int round = 0; round < rounds; ++round) {
        EventBatch batch;
        for (int i = 0; i < 1000; ++i, ++step)
            batch.push_back({now + step, Scalar{Stage::Baseline, 0, "bench/tag_0", step + 1, 0.5}});
        appends.push_back(milliseconds([&] { store.append(QStringLiteral("a"), batch); }));
    }
    report("a batch of 1,000 points taken in", appends);
}

}  // namespace

int main(int argc, char** argv) {
    if (qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM"))
        qputenv("QT_QPA_PLATFORM", "offscreen");
    QApplication application(argc, argv);
    Theme::instance().install(application, ThemeChoice::Light);
    benchManyCharts();
    benchMillion();
    return 0;
}
