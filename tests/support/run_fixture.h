// SPDX-License-Identifier: GPL-3.0-or-later
// Small run folders as a finished loop leaves them, for tests of what reads runs.
#pragma once

#include "base/files.h"
#include "config/compose.h"
#include "cycle/event_log.h"
#include "cycle/results_file.h"
#include "cycle/run_directory.h"
#include "support/feature_fixture.h"

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace saeception::fixture {

struct RunSpec {
    int cycles = 2;  ///< evaluated, each with checkpoints, results and features
    int cyclesAsked = 2;
    double firstAccuracy = 0.9;  ///< cycle n has firstAccuracy + n / 100
    std::string experiment = "demo";
    std::string model = "gpt2_demo";
    std::string dataset = "demo";
    std::string version = SAECEPTION_VERSION;
    std::string lastWord = "[info] done";  ///< of the log; empty: it breaks off
    int k = 16;                            ///< sae.k
    bool features = true;
};

/// The metrics of one cycle, with an interval around the accuracy.
inline MetricTable metricsOf(double accuracy, double l0 = 16) {
    return {{"task_accuracy", accuracy},
            {"task_accuracy_ci_low", accuracy - 0.008},
            {"task_accuracy_ci_high", accuracy + 0.008},
            {"task_loss", 1 - accuracy},
            {"sae_explained_variance", 0.75 + accuracy / 10},
            {"sae_l0", l0},
            {"sae_dead_pct", 12.5}};
}

inline void appendTo(const std::filesystem::path& file, const std::string& text) {
    std::ofstream(file, std::ios::app) << text;
}

/// What torch.save leaves, as far as a look from outside tells: a zip archive without entries.
inline std::string emptyArchive() {
    return std::string("PK\3\4") + std::string(26, '\0') + std::string("PK\5\6") + std::string(18, '\0');
}

inline void writeHydra(const std::filesystem::path& root, const RunSpec& spec) {
    createDirectories(root / ".hydra");
    nlohmann::ordered_json config;
    config["seed"] = 42;
    config["cycle"]["max_cycles"] = spec.cyclesAsked - 1;
    config["model"]["name"] = spec.model;
    config["dataset"]["name"] = spec.dataset;
    config["sae"]["k"] = spec.k;
    writeFile(root / ".hydra" / "config.yaml", toYaml(config));
    nlohmann::ordered_json hydra;
    hydra["hydra"]["job"]["name"] = "train_cycle";
    hydra["hydra"]["runtime"]["version"] = spec.version;
    hydra["hydra"]["runtime"]["output_dir"] = root.string();
    if (!spec.experiment.empty())
        hydra["hydra"]["runtime"]["choices"]["experiment"] = spec.experiment;
    writeFile(root / ".hydra" / "hydra.yaml", toYaml(hydra));
}

inline void writeFinishedRun(const std::filesystem::path& root, const RunSpec& spec = {}) {
    writeHydra(root, spec);
    const RunDirectory run = RunDirectory::at(root);
    createDirectories(run.checkpoints());
    EventLog log(run.metricsLog());
    for (int cycle = 0; cycle < spec.cycles; ++cycle) {
        const MetricTable metrics = metricsOf(spec.firstAccuracy + cycle / 100.0, spec.k);
        log.handle({1.7e9 + cycle, Scalar{Stage::Baseline, cycle, "train/loss", 1, 0.5}});
        log.handle({1.7e9 + cycle, CycleEvaluated{cycle, metrics}});
        writeFile(run.model(cycle), emptyArchive());
        writeFile(run.sae(cycle), emptyArchive());
        saveResults(run, cycle, metrics);
        if (spec.features)
            writeIndex(run.features(cycle), cycle);
    }
    std::string words = "2026-01-02 03:04:05.678 [info] cycle 0: Preparing data\n";
    if (!spec.lastWord.empty())
        words += "2026-01-02 03:05:05.678 " + spec.lastWord + "\n";
    writeFile(run.log("train_cycle"), words);
}

}  // namespace saeception::fixture
