// SPDX-License-Identifier: GPL-3.0-or-later
// A loop that was cut goes on in its own folder and ends as if it had never been cut.
#include "cycle/cycle_runner.h"
#include "cycle/resume_plan.h"
#include "cycle/run_library.h"
#include "support/expect_error.h"
#include "support/tiny_loop.h"

#include <QTemporaryDir>
#include <QTest>

#include <fstream>

using namespace saeception;
using namespace saeception::fixture;
namespace fs = std::filesystem;

Q_DECLARE_METATYPE(saeception::Stage)

class TestResume : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    fs::path m_whole;  ///< never cut

    fs::path path(const char* name) const { return m_folder.filePath(QLatin1String(name)).toStdString(); }
    static RunDirectory at(const fs::path& root) { return RunDirectory::at(root); }

    // Ends the run of `plan` at the `nth` event of (stage, cycle) that `isIt`; by stopping, or by failing.
    template <typename IsIt>
    static void cut(JobPlan plan, Stage stage, int cycle, const IsIt& isIt, bool fails = false) {
        Recorder events;
        std::stop_source stop;
        bool inside = false;
        bool done = false;
        events.onEvent = [&](const Event& event) {
            if (const auto* started = std::get_if<StageStarted>(&event.body))
                inside = started->stage == stage && started->cycle == cycle;
            if (!inside || done || !isIt(event))
                return;
            done = true;
            if (fails)
                throw UserError("the disk is full");
            stop.request_stop();
        };
        CycleRunner runner(std::move(plan));
        if (fails)
            QCOMPARE(QString::fromStdString(errorOf([&] { runner.run(events, stop.get_token()); })),
                     QStringLiteral("the disk is full"));
        else
            QVERIFY(runner.run(events, stop.get_token()).stopped);
    }
    static RunOutcome goOn(const fs::path& root, std::vector<std::string> overrides = {}) {
        Recorder events;
        return CycleRunner(planResume(root, std::move(overrides))).run(events, {});
    }
    // A copy of the whole run.
    fs::path copy(const char* name) const {
        fs::copy(m_whole, path(name), fs::copy_options::recursive);
        return path(name);
    }
    static void append(const fs::path& file, const std::string& text) {
        std::ofstream(file, std::ios::app) << text;
    }

