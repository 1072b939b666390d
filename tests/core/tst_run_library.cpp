// SPDX-License-Identifier: GPL-3.0-or-later
// Runs found in folders and read as far as they can be read: states, numbers, notes, and what is wrong with
// damaged ones.
#include "cycle/append_file.h"
#include "cycle/run_files.h"
#include "cycle/run_library.h"
#include "support/expect_error.h"
#include "support/run_fixture.h"

#include <QTemporaryDir>
#include <QTest>

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <memory>

using namespace saeception;
using fixture::RunSpec;
namespace fs = std::filesystem;

namespace {

std::vector<std::string> namesBelow(const fs::path& top) {
    std::vector<std::string> names;
    findRunFolders(top, {},
                   [&](const fs::path& run) { names.push_back(run.lexically_relative(top).string()); });
    return names;
}

}  // namespace

class TestRunLibrary : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<QTemporaryDir> m_folder;

    fs::path in(const std::string& name) const { return fs::path(m_folder->path().toStdString()) / name; }
    static RunSummary read(const fs::path& root, const RunWriters& writers = {}) {
        RunReader reader;
        const auto summary = reader.read(root, writers);
        if (!summary)
            qFatal("no run");
        return *summary;
    }
    static QString problems(const RunSummary& run) {
        QStringList lines;
        for (const std::string& line : run.problems)
            lines.append(QString::fromStdString(line));
        return lines.join(QLatin1Char('|'));
    }

