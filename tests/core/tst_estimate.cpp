// SPDX-License-Identifier: GPL-3.0-or-later
// What a job is told to take before it runs: the very stages and steps of the run, sizes near those measured,
// nothing left behind.
#include "base/files.h"
#include "base/thread_budget.h"
#include "cycle/cycle_runner.h"
#include "cycle/estimate.h"
#include "cycle/resume_plan.h"
#include "cycle/run_footprint.h"
#include "cycle/step_counts.h"
#include "support/expect_error.h"
#include "support/tiny_loop.h"

#include <QTemporaryDir>
#include <QTest>

#include <set>
#include <thread>
#include <tuple>

using namespace saeception;
using fixture::Recorder;
using fixture::tinyLoop;
namespace fs = std::filesystem;

namespace {

using StageSteps = std::tuple<Stage, int, std::int64_t>;

std::vector<StageSteps> foretold(const RunEstimate& estimate) {
    std::vector<StageSteps> stages;
    for (const StageEstimate& stage : estimate.stages)
        stages.emplace_back(stage.stage, stage.cycle, stage.steps);
    return stages;
}

std::vector<StageSteps> announced(const Recorder& sink) {
    std::vector<StageSteps> stages;
    for (const StageStarted& started : sink.all<StageStarted>())
        stages.emplace_back(started.stage, started.cycle, started.totalSteps);
    return stages;
}

std::set<std::string> filesBelow(const fs::path& root) {
    std::set<std::string> files;
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(root))
        files.insert(entry.path().string());
    return files;
}

std::int64_t bytesBelow(const fs::path& root) {
    std::int64_t bytes = 0;
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(root))
        if (entry.is_regular_file())
            bytes += static_cast<std::int64_t>(entry.file_size());
    return bytes;
}

JobPlan planIn(const fs::path& root, const std::string& command, std::vector<std::string> overrides = {}) {
    ComposeRequest request;
    request.overrides = std::move(overrides);
    request.overrides.insert(request.overrides.end(), {"threads=1", "hydra.run.dir=" + root.string()});
    return planJob(command, std::move(request));
}

// What is foretold of `plan` beside what running it then announces.
void compareWithRun(const JobPlan& plan, const fs::path& folder) {
    const std::set<std::string> before = filesBelow(folder);
    const RunEstimate estimate = estimateRun(plan, {});
    QCOMPARE(filesBelow(folder), before);
    double sum = 0;
    for (const StageEstimate& stage : estimate.stages) {
        QVERIFY(stage.seconds > 0);
        QVERIFY(stage.memoryBytes > 0 && stage.memoryBytes <= estimate.memoryBytes);
        sum += stage.seconds;
    }
    QCOMPARE(estimate.seconds, sum);
    Recorder sink;
    CycleRunner(plan).run(sink, {});
    QCOMPARE(foretold(estimate), announced(sink));
}

}  // namespace

