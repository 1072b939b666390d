// SPDX-License-Identifier: GPL-3.0-or-later
// Run folders as stages leave them one after another, for tests of the cycle map.
#pragma once

#include "support/run_fixture.h"

#include <filesystem>
#include <map>
#include <string>

namespace saeception::fixture {

/// Writes a run stage by stage, with a log that tells of each; time starts at 1.7e9 and goes on by itself.
class CycleRun {
public:
    CycleRun(const std::filesystem::path& root, int cyclesAsked) : m_run(RunDirectory::at(root)) {
        RunSpec spec;
        spec.cyclesAsked = cyclesAsked;
        writeHydra(root, spec);
        writeFile(m_run.hydra() / "overrides.yaml", "- experiment=demo\n- hydra.run.dir=x\n");
        createDirectories(m_run.checkpoints());
        createDirectories(m_run.cache());
    }

    const RunDirectory& run() const { return m_run; }
    double now() const { return m_now; }

    void start(Stage stage, int cycle) { log({m_now, StageStarted{stage, cycle, 10}}); }
    void epoch(Stage stage, int cycle, int number, int of, const MetricTable& metrics = {}) {
        m_now += 1;
        log({m_now, EpochFinished{stage, cycle, number, of, metrics}});
    }
    void finish(Stage stage, int cycle, double seconds) {
        m_now += seconds;
        log({m_now, StageFinished{stage, cycle, seconds}});
        m_now += 1;
    }
    void stage(Stage which, int cycle, double seconds = 5) {
        start(which, cycle);
        finish(which, cycle, seconds);
    }
    void model(int cycle) { writeFile(m_run.model(cycle), emptyArchive()); }
    void sae(int cycle) { writeFile(m_run.sae(cycle), emptyArchive()); }
    void results(int cycle) { saveResults(m_run, cycle, metricsOf(0.9 + cycle / 100.0)); }
    void tokenizer() {
        createDirectories(m_run.tokenizer());
        writeFile(m_run.tokenizer() / "vocab.json", "{}");
        writeFile(m_run.tokenizer() / "merges.txt", "");
    }

    void prepare() {
        stage(Stage::Prepare, 0, 1);
        tokenizer();
    }
    void tune(int cycle) {
        if (cycle > 0)
            writeFile(m_run.targets(cycle), "targets");
        const Stage which = cycle == 0 ? Stage::Baseline : Stage::Auxiliary;
        start(which, cycle);
        epoch(which, cycle, 1, 1, {{"train_loss", 0.25}, {"validation_accuracy", 0.9}});
        model(cycle);
        finish(which, cycle, 20);
    }
    void extract(int cycle) {
        start(Stage::Extract, cycle);
        writeFile(m_run.activations(cycle), "activations");
        std::filesystem::remove(m_run.activations(cycle - 1));
        finish(Stage::Extract, cycle, 3);
    }
    void trainSae(int cycle) {
        start(Stage::Sae, cycle);
        epoch(Stage::Sae, cycle, 1, 2, {{"validation_mse", 0.3}, {"l0", 16}});
        epoch(Stage::Sae, cycle, 2, 2, {{"validation_mse", 0.2}, {"l0", 16}});
        sae(cycle);
        finish(Stage::Sae, cycle, 10);
    }
    void evaluate(int cycle) {
        start(Stage::Evaluate, cycle);
        results(cycle);
        log({m_now, CycleEvaluated{cycle, metricsOf(0.9 + cycle / 100.0)}});
        finish(Stage::Evaluate, cycle, 2);
        start(Stage::Features, cycle);
        writeIndex(m_run.features(cycle), cycle);
        finish(Stage::Features, cycle, 1);
    }
    void cycle(int number) {
        tune(number);
        extract(number);
        trainSae(number);
        evaluate(number);
    }
    void lastWord(const std::string& word, const std::string& command = "train_cycle") {
        writeFile(m_run.log(command), "2026-01-02 03:05:05.678 [" + word + "\n");
    }
    void log(const Event& event) { EventLog(m_run.metricsLog()).handle(event); }

private:
    RunDirectory m_run;
    double m_now = 1.7e9;
};

inline void writeCycles(const std::filesystem::path& root, int cycles) {
    CycleRun run(root, cycles);
    run.prepare();
    for (int cycle = 0; cycle < cycles; ++cycle)
        run.cycle(cycle);
    run.lastWord("info] done");
}

}  // namespace saeception::fixture
