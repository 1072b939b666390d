// SPDX-License-Identifier: GPL-3.0-or-later
// The window under load: its start, its event loop while a job trains on all cores, and what hours of
// streaming leave in memory.
#include "base/thread_budget.h"
#include "bench/figures.h"
#include "cycle/scalar_tags.h"
#include "ui/main_window.h"
#include "ui/models/curve_store.h"
#include "ui/pages/dashboard_page.h"
#include "ui/theme.h"

#include <QApplication>
#include <QSettings>
#include <QStandardPaths>
#include <QTemporaryDir>

#include <unistd.h>
#include <cmath>
#include <fstream>
#include <string>

using namespace saeception;
using namespace saeception::bench;

namespace {

constexpr int beatMs = 5;

// Seconds since the process was made, libraries and all; negative where /proc does not tell.
double processAge() {
    std::ifstream uptime("/proc/uptime");
    double now = -1;
    uptime >> now;
    std::ifstream stat("/proc/self/stat");
    std::string text((std::istreambuf_iterator<char>(stat)), {});
    const std::size_t name = text.rfind(')');
    if (now < 0 || name == std::string::npos)
        return -1;
    std::size_t place = name + 2;
    for (int field = 3; field < 22; ++field)
        place = text.find(' ', place) + 1;
    return now - std::stod(text.substr(place)) / static_cast<double>(sysconf(_SC_CLK_TCK));
}

// Trains the demo with every core and walks through all pages meanwhile.
void benchTraining(MainWindow& window, const QString& folder) {
    bool ended = false;
    QObject::connect(&window, &MainWindow::runFinished, &window, [&] { ended = true; });
    window.loadOverrides({QStringLiteral("experiment=demo"), QStringLiteral("hydra.run.dir=") + folder},
                         true);
    QTimer walk;
    int page = 0;
    QObject::connect(&walk, &QTimer::timeout, &window,
                     [&] { window.showPage(static_cast<MainWindow::Page>(page++ % MainWindow::PageCount)); });
    walk.start(700);
    const Heartbeat heartbeat(beatMs);
    while (!ended)
        QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
    std::printf("%zu beats while the demo trained on %d threads\n", heartbeat.gaps().size(),
                resolveThreads(0));
    report("event loop late by", heartbeat.gaps());
}

// As many events as hours of fast training send (150 steps a second), as fast as they are taken.
void benchStreaming() {
    constexpr int hours = 4;
    constexpr int batches = hours * 3600 * 30;
    DashboardPage page;
    page.resize(1216, 740);
    page.show();
    const QString id = QStringLiteral("hour");
    page.begin(id, QStringLiteral("an hour"), true);
    page.view(id);
    page.consume(id, {{1e9, RunStarted{"/runs/hour", 0, 0}}, {1e9, StageStarted{Stage::Baseline, 0, 0}}});
    std::vector<double> times;
    std::int64_t step = 0;
    for (int batch = 1; batch <= batches; ++batch) {
        EventBatch events;
        for (int i = 0; i < 5; ++i) {
            ++step;
            for (const char* tag :
                 {tags::trainLoss, tags::trainTaskLoss, tags::trainAccuracy, tags::trainLearningRate,
                  tags::trainGradientNorm, tags::trainTokensPerSecond})
                events.push_back({1e9 + batch / 30.0, Scalar{Stage::Baseline, 0, tag, step,
                                                             std::sin(1e-3 * static_cast<double>(step))}});
        }
        times.push_back(milliseconds([&] { page.consume(id, events); }));
        if (batch % (batches / 8) == 0) {
            QCoreApplication::processEvents();
            std::printf("%3d min: %9lld events, %8zu points held, %6.1f MiB of curves, %7.1f MiB resident\n",
                        batch / 30 / 60, static_cast<long long>(step * 6), page.curves()->points(),
                        static_cast<double>(page.curves()->bytes()) / (1 << 20),
                        static_cast<double>(residentBytes()) / (1 << 20));
        }
    }
    report("a batch of 30 points taken", times);
}

}  // namespace

int main(int argc, char** argv) {
    if (qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM"))
        qputenv("QT_QPA_PLATFORM", "offscreen");
    QApplication application(argc, argv);
    QStandardPaths::setTestModeEnabled(true);
    QTemporaryDir folder;
    QSettings::setDefaultFormat(QSettings::IniFormat);
    QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, folder.path());
    QApplication::setOrganizationName(QStringLiteral("saeception-bench"));
    Theme::instance().install(application, ThemeChoice::Light);
    {
        MainWindow window;
        window.show();
        QCoreApplication::processEvents();
        window.grab();
        std::printf("%-58s %7.2f s\n", "process made to first picture of the window", processAge());
        benchTraining(window, folder.filePath(QStringLiteral("run")));
    }
    benchStreaming();
    return 0;
}
