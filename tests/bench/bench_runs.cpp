// SPDX-License-Identifier: GPL-3.0-or-later
// How long 500 runs take to be found, read, filtered and sorted, and how long the window is kept from its
// events meanwhile.
#include "bench/figures.h"
#include "cycle/metric_info.h"
#include "support/run_fixture.h"
#include "ui/jobs/run_scanner.h"
#include "ui/models/comparison_model.h"
#include "ui/models/run_table_model.h"
#include "ui/pages/run_list.h"
#include "ui/pages/runs_page.h"
#include "ui/theme.h"

#include <QApplication>
#include <QLineEdit>
#include <QSettings>
#include <QTemporaryDir>

#include <algorithm>
#include <cstdio>
#include <functional>
#include <vector>

using namespace saeception;
using namespace saeception::bench;
namespace fs = std::filesystem;

namespace {

constexpr int count = 500;
constexpr int rounds = 20;

double waitForScan(RunsPage& page, const std::function<void()>& begin) {
    bool finished = false;
    const auto connection = QObject::connect(page.scanner(), &RunScanner::scanFinished, &page,
                                             [&](const std::vector<fs::path>&) { finished = true; });
    const double time = milliseconds([&] {
        begin();
        while (!finished)
            QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
    });
    QObject::disconnect(connection);
    return time;
}

void benchList(const fs::path& outputs) {
    RunsPage page;
    page.resize(1216, 700);
    page.show();
    const QString folder = QString::fromStdString(outputs.string());
    waitForScan(page, [&] { page.setOutputFolders({folder}); });
    std::printf("%d runs listed\n", page.model()->rowCount());

    RunsPage fresh;
    fresh.resize(1216, 700);
    fresh.show();
    const Heartbeat heartbeat;
    std::printf("%-46s %7.0f ms\n", "found and read for the first time",
                waitForScan(fresh, [&] { fresh.setOutputFolders({folder}); }));
    std::printf("%-46s %7.0f ms\n", "looked at again, nothing changed",
                waitForScan(fresh, [&] { fresh.setOutputFolders({folder}); }));
    report("gap between two turns of the event loop", heartbeat.gaps());

    auto* filter = fresh.findChild<QLineEdit*>(QStringLiteral("runFilter"));
    auto* list = fresh.findChild<RunList*>(QStringLiteral("runTable"));
    std::vector<double> keys;
    std::vector<double> sorts;
    for (int round = 0; round < rounds; ++round) {
        for (const char* words : {"r", "run-4", "run-49", ""})
            keys.push_back(milliseconds([&] {
                filter->setText(QString::fromLatin1(words));
                fresh.repaint();
            }));
        for (const int column : {RunTableModel::Accuracy, RunTableModel::Name, RunTableModel::Started})
            sorts.push_back(milliseconds([&] {
                list->sortByColumn(column, round % 2 == 0 ? Qt::AscendingOrder : Qt::DescendingOrder);
                fresh.repaint();
            }));
    }
    report("a change of the filter", keys);
    report("another order", sorts);
}

void benchComparison(const fs::path& root) {
    std::vector<RunContents> runs;
    const double reading = milliseconds([&] {
        for (int i = 0; i < 8; ++i)
            runs.push_back(readRunContents(root));
    });
    for (std::size_t i = 0; i < runs.size(); ++i) {
        runs[i].root /= std::to_string(i);
        for (int cycle = 0; cycle < 4; ++cycle) {
            MetricTable& table = runs[i].results[cycle];
            table.clear();
            for (const MetricInfo& info : metricInfos())
                table.emplace_back(info.key, 0.1 + 0.01 * static_cast<double>(table.size() + i));
        }
    }
    std::printf("%-46s %7.2f ms\n", "8 runs read to be compared", reading);
    ComparisonModel model;
    std::printf("%-46s %7.2f ms\n", "8 runs of 4 cycles set side by side",
                milliseconds([&] { model.setRuns(runs); }));
    std::printf("%-46s %7.2f ms\n", "all metrics of them", milliseconds([&] { model.setDetails(true); }));
    std::printf("%-46s %7.2f ms\n", "another reference", milliseconds([&] { model.setReference(3); }));
}

}  // namespace

int main(int argc, char** argv) {
    if (qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM"))
        qputenv("QT_QPA_PLATFORM", "offscreen");
    QApplication application(argc, argv);
    QTemporaryDir folder;
    QSettings::setDefaultFormat(QSettings::IniFormat);
    QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, folder.path());
    QApplication::setOrganizationName(QStringLiteral("saeception-bench"));
    Theme::instance().install(application, ThemeChoice::Light);
    const fs::path top = folder.path().toStdString();
    fixture::writeFinishedRun(top / "one");
    for (int i = 0; i < count; ++i) {
        const fs::path root =
            top / "outputs" / ("2026-02-" + std::to_string(10 + i / 50)) / ("run-" + std::to_string(i));
        fs::create_directories(root.parent_path());
        fs::copy(top / "one", root, fs::copy_options::recursive);
    }
    benchList(top / "outputs");
    benchComparison(top / "one");
    return 0;
}
