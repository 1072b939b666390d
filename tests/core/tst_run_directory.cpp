// SPDX-License-Identifier: GPL-3.0-or-later
// Run folders: never shared, found again, and a results file that comes back as it was written.
#include "base/files.h"
#include "cycle/event_log.h"
#include "cycle/results_file.h"
#include "cycle/run_directory.h"
#include "cycle/stage_commands.h"
#include "support/expect_error.h"

#include <QTemporaryDir>
#include <QTest>

#include <chrono>
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

    void theLastCycleIsThatOfAnyFile() {
        QTemporaryDir folder;
        const RunDirectory run = RunDirectory::create("", in(folder, "run"));
        QCOMPARE(run.lastCycle(), -1);
        writeFile(run.checkpoints() / "notes_cycle_x.txt", "");
        QCOMPARE(run.lastCycle(), -1);
        writeFile(run.model(0), "m");
        QCOMPARE(run.lastCycle(), 0);
        writeFile(run.sae(12), "s");
        QCOMPARE(run.lastCycle(), 12);
    }

    void whatACommandReplacesMakesLaterFilesStale() {
        QTemporaryDir folder;
        const RunDirectory run = RunDirectory::create("", in(folder, "run"));
        for (const int cycle : {0, 1}) {
            writeFile(run.model(cycle), "m");
            writeFile(run.sae(cycle), "s");
            writeFile(run.resultsJson(cycle), "{}");
        }
        ExperimentConfig config;
        const auto stale = [&](const char* command, int cycle) {
            config.cycle.current = cycle;
            QStringList names;
            for (const Artefact& artefact : staleAfter(stageCommand(command), config, run))
                names << QString::fromStdString(artefactName(artefact));
            return names.join(QLatin1Char(' '));
        };
        QCOMPARE(stale("evaluate", 0), QString());
        QCOMPARE(stale("train_sae", 1), QString("results_cycle_1.json"));
        QCOMPARE(stale("train_auxiliary", 0), QString("sae_cycle_1_best.pt results_cycle_1.json"));
        QCOMPARE(
            stale("train_sae", 0),
            QString("results_cycle_0.json model_cycle_1_best.pt sae_cycle_1_best.pt results_cycle_1.json"));
        config.cycle.maxCycles = 1;
        QCOMPARE(stale("train_cycle", 1), QString());  // it makes all of that itself
    }

    void aStageRunAgainCountsOnceInTheLog() {
        QTemporaryDir folder;
        const fs::path file = in(folder, "metrics.jsonl");
        for (const double loss : {3.0, 2.0}) {
            EventLog log(file);
            log.handle(makeEvent(StageStarted{Stage::Sae, 0, 1}));
            log.handle(makeEvent(Scalar{Stage::Sae, 0, "sae/loss", 1, loss}));
            log.handle(makeEvent(Scalar{Stage::Sae, 1, "sae/loss", 1, 10 * loss}));
        }
        std::vector<double> values;
        QCOMPARE(readEventLog(
                     file, [&](const Event& event) { values.push_back(std::get<Scalar>(event.body).value); }),
                 std::int64_t(0));
        QCOMPARE(values, (std::vector<double>{30, 2, 20}));
    }

    void runsAreListedNewestFirst() {
        QTemporaryDir folder;
        const auto now = fs::file_time_type::clock::now();
        int age = 3;
        // By time and not by name: "demo" and "-2" are no later than "-10".
        for (const char* name : {"demo", "2024-01-02/11-00-00-2", "2024-01-02/11-00-00-10"}) {
            const RunDirectory run = RunDirectory::create("", in(folder, name));
            writeFile(run.hydra() / "config.yaml", "seed: 1\n");
            fs::last_write_time(run.hydra() / "config.yaml", now - std::chrono::hours(age--));
        }
        createDirectories(in(folder, "2024-01-02/not-a-run"));
        const std::vector<fs::path> runs = findRuns(folder.path().toStdString());
        QCOMPARE(runs.size(), std::size_t(3));
        QCOMPARE(runs.front().filename(), fs::path("11-00-00-10"));
        QCOMPARE(runs.back().filename(), fs::path("demo"));
    }

    void whatWasMadeIsDiscardedAndNothingElse() {
        QTemporaryDir folder;
        RunDirectory::create("", in(folder, "new")).discard();
        QVERIFY(!fs::exists(in(folder, "new")));
        createDirectories(in(folder, "empty"));
        RunDirectory::create("", in(folder, "empty")).discard();
        QVERIFY(fs::is_directory(in(folder, "empty")) && fs::is_empty(in(folder, "empty")));
        const RunDirectory run = RunDirectory::create("", in(folder, "run"));
        writeFile(run.hydra() / "config.yaml", "seed: 1\n");
        RunDirectory::open(run.root()).discard();
        QVERIFY(fs::exists(run.hydra() / "config.yaml"));
    }

    void aRunIsLockedForOneAtATime() {
        QTemporaryDir folder;
        const RunDirectory run = RunDirectory::create("", in(folder, "run"));
        {
            const RunLock lock(run);
            QVERIFY(RunLock::isHeld(run));
            QCOMPARE(missingFrom(errorOf([&] { const RunLock second(run); }),
                                 QString::fromStdString(run.root().string()) + "|in use by another command"),
                     QString());
        }
        QVERIFY(!RunLock::isHeld(run));
        const RunLock again(run);
    }

    void aFirstModelIsMadeWithTheRunsOwnSettings() {
        QTemporaryDir folder;
        const RunDirectory run = RunDirectory::create("", in(folder, "run"));
        const Artefact first{ArtefactKind::Model, 0};
        QCOMPARE(makingCommand(first, run), std::string("saeception train_baseline"));
        writeFile(run.hydra() / "overrides.yaml",
                  "- experiment=demo\n- sae.k=4\n- model.tokenizer=a b\n- cycle.max_cycles=2\n- seed=3\n");
        QCOMPARE(makingCommand(first, run),
                 std::string("saeception train_baseline experiment=demo 'model.tokenizer=a b' seed=3"));
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