class TestEstimate : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void countsFollowTheirFormulas() {
        ExperimentConfig config;
        config.dataset.batchSize = 32;
        config.model.epochsPerCycle = 3;
        config.model.gradientAccumulationSteps = 4;
        const FineTuningCounts tuning = fineTuningCounts(config, 1000);
        QCOMPARE(tuning.batchesPerEpoch, 32);  // 31 full ones and one of 8
        QCOMPARE(tuning.stepsPerEpoch, 8);
        QCOMPARE(tuning.batches(), 96);
        QCOMPARE(tuning.steps(), 24);
        QCOMPARE(tuning.windowSteps, 1);
        config.sae.batchSize = 1024;
        config.sae.epochs = 5;
        const SaeCounts sae = saeCounts(config.sae, 1025);
        QCOMPARE(sae.stepsPerEpoch, 2);
        QCOMPARE(sae.steps, 10);
        QCOMPARE(saeCounts(config.sae, 10).batch, 10);
        QCOMPARE(saeCounts(config.sae, 1024 * 1000).windowSteps, 10);
        config.dataset.maxLength = 128;
        QCOMPARE(extractionBatchSize(config.dataset), 64);
        config.dataset.batchSize = 100;
        QCOMPARE(extractionBatchSize(config.dataset), 100);
    }

    void everyCommandsStagesAndStepsAreForetold() {
        const QTemporaryDir folder;
        const fs::path root = fs::path(folder.path().toStdString()) / "run";
        const std::vector<std::string> tiny = tinyLoop(root).composition.overrides;
        compareWithRun(planIn(root, "train_baseline", tiny), folder.path().toStdString());
        compareWithRun(planIn(root, "train_sae"), folder.path().toStdString());
        compareWithRun(planIn(root, "evaluate"), folder.path().toStdString());
        compareWithRun(planIn(root, "train_auxiliary", {"start_from=baseline"}), folder.path().toStdString());
        compareWithRun(planIn(root, "train_sae", {"cycle.current=1"}), folder.path().toStdString());
        compareWithRun(planIn(root, "train_cycle", {"cycle.current=1", "cycle.max_cycles=2"}),
                       folder.path().toStdString());
    }

    void theWholeLoopIsForetold_data() {
        QTest::addColumn<QStringList>("more");
        QTest::newRow("plain") << QStringList();
        QTest::newRow("accumulated") << QStringList{"model.gradient_accumulation_steps=3", "threads=2"};
        QTest::newRow("sentences only") << QStringList{"sae.token_level=false", "sae=l1", "+absorption=true"};
        QTest::newRow("no resamples")
            << QStringList{"evaluation.bootstrap_samples=0", "sae=jumprelu", "sharpening=random"};
    }
    void theWholeLoopIsForetold() {
        QFETCH(QStringList, more);
        const QTemporaryDir folder;
        std::vector<std::string> overrides;
        for (const QString& text : more)
            overrides.push_back(text.toStdString());
        compareWithRun(tinyLoop(folder.filePath("run").toStdString(), overrides),
                       folder.path().toStdString());
    }

    void aResumedRunIsForetold() {
        const QTemporaryDir folder;
        const fs::path root = fs::path(folder.path().toStdString()) / "run";
        Recorder sink;
        std::stop_source stop;
        sink.onEvent = [&](const Event& event) {
            const auto* started = std::get_if<StageStarted>(&event.body);
            if (started != nullptr && started->stage == Stage::Auxiliary)
                stop.request_stop();
        };
        CycleRunner(tinyLoop(root)).run(sink, stop.get_token());
        const JobPlan plan = planResume(root);
        const RunEstimate estimate = estimateRun(plan, {});
        QCOMPARE(std::get<0>(foretold(estimate)[2]), Stage::Auxiliary);
        compareWithRun(plan, folder.path().toStdString());
    }

    // Of a model whose steps are too long two blocks are measured; every place of the target layer counts.
    void deepModelsAreReckonedUp_data() {
        QTest::addColumn<int>("layer");
        QTest::newRow("last") << -1;
        QTest::newRow("before the last") << -2;
        QTest::newRow("first") << 0;
    }
    void deepModelsAreReckonedUp() {
        QFETCH(int, layer);
        const QTemporaryDir folder;
        const RunEstimate estimate =
            estimateRun(tinyLoop(folder.filePath("run").toStdString(),
                                 {"model.hidden_size=256", "model.num_layers=24",
                                  fmt::format("model.target_layer={}", layer), "sae.expansion_factor=1",
                                  "evaluation.bootstrap_samples=0"}),
                        {});
        for (const StageEstimate& stage : estimate.stages)
            QVERIFY(stage.seconds > 0);
    }

    void memoryFollowsItsFormula() {
        ExperimentConfig config;
        config.model.epochsPerCycle = 1;
        RunScale scale{config, {}, {1000, 10000, 9000}, {100, 1000, 900}, 20, 50000, 32, {}};
        const auto of = [&](Stage stage) { return footprint({{stage, 1}}, scale).stages.front(); };
        const std::int64_t fineTuning = of(Stage::Baseline);
        const std::int64_t retraining = of(Stage::Auxiliary);
        // Ten more blocks of 12 d^2 + 13 d: weights, gradients, two moments and the best epoch's copy; and of
        // a batch's 32 x 20 tokens 16 d and a probability for every head and token.
        scale.model.numLayers += 10;
        const double block = 12 * 768.0 * 768 + 13 * 768;
        const double kept = 32 * 20 * (16 * 768.0 + 12 * 20);
        QCOMPARE(of(Stage::Baseline) - fineTuning, static_cast<std::int64_t>(10 * 4 * (5 * block + kept)));
        // Blocks before the target layer are only read, and copied.
        QCOMPARE(of(Stage::Auxiliary) - retraining, static_cast<std::int64_t>(10 * 4 * 2 * block));
    }

    void diskHoldsWhatIsLeft() {
        ExperimentConfig config;
        RunScale scale{config, {}, {1000, 10000, 9000}, {100, 1000, 900}, 20, 50000, 32, {}};
        const std::int64_t store = 4 * (11000 * 768 + 1100 * 2);
        QCOMPARE(footprint({{Stage::Extract, 0}}, scale).disk, store);
        QCOMPARE(footprint({{Stage::Extract, 0}}, scale).cache, store);
        // The store of the cycle before goes once the next is whole.
        QCOMPARE(footprint({{Stage::Extract, 0}, {Stage::Extract, 1}}, scale).disk, store);
        QCOMPARE(footprint({{Stage::Extract, 0}, {Stage::Extract, 1}}, scale).cache, 2 * store);
        scale.storesAtHand = {0};
        QCOMPARE(footprint({{Stage::Extract, 0}}, scale).disk, 0);
    }

    void sizesAreNearTheMeasured() {
        const QTemporaryDir folder;
        const std::string root = folder.filePath("run").toStdString();
        const JobPlan plan =
            tinyLoop(root, {"dataset.limit=3000", "model.hidden_size=128", "sae.expansion_factor=16",
                            "model.epochs_per_cycle=1", "sae.epochs=1"});
        const RunEstimate estimate = estimateRun(plan, {});
        std::int64_t most = 0;
        Recorder sink;
        sink.onEvent = [&](const Event&) { most = std::max(most, residentBytes()); };
        CycleRunner(plan).run(sink, {});
        const auto near = [](std::int64_t told, std::int64_t measured, double factor) {
            const double ratio = static_cast<double>(told) / static_cast<double>(measured);
            return ratio < factor && ratio > 1 / factor;
        };
        QVERIFY2(near(estimate.memoryBytes, most, 2.5),
                 qPrintable(QString("%1 told, %2 measured").arg(estimate.memoryBytes).arg(most)));
        const std::int64_t disk = bytesBelow(root);
        QVERIFY2(near(estimate.diskBytes, disk, 1.3),
                 qPrintable(QString("%1 told, %2 measured").arg(estimate.diskBytes).arg(disk)));
        QVERIFY(estimate.cacheBytes > 0 && estimate.mappedBytes > 0);
        QVERIFY(estimate.mappedBytes < estimate.memoryBytes);
        QCOMPARE(estimate.cycles, 2);
    }

    void stopsBetweenTwoSteps() {
        const QTemporaryDir folder;
        const JobPlan plan = tinyLoop(folder.filePath("run").toStdString(),
                                      {"model.hidden_size=256", "model.num_layers=6", "dataset.limit=2000"});
        std::stop_source stop;
        std::jthread stopper([&] { stop.request_stop(); });
        QVERIFY_EXCEPTION_THROWN(estimateRun(plan, stop.get_token()), Cancelled);
        QVERIFY(fs::is_empty(folder.path().toStdString()));
    }

    void whatKeepsTheJobFromRunningIsSaidInOneLine() {
        const QTemporaryDir folder;
        const std::string root = folder.filePath("run").toStdString();
        const auto problem = [&](const std::vector<std::string>& overrides, const QString& words) {
            return missingFrom(errorOf([&] { estimateRun(tinyLoop(root, overrides), {}); }), words);
        };
        QCOMPARE(problem({"dataset=sst2", "dataset.path=/nowhere"}, "/nowhere|dataset.path"), QString());
        QCOMPARE(problem({"model.init=/nowhere/model.safetensors"}, "/nowhere/model.safetensors"), QString());
        QCOMPARE(problem({"model.tokenizer=/nowhere"}, "/nowhere|model.tokenizer"), QString());
        QCOMPARE(problem({"model.hidden_size=65536", "model.num_heads=64"}, "memory|model.hidden_size"),
                 QString());
        QVERIFY(fs::is_empty(folder.path().toStdString()));
    }
};

QTEST_GUILESS_MAIN(TestEstimate)
#include "tst_estimate.moc"
