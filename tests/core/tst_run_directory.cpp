// SPDX-License-Identifier: GPL-3.0-or-later
// Run folders: never shared, found again, and a results file that comes back as it was written.
#include "base/files.h"
#include "cycle/results_file.h"
#include "cycle/run_directory.h"
#include "support/expect_error.h"

#include <QTemporaryDir>
#include <QTest>

#include <cmath>
#include <limits>
#include <set>

using namespace saeception;
namespace fs = std::filesystem;

class TestRunDirectory : public QObject {
    Q_OBJECT

private:
    static std::string in(const QTemporaryDir& folder, const char* name) {
        return folder.filePath(name).toStdString();
    }

private Q_SLOTS:
    void runsOfOneSecondGetTheirOwnFolders() {
        QTemporaryDir folder;
        std::set<fs::path> roots;
        for (int i = 0; i < 5; ++i)
            roots.insert(RunDirectory::create(folder.path().toStdString(), "").root());
        QCOMPARE(roots.size(), std::size_t(5));
    }

    void aFolderInUseIsRefused() {
        QTemporaryDir folder;
        writeFile(in(folder, "notes.txt"), "mine");
        const std::string message = errorOf([&] { RunDirectory::create("", folder.path().toStdString()); });
        QCOMPARE(missingFrom(message, folder.path() + "|not empty|name a new one"), QString());
        const std::string file = errorOf([&] { RunDirectory::create("", in(folder, "notes.txt")); });
        QCOMPARE(missingFrom(file, "notes.txt|is a file"), QString());
    }

    void anUnwritableFolderIsNamed() {
        const std::string message = errorOf([] { RunDirectory::create("/proc/nowhere", ""); });
        QCOMPARE(missingFrom(message, "/proc/nowhere|output_dir="), QString());
    }

    void onlyRunsOpen() {
        QTemporaryDir folder;
        QCOMPARE(missingFrom(errorOf([&] { RunDirectory::open(folder.path().toStdString()); }),
                             ".hydra/config.yaml"),
                 QString());
        QCOMPARE(missingFrom(errorOf([&] { RunDirectory::open(in(folder, "absent")); }), "absent"),
                 QString());
        const RunDirectory run = RunDirectory::create("", in(folder, "run"));
        writeFile(run.hydra() / "config.yaml", "seed: 1\n");
        QCOMPARE(RunDirectory::open(run.root()).root(), run.root());
    }

    void cyclesAreFoundByTheirIndex() {
        QTemporaryDir folder;
        const RunDirectory run = RunDirectory::create("", in(folder, "run"));
        QVERIFY(run.cyclesWithFeatures().empty());
        for (const int cycle : {10, 0, 2}) {
            createDirectories(run.features(cycle).parent_path());
            writeFile(run.features(cycle), "index");
        }
        createDirectories(run.root() / "features" / "cycle_5");    // no index in it
        createDirectories(run.root() / "features" / "cycle_abc");  // no cycle
        QCOMPARE(run.cyclesWithFeatures(), (std::vector<int>{0, 2, 10}));
    }

    void runsAreListedNewestFirst() {
        QTemporaryDir folder;
        for (const char* name : {"2024-01-02/10-00-00", "2024-01-02/11-00-00", "2023-12-31/23-59-59"}) {
            const RunDirectory run = RunDirectory::create("", in(folder, name));
            writeFile(run.hydra() / "config.yaml", "seed: 1\n");
        }
        createDirectories(in(folder, "2024-01-02/not-a-run"));
        const std::vector<fs::path> runs = findRuns(folder.path().toStdString());
        QCOMPARE(runs.size(), std::size_t(3));
        QCOMPARE(runs.front().filename(), fs::path("11-00-00"));
        QCOMPARE(runs.back().filename(), fs::path("23-59-59"));
    }

    void resultsRoundTrip() {
        QTemporaryDir folder;
        const RunDirectory run = RunDirectory::create("", in(folder, "run"));
        const MetricTable metrics = {
            {"task_accuracy", 0.8125},
            {"sae_fvu", 1e-9},
            {"clustering_base_silhouette", std::numeric_limits<double>::quiet_NaN()}};
        saveResults(run, 3, metrics);
        const MetricTable read = loadResults(run, 3);
        QCOMPARE(read.size(), metrics.size());
        for (std::size_t i = 0; i < metrics.size(); ++i) {
            QCOMPARE(read[i].first, metrics[i].first);
            QVERIFY(read[i].second == metrics[i].second ||
                    (std::isnan(read[i].second) && std::isnan(metrics[i].second)));
        }
        writeFile(run.resultsJson(4), "{\"task_accuracy\": 0.");
        QCOMPARE(missingFrom(errorOf([&] { loadResults(run, 4); }), "results_cycle_4.json|malformed"),
                 QString());
    }
};

QTEST_GUILESS_MAIN(TestRunDirectory)
#include "tst_run_directory.moc"
