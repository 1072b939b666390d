// SPDX-License-Identifier: GPL-3.0-or-later
// Sweeps before their first job and after their last: checked, placed, recorded, and their table of results.
#include "base/files.h"
#include "config/override_value.h"
#include "cycle/sweep_launch.h"
#include "cycle/sweep_results.h"
#include "support/expect_error.h"
#include "support/run_fixture.h"

#include <QDir>
#include <QTemporaryDir>
#include <QTest>

using namespace saeception;
namespace fs = std::filesystem;

class TestSweepLaunch : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    const QString m_before = QDir::currentPath();

    static ComposeRequest request(std::vector<std::string> overrides) {
        ComposeRequest result;
        result.overrides = std::move(overrides);
        result.overrides.insert(result.overrides.begin(), "experiment=demo");
        return result;
    }
    static std::string read(const fs::path& file) { return readFile(file); }

private Q_SLOTS:
    void initTestCase() { QVERIFY(QDir::setCurrent(m_folder.path())); }
    void cleanupTestCase() { QDir::setCurrent(m_before); }

    void claimsAFolderAndWritesWhatWasAsked() {
        const PreparedSweep sweep =
            prepareSweep("train_cycle", request({"sae.k=4,8,16", "seed=1,2", "cycle.max_cycles=0"}));
        QCOMPARE(sweep.jobs.size(), std::size_t(6));
        QCOMPARE(sweep.directories.size(), std::size_t(6));
        QVERIFY(fs::is_directory(sweep.folder));
        QCOMPARE(sweep.folder.parent_path().parent_path(), fs::path("multirun"));
        QCOMPARE(sweep.directories[5], sweep.folder / "5");
        QCOMPARE(sweep.jobs[5].swept, (std::vector<std::string>{"sae.k=16", "seed=2"}));
        QCOMPARE(sweep.jobs[5].overrides.back(),
                 "hydra.sweep.dir=" + overrideValueText(sweep.folder.string()));
        QVERIFY(sweep.request.time.has_value());
        const auto record = parseYaml(read(sweep.folder / "multirun.yaml"), "multirun.yaml");
        QCOMPARE(record["hydra"]["mode"], "MULTIRUN");
        QCOMPARE(record["hydra"]["job"]["name"], "train_cycle");
        QCOMPARE(record["hydra"]["overrides"]["task"].size(), std::size_t(4));
        QCOMPARE(record["dataset"]["name"], "demo");
        // Each job composes into its own place there.
        const Composition job = compose(jobRequest(sweep.request, sweep.jobs[3], 3));
        QCOMPARE(fs::path(job.runDir), sweep.directories[3]);
        QCOMPARE(job.config.sae.k, 8);
        QCOMPARE(job.config.seed, std::int64_t(2));
        QCOMPARE(jobHeading(sweep.jobs[3], 3), std::string("#3 : sae.k=8 seed=2"));
    }

    void twoInOneSecondGetTwoFolders() {
        ComposeRequest first = request({"seed=1,2"});
        first.time = 1700000000;
        const PreparedSweep one = prepareSweep("train_cycle", first);
        const PreparedSweep two = prepareSweep("train_cycle", first);
        QVERIFY(one.folder != two.folder);
        QCOMPARE(two.folder, fs::path(one.folder.string() + "-2"));
        QCOMPARE(two.directories[0], two.folder / "0");
    }

    void aWrongJobStopsAllBeforeAnythingIsMade() {
        const fs::path folder = m_folder.filePath("wrong").toStdString();
        const std::string named = "hydra.sweep.dir=" + folder.string();
        QCOMPARE(missingFrom(errorOf([&] {
                                 prepareSweep("train_cycle", request({"sae.k=4,0", named}));
                             }),
                             QStringLiteral("job #1 (sae.k=0): sae.k=0")),
                 QString());
        QCOMPARE(missingFrom(
                     errorOf([&] {
                         prepareSweep("train_cycle", request({"seed=1,2", named, "hydra.sweep.subdir=same"}));
                     }),
                     QStringLiteral("hydra.sweep.subdir gives it the folder of job #0")),
                 QString());
        QVERIFY(!fs::exists(folder));
        std::stop_source stop;
        stop.request_stop();
        QVERIFY_THROWS_EXCEPTION(Cancelled,
                                 prepareSweep("train_cycle", request({"seed=1,2", named}), stop.get_token()));
        QVERIFY(!fs::exists(folder));
        writeFile((createDirectories(folder), folder / "mine.txt"), "mine");
        QCOMPARE(missingFrom(errorOf([&] {
                                 prepareSweep("train_cycle", request({"seed=1,2", named}));
                             }),
                             QStringLiteral("is not empty")),
                 QString());
        QCOMPARE(std::distance(fs::directory_iterator(folder), fs::directory_iterator()), std::ptrdiff_t(1));
    }

    void resultsAreGatheredFromTheJobsFolders() {
        const PreparedSweep sweep = prepareSweep(
            "train_cycle", request({"sae.k=4,8,16", "hydra.sweep.dir=gathered", "cycle.max_cycles=1"}));
        updateSweepResults(sweep.folder);
        QCOMPARE(read(sweep.folder / "results.csv"), std::string("job,folder,status,error,sae.k,cycle\r\n"
                                                                 "0,gathered/0,not run,,4,\r\n"
                                                                 "1,gathered/1,not run,,8,\r\n"
                                                                 "2,gathered/2,not run,,16,\r\n"));
        fixture::RunSpec spec;
        fixture::writeFinishedRun(sweep.directories[2], spec);
        spec.cycles = 1;
        spec.lastWord = "[error] no space left on the disk";
        fixture::writeFinishedRun(sweep.directories[0], spec);
        updateSweepResults(sweep.folder);
        const std::string table = read(sweep.folder / "results.csv");
        QVERIFY2(table.starts_with("job,folder,status,error,sae.k,cycle,"), table.c_str());
        for (const char* line :
             {"\r\n0,gathered/0,failed,no space left on the disk,4,0,", "\r\n1,gathered/1,not run,,8,,",
              "\r\n2,gathered/2,done,,16,0,", "\r\n2,gathered/2,done,,16,1,"})
            QVERIFY2(table.find(line) != std::string::npos, line);
    }

    void aFolderThatIsNoSweepIsLeftAlone() {
        const fs::path folder = m_folder.filePath("no_sweep").toStdString();
        createDirectories(folder);
        QCOMPARE(missingFrom(errorOf([&] { updateSweepResults(folder); }), QStringLiteral("multirun.yaml")),
                 QString());
        writeFile(folder / "multirun.yaml", "hydra: {}\n");
        QCOMPARE(
            missingFrom(errorOf([&] { updateSweepResults(folder); }), QStringLiteral("hydra.overrides.task")),
            QString());
        QVERIFY(!fs::exists(folder / "results.csv"));
    }
};

QTEST_GUILESS_MAIN(TestSweepLaunch)
#include "tst_sweep_launch.moc"