private Q_SLOTS:
    void initTestCase() {
        m_whole = path("whole");
        Recorder events;
        QVERIFY(!CycleRunner(tinyLoop(m_whole)).run(events, {}).stopped);
    }

    void aCutRunEndsAsIfItHadNeverBeenCut_data() {
        QTest::addColumn<Stage>("stage");
        QTest::addColumn<int>("cycle");
        QTest::addColumn<bool>("afterASave");
        QTest::addColumn<bool>("fails");
        QTest::addColumn<Stage>("nextStage");
        const auto row = [](const char* name, Stage stage, int cycle, bool afterASave, bool fails,
                            Stage nextStage) {
            QTest::newRow(name) << stage << cycle << afterASave << fails << nextStage;
        };
        row("while the data is prepared", Stage::Prepare, 0, false, false, Stage::Baseline);
        row("in the baseline", Stage::Baseline, 0, false, false, Stage::Baseline);
        row("in the baseline after a checkpoint", Stage::Baseline, 0, true, false, Stage::Baseline);
        row("while activations are extracted", Stage::Extract, 0, false, false, Stage::Sae);
        row("in the SAE after a checkpoint", Stage::Sae, 0, true, false, Stage::Sae);
        row("in the evaluation", Stage::Evaluate, 0, false, false, Stage::Evaluate);
        row("while features are indexed", Stage::Features, 0, false, false, Stage::Features);
        row("in the retraining after a checkpoint", Stage::Auxiliary, 1, true, false, Stage::Auxiliary);
        row("in the second SAE", Stage::Sae, 1, false, false, Stage::Sae);
        row("by a failure of the SAE", Stage::Sae, 0, true, true, Stage::Sae);
        row("by a failure of the last stage", Stage::Features, 1, false, true, Stage::Features);
    }
    void aCutRunEndsAsIfItHadNeverBeenCut() {
        QFETCH(Stage, stage);
        QFETCH(int, cycle);
        QFETCH(bool, afterASave);
        QFETCH(bool, fails);
        QFETCH(Stage, nextStage);
        const fs::path root = path("cut") / QTest::currentDataTag();
        cut(
            tinyLoop(root), stage, cycle,
            [&](const Event& event) {
                return afterASave ? std::holds_alternative<ArtefactSaved>(event.body)
                                  : std::holds_alternative<StageStarted>(event.body);
            },
            fails);
        const RunDirectory run = at(root);
        if (stage == Stage::Sae && afterASave)
            QVERIFY(fs::exists(run.sae(cycle)));
        const std::optional<ResumePoint> point = resumePoint(run);
        QVERIFY(point);
        QVERIFY(*point == (ResumePoint{nextStage, cycle}));

        const bool keepsModel = fs::exists(run.model(0)) && nextStage != Stage::Baseline;
        const auto before = keepsModel ? fs::last_write_time(run.model(0)) : fs::file_time_type();
        const RunOutcome outcome = goOn(root);
        QVERIFY(!outcome.stopped);
        if (keepsModel)
            QVERIFY(fs::last_write_time(run.model(0)) == before);
        QCOMPARE(firstDifference(m_whole, root), std::string());
        QVERIFY(!resumePoint(run));
        for (const char* file : {"config.yaml", "overrides.yaml"}) {
            std::string record = readFile(run.hydra() / file);
            for (std::size_t at; (at = record.find(root.string())) != std::string::npos;)
                record.replace(at, root.string().size(), m_whole.string());
            QCOMPARE(record, readFile(at(m_whole).hydra() / file));
        }
        RunReader reader;
        const auto summary = reader.read(root, {});
        QVERIFY(summary && summary->status == RunStatus::Done);
        QVERIFY2(summary->problems.empty(), summary->problems.empty() ? "" : summary->problems[0].c_str());
    }

    void aRunMayBeCutMoreThanOnce() {
        const fs::path root = path("again");
        const auto atStart = [](const Event& event) {
            return std::holds_alternative<StageStarted>(event.body);
        };
        cut(tinyLoop(root), Stage::Baseline, 0, atStart);
        cut(planResume(root), Stage::Evaluate, 0, atStart);
        cut(planResume(root), Stage::Auxiliary, 1, atStart, true);
        QCOMPARE(goOn(root).results.size(), std::size_t(1));
        QCOMPARE(firstDifference(m_whole, root), std::string());
    }

    void aFinishedRunSaysSoAndMayGetMoreCycles() {
        const fs::path root = path("grown");
        Recorder events;
        CycleRunner(tinyLoop(root, {"cycle.max_cycles=0"})).run(events, {});
        try {
            planResume(root);
            QFAIL("nothing is left");
        } catch (const NothingLeft& nothing) {
            QCOMPARE(missingFrom(nothing.what(), "is finished|cycle.max_cycles=1"), QString());
        }
        QCOMPARE(missingFrom(errorOf([&] { planResume(m_whole, {"cycle.max_cycles=0"}); }), "only be raised"),
                 QString());
        goOn(root, {"cycle.max_cycles=1"});
        QCOMPARE(firstDifference(m_whole, root), std::string());
        QVERIFY(readFile(at(root).hydra() / "config.yaml").find("max_cycles: 1") != std::string::npos);
        const std::string overrides = readFile(at(root).hydra() / "overrides.yaml");
        QVERIFY(overrides.find("experiment=demo") != std::string::npos);
        QVERIFY(overrides.find("cycle.max_cycles=1") != std::string::npos);
        QVERIFY(overrides.find("cycle.max_cycles=0") == std::string::npos);
        QVERIFY(readFile(at(root).hydra() / "hydra.yaml").find("experiment=demo") != std::string::npos);
    }

    void whatIsDamagedOrOlderThanWhatItWasMadeFromIsMadeAgain() {
        const fs::path damaged = copy("damaged");
        const std::string bytes = readFile(at(damaged).sae(0));
        writeFile(at(damaged).sae(0), bytes.substr(0, bytes.size() / 2));
        writeFile(damaged / "checkpoints/sae_cycle_0_best.pt.123-4.part", "half");
        QVERIFY(resumePoint(at(damaged)) == (ResumePoint{Stage::Sae, 0}));
        goOn(damaged);
        QCOMPARE(firstDifference(m_whole, damaged), std::string());
        QVERIFY(!fs::exists(damaged / "checkpoints/sae_cycle_0_best.pt.123-4.part"));

        const fs::path older = copy("older");
        append(older / "metrics.jsonl",
               R"({"time": 9e9, "event": "stage_started", "cycle": 1, "stage": "sae"})"
               "\n"
               R"({"time": 9.1e9, "event": "stage_finished", "cycle": 1, "stage": "sae", "seconds": 1})"
               "\n");
        QVERIFY(resumePoint(at(older)) == (ResumePoint{Stage::Evaluate, 1}));

        const fs::path lacking = copy("lacking");
        fs::remove(at(lacking).resultsJson(0));
        QVERIFY(resumePoint(at(lacking)) == (ResumePoint{Stage::Evaluate, 0}));
        const auto before = fs::last_write_time(at(lacking).model(1));
        goOn(lacking);
        QVERIFY(fs::last_write_time(at(lacking).model(1)) == before);
        QCOMPARE(firstDifference(m_whole, lacking), std::string());
    }

    void whatCannotBeGoneOnWithIsRefusedInOneLine() {
        const auto refusal = [](const fs::path& root, std::vector<std::string> overrides = {}) {
            return errorOf([&] { planResume(root, overrides); });
        };
        QCOMPARE(missingFrom(refusal(path("nowhere")), "there is no folder|nowhere"), QString());
        fs::create_directories(path("empty"));
        QCOMPARE(missingFrom(refusal(path("empty")), "is not a run|.hydra/config.yaml"), QString());
        for (const char* text : {"sae.k=4", "seed=1", "~threads", "hydra.run.dir=x", "model=gpt2_small"})
            QCOMPARE(missingFrom(refusal(m_whole, {text}), QString("'%1'|--resume|new run").arg(text)),
                     QString());
        {
            const RunLock lock(at(m_whole));
            QCOMPARE(missingFrom(refusal(m_whole), "is in use"), QString());
        }
        const fs::path odd = copy("odd");
        const std::string settings = readFile(at(odd).hydra() / "hydra.yaml");
        const auto change = [&](const std::string& from, const std::string& to) {
            std::string text = settings;
            const std::size_t place = text.find(from);
            QVERIFY(place != std::string::npos);
            writeFile(at(odd).hydra() / "hydra.yaml", text.replace(place, from.size(), to));
        };
        change("name: train_cycle", "name: train_sae");
        QCOMPARE(missingFrom(refusal(odd), "worked on by train_sae|hydra.run.dir="), QString());
        change(fmt::format("version: '{}'", SAECEPTION_VERSION), "version: '99.1'");
        QCOMPARE(missingFrom(refusal(odd), "version 99.1|newer"), QString());
        QVERIFY(!resumePoint(at(odd)));
        writeFile(at(odd).hydra() / "hydra.yaml", settings);
        fs::remove(odd / "metrics.jsonl");
        QCOMPARE(missingFrom(refusal(odd), "metrics.jsonl is missing|checkpoint_dir="), QString());
    }

    void theCommandIsReadyToBePasted() {
        QCOMPARE(resumeCommand(at("/runs/a b")), std::string("saeception train_cycle --resume '/runs/a b'"));
        QCOMPARE(resumeText({Stage::Sae, 1}), std::string("Training the SAE of cycle 1"));
    }
};

QTEST_GUILESS_MAIN(TestResume)
#include "tst_resume.moc"