private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }

    void runsAreFoundAtAnyDepthNewestFirst() {
        for (const char* name : {"2026-01-02/10-00-00", "2026-01-02/11-00-00", "2026-01-03/09-00-00", "named",
                                 "sweeps/multirun/2026-01-01/08-00-00/3", ".hidden/run"})
            fixture::writeHydra(in(name), {});
        createDirectories(in("no run/at all"));
        // What a run makes itself is no run, whatever lies in it.
        fixture::writeHydra(in("named/cache/copy"), {});
        // A run may lie in another's folder.
        fixture::writeHydra(in("named/again"), {});
        fs::create_directory_symlink(in("named"), in("link"));
        fixture::writeHydra(in("1/2/3/4/5/6/7"), {});
        const std::vector<std::string> expected = {"sweeps/multirun/2026-01-01/08-00-00/3",
                                                   "named",
                                                   "named/again",
                                                   "2026-01-03/09-00-00",
                                                   "2026-01-02/11-00-00",
                                                   "2026-01-02/10-00-00"};
        QCOMPARE(namesBelow(in("")), expected);
        QVERIFY(namesBelow(in("absent")).empty());
        QVERIFY(namesBelow(in("named")) == (std::vector<std::string>{".", "again"}));
    }

    void findingCanBeStopped() {
        fixture::writeHydra(in("run"), {});
        std::stop_source source;
        source.request_stop();
        QVERIFY_EXCEPTION_THROWN(findRunFolders(in(""), source.get_token(), [](const fs::path&) {}),
                                 Cancelled);
    }

    void aFinishedRunIsReadWhole() {
        RunSpec spec;
        spec.model = "gpt2_small";
        spec.dataset = "sst2";
        fixture::writeFinishedRun(in("2026-01-02/10-00-00"), spec);
        const RunSummary run = read(in("2026-01-02/10-00-00"));
        QCOMPARE(problems(run), QString());
        QCOMPARE(run.status, RunStatus::Done);
        QCOMPARE(run.experiment, std::string("demo"));
        QCOMPARE(run.command, std::string("train_cycle"));
        QCOMPARE(run.model, std::string("gpt2_small"));
        QCOMPARE(run.dataset, std::string("sst2"));
        QCOMPARE(run.cyclesAsked, 2);
        QCOMPARE(run.cycles, (std::vector<int>{0, 1}));
        QCOMPARE(run.accuracy.value(), 0.91);
        QCOMPARE(run.accuracyCycle, 1);
        QCOMPARE(run.started, 1.7e9);
        QCOMPARE(runTitle(run), std::string("2026-01-02 10-00-00"));
        std::int64_t bytes = 0;
        for (const auto& entry : fs::recursive_directory_iterator(run.root))
            bytes += entry.is_regular_file() ? static_cast<std::int64_t>(entry.file_size()) : 0;
        QCOMPARE(run.bytes, bytes);
    }

    void titles_data() {
        QTest::addColumn<QString>("path");
        QTest::addColumn<QString>("title");
        QTest::newRow("dated") << "/o/2026-01-02/10-00-00"
                               << "2026-01-02 10-00-00";
        QTest::newRow("sweep") << "/m/2026-01-02/10-00-00/12"
                               << "2026-01-02 10-00-00 #12";
        QTest::newRow("own name") << "/runs/first try"
                                  << "first try";
        QTest::newRow("number") << "/runs/2026/3"
                                << "3";
    }
    void titles() {
        QFETCH(QString, path);
        QFETCH(QString, title);
        QCOMPARE(QString::fromStdString(runTitle(path.toStdString(), {})), title);
        RunNotes named;
        named.name = "the good one";
        QCOMPARE(runTitle(path.toStdString(), named), std::string("the good one"));
    }

    void endings_data() {
        QTest::addColumn<QString>("lastWord");
        QTest::addColumn<int>("cycles");
        QTest::addColumn<int>("status");
        QTest::addColumn<QString>("message");
        QTest::newRow("done") << "[info] done" << 2 << int(RunStatus::Done) << "";
        QTest::newRow("stopped") << "[info] stopped on request" << 1 << int(RunStatus::Stopped) << "";
        QTest::newRow("failed") << "[error] cannot write a [file]: no space left" << 1
                                << int(RunStatus::Failed) << "cannot write a [file]: no space left";
        QTest::newRow("killed") << "" << 1 << int(RunStatus::Interrupted) << "";
        QTest::newRow("complete without a word") << "" << 2 << int(RunStatus::Done) << "";
        QTest::newRow("a warning is no ending") << "[warning] done" << 1 << int(RunStatus::Interrupted) << "";
    }
    void endings() {
        QFETCH(QString, lastWord);
        QFETCH(int, cycles);
        QFETCH(int, status);
        QFETCH(QString, message);
        RunSpec spec;
        spec.cycles = cycles;
        spec.lastWord = lastWord.toStdString();
        fixture::writeFinishedRun(in("run"), spec);
        const RunSummary run = read(in("run"), RunWriters::look());
        QCOMPARE(int(run.status), status);
        QCOMPARE(QString::fromStdString(run.ending), message);
        QCOMPARE(problems(run), QString());
    }

    void theNewestLogHasTheLastWord() {
        fixture::writeFinishedRun(in("run"));
        writeFile(in("run/train_sae.log"), "2026-01-02 03:04:05.678 [error] out of memory\n");
        const auto before = fs::last_write_time(in("run/train_sae.log"));
        fs::last_write_time(in("run/train_cycle.log"), before - std::chrono::hours(1));
        QCOMPARE(read(in("run")).status, RunStatus::Failed);
        fs::last_write_time(in("run/train_cycle.log"), before + std::chrono::hours(1));
        QCOMPARE(read(in("run")).status, RunStatus::Done);
    }

    void aRunThatSomeoneWritesIsRunning() {
        RunSpec spec;
        spec.lastWord.clear();
        spec.cycles = 1;
        fixture::writeFinishedRun(in("run"), spec);
        RunReader reader;
        QCOMPARE(reader.read(in("run"), RunWriters::look())->status, RunStatus::Interrupted);
        {
            const AppendFile writer(in("run/metrics.jsonl"), AppendFile::Mode::Continue);
            QCOMPARE(reader.read(in("run"), RunWriters::look())->status, RunStatus::Running);
            QCOMPARE(reader.read(in("run"), RunWriters::look())->status, RunStatus::Running);
        }
        std::ifstream onlyReads(in("run/metrics.jsonl"));
        QVERIFY(onlyReads.is_open());
        QCOMPARE(reader.read(in("run"), RunWriters::look())->status, RunStatus::Interrupted);
    }

    void damageIsNamedAndTheRestIsRead() {
        fixture::writeFinishedRun(in("run"));
        const RunDirectory run = RunDirectory::at(in("run"));
        writeFile(run.sae(0), "PK\3\4 and then the disk was full");
        fs::remove(run.model(1));
        writeFile(run.resultsJson(1), "{\"task_accuracy\": 0.9");
        fs::resize_file(run.features(0), 40);
        fs::remove_all(run.features(1));
        fixture::appendTo(run.metricsLog(), "{\"time\": 17, \n");
        const RunSummary summary = read(run.root());
        QCOMPARE(summary.status, RunStatus::Done);
        QCOMPARE(summary.accuracy.value(), 0.9);
        QCOMPARE(summary.cycles, std::vector<int>{0});
        const QString found = problems(summary);
        for (const char* words :
             {"sae_cycle_0_best.pt is cut short", "results_cycle_1.json is not a results file",
              "cycle_0/index.safetensors", "metrics.jsonl has lines that cannot be read"})
            QVERIFY2(found.contains(QString::fromLatin1(words)), qPrintable(found));
        QVERIFY2(!found.contains(QLatin1Char('\n')), qPrintable(found));
    }

    void aHalfDeletedRunIsStillListed() {
        fixture::writeFinishedRun(in("run"));
        fs::remove_all(in("run/.hydra"));
        fs::remove(in("run/checkpoints/model_cycle_0_best.pt"));
        QCOMPARE(namesBelow(in("")), std::vector<std::string>{"run"});
        const RunSummary summary = read(in("run"));
        QCOMPARE(summary.accuracy.value(), 0.91);
        QVERIFY2(problems(summary).contains(QStringLiteral(".hydra/config.yaml")),
                 qPrintable(problems(summary)));
        QVERIFY2(problems(summary).contains(QStringLiteral("model_cycle_0_best.pt is missing")),
                 qPrintable(problems(summary)));
        const RunContents contents = readRunContents(in("run"));
        QCOMPARE(contents.results.size(), std::size_t(2));
        QVERIFY(contents.config.empty());
        QCOMPARE(contents.problems.size(), std::size_t(1));
    }

    void aRunningRunLacksNothingYet() {
        RunSpec spec;
        spec.cycles = 1;
        spec.features = false;
        fixture::writeFinishedRun(in("run"), spec);
        const AppendFile writer(in("run/metrics.jsonl"), AppendFile::Mode::Continue);
        fixture::appendTo(in("run/metrics.jsonl"), "{\"time\": 17");  // the line that is being written
        QCOMPARE(problems(read(in("run"), RunWriters::look())), QString());
    }

    void aNewerVersionIsTold() {
        RunSpec spec;
        spec.version = "99.1";
        fixture::writeFinishedRun(in("run"), spec);
        const RunSummary summary = read(in("run"));
        QCOMPARE(summary.status, RunStatus::Done);
        QVERIFY2(problems(summary).contains(QStringLiteral("written by version 99.1")),
                 qPrintable(problems(summary)));
        QVERIFY(isNewerVersion("0.10", "0.9.9"));
        QVERIFY(isNewerVersion("1.0.1", "1.0"));
        QVERIFY(!isNewerVersion("0.1.0", "0.1.0"));
        QVERIFY(!isNewerVersion("main", "0.1.0"));
        QVERIFY(!isNewerVersion("2.x", "1.0"));
    }

    void whatChangedIsReadAgain() {
        fixture::writeFinishedRun(in("run"));
        RunReader reader;
        const RunSummary first = *reader.read(in("run"), {});
        QVERIFY(*reader.read(in("run"), {}) == first);
        saveResults(RunDirectory::at(in("run")), 1, fixture::metricsOf(0.97));
        QCOMPARE(reader.read(in("run"), {})->accuracy.value(), 0.97);
        saveRunNotes(in("run"), {"named", {"a"}, "why"});
        const RunSummary noted = *reader.read(in("run"), {});
        QCOMPARE(runTitle(noted), std::string("named"));
        QCOMPARE(noted.lastWritten, reader.read(in("run"), {})->lastWritten);
        fs::remove_all(in("run"));
        QVERIFY(!reader.read(in("run"), {}));
    }

    void notesComeBackAndForeignKeysStay() {
        createDirectories(in("run"));
        QVERIFY(loadRunNotes(in("run")) == RunNotes());
        writeFile(in("run/notes.json"), "{\"colour\": 3}");
        const RunNotes notes{"Ein Name – mit Strich", {"good", "rerun"}, "two\nlines \"quoted\""};
        saveRunNotes(in("run"), notes);
        QVERIFY(loadRunNotes(in("run")) == notes);
        QVERIFY(readFile(in("run/notes.json")).find("\"colour\": 3") != std::string::npos);
        QCOMPARE(parseTags(" a, b b ,,a,\tc "), (std::vector<std::string>{"a", "b b", "c"}));
    }

    void notesThatCannotBeReadAreNotOverwritten() {
        createDirectories(in("run"));
        for (const std::string& broken :
             {std::string("{\"name\": "), std::string("[]"), std::string(2 << 20, ' ')}) {
            writeFile(in("run/notes.json"), broken);
            QCOMPARE(missingFrom(errorOf([&] { loadRunNotes(in("run")); }), "notes.json|mend or remove"),
                     QString());
            QCOMPARE(missingFrom(errorOf([&] {
                                     saveRunNotes(in("run"), {"x", {}, ""});
                                 }),
                                 "notes.json"),
                     QString());
            QCOMPARE(readFile(in("run/notes.json")), broken);
        }
        QCOMPARE(missingFrom(errorOf([&] { saveRunNotes(in("gone"), {"x", {}, ""}); }), "gone"), QString());
        // A run is listed all the same.
        fixture::writeFinishedRun(in("run"));
        const RunSummary summary = read(in("run"));
        QVERIFY2(problems(summary).contains(QStringLiteral("notes.json")), qPrintable(problems(summary)));
        QCOMPARE(summary.status, RunStatus::Done);
    }

    void contentsHoldResultsAndFlatConfig() {
        fixture::writeFinishedRun(in("run"));
        const RunContents run = readRunContents(in("run"));
        QCOMPARE(run.title, std::string("run"));
        QCOMPARE(metric(run.results.at(1), "task_accuracy"), 0.91);
        const std::pair<std::string, std::string> expected{"cycle.max_cycles", "1"};
        QVERIFY(std::find(run.config.begin(), run.config.end(), expected) != run.config.end());
        QVERIFY(run.problems.empty());
        writeFile(in("run/.hydra/config.yaml"), "a: [1, b]\nc: {d: null, e: {}}\n");
        const std::vector<std::pair<std::string, std::string>> flat = {
            {"a", "[1,\"b\"]"}, {"c.d", "null"}, {"c.e", "{}"}};
        QVERIFY(readRunContents(in("run")).config == flat);
        writeFile(in("run/.hydra/config.yaml"), "a: [1\n");
        QCOMPARE(readRunContents(in("run")).problems.size(), std::size_t(1));
        QCOMPARE(readRunContents(in("run")).results.size(), std::size_t(2));
    }

    void tailsBeginWithALine() {
        writeFile(in("log"), "first\nsecond\nthird\n");
        QCOMPARE(readTail(in("log"), 100), std::string("first\nsecond\nthird\n"));
        QCOMPARE(readTail(in("log"), 9), std::string("third\n"));
        QCOMPARE(readTail(in("absent"), 9), std::string());
        QCOMPARE(readTail(in(""), 9), std::string());
    }
};

QTEST_GUILESS_MAIN(TestRunLibrary)
#include "tst_run_library.moc"
