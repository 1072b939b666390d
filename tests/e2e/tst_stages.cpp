// SPDX-License-Identifier: GPL-3.0-or-later
// The loop taken apart: each stage as a command of its own, what it says when something is missing, and runs
// that other programs made.
#include "base/files.h"
#include "cycle/run_directory.h"
#include "model/checkpoint.h"
#include "support/run_program.h"

#include <nlohmann/json.hpp>

#include <QTemporaryDir>
#include <QTest>

#include <map>

using namespace saeception;
using namespace saeception::fixture;
namespace fs = std::filesystem;

namespace {

/// The name of the first tensor that differs; empty when both checkpoints hold the same, bit for bit.
QString firstDifference(const fs::path& a, const fs::path& b) {
    const Checkpoint left = loadCheckpoint(a);
    const Checkpoint right = loadCheckpoint(b);
    if (left.state.size() != right.state.size())
        return QStringLiteral("the number of tensors");
    if (left.epoch != right.epoch)
        return QStringLiteral("epoch");
    for (std::size_t i = 0; i < left.state.size(); ++i)
        if (left.state[i].first != right.state[i].first ||
            !at::equal(left.state[i].second, right.state[i].second))
            return QString::fromStdString(left.state[i].first);
    return {};
}

/// Every file below `root` with its bytes.
std::map<std::string, std::string> contents(const fs::path& root) {
    std::map<std::string, std::string> files;
    for (const auto& entry : fs::recursive_directory_iterator(root))
        if (entry.is_regular_file())
            files[entry.path().lexically_relative(root).string()] = readFile(entry.path());
    return files;
}

}  // namespace

class TestStages : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    QString m_loop;   // a run of the whole loop
    QString m_alone;  // the same run, stage by stage

    QString path(const char* name) const { return m_folder.filePath(QLatin1String(name)); }
    static RunDirectory at(const QString& root) { return RunDirectory::at(root.toStdString()); }

private Q_SLOTS:
    void initTestCase() {
        m_loop = path("loop");
        m_alone = path("by hand");
        const Outcome outcome =
            run(tiny("train_cycle", {"cycle.max_cycles=1", "hydra.run.dir=" + m_loop}), m_folder.path());
        QVERIFY2(outcome.status == 0, qPrintable(outcome.err));
    }

    void stagesByHandMakeTheSameAsTheLoop() {
        Outcome outcome = run(tiny("train_baseline", {"hydra.run.dir=" + m_alone}), m_folder.path());
        for (const char* made : {"model_cycle_0_best.pt", "sae_cycle_0_best.pt", "results_cycle_0.json",
                                 "model_cycle_1_best.pt", "sae_cycle_1_best.pt", "results_cycle_1.json"}) {
            QVERIFY2(outcome.status == 0, qPrintable(outcome.err));
            QVERIFY2(outcome.err.isEmpty(), qPrintable(outcome.err));
            QVERIFY2(outcome.out.contains(QStringLiteral("Made %1\n").arg(made)), qPrintable(outcome.out));
            // Each command names the next one, ready to be pasted.
            outcome = paste(lineWith(outcome.out, "Next: ") + " threads=2", m_folder.path());
        }
        const RunDirectory loop = at(m_loop);
        const RunDirectory alone = at(m_alone);
        for (const int cycle : {0, 1}) {
            QCOMPARE(firstDifference(loop.model(cycle), alone.model(cycle)), QString());
            QCOMPARE(firstDifference(loop.sae(cycle), alone.sae(cycle)), QString());
            QCOMPARE(readFile(alone.resultsJson(cycle)), readFile(loop.resultsJson(cycle)));
            QVERIFY(fs::exists(alone.features(cycle)));
        }
        for (const char* log : {"train_baseline.log", "train_sae.log", "evaluate.log", "train_auxiliary.log"})
            QVERIFY2(fs::exists(alone.root() / log), log);
    }

    void theLoopGoesOnFromAnExistingRun() {
        const QString dir = path("continued");
        Outcome outcome =
            run(tiny("train_cycle", {"cycle.max_cycles=0", "hydra.run.dir=" + dir}), m_folder.path());
        QVERIFY2(outcome.status == 0, qPrintable(outcome.err));
        outcome = run({"train_cycle", "cycle.current=1", "cycle.max_cycles=1", "hydra.run.dir=" + dir},
                      m_folder.path());
        QVERIFY2(outcome.status == 0, qPrintable(outcome.err));
        QVERIFY2(outcome.out.contains("Cycle 0") && outcome.out.contains("Cycle 1"), qPrintable(outcome.out));
        QCOMPARE(firstDifference(at(m_loop).model(1), at(dir).model(1)), QString());
        QCOMPARE(firstDifference(at(m_loop).sae(1), at(dir).sae(1)), QString());
        const std::string config = readFile(at(dir).hydra() / "config.yaml");
        QVERIFY(config.find("hidden_size: 16") != std::string::npos);
        QVERIFY(config.find("current: 1") != std::string::npos);
    }

    void whatIsMissingIsNamedWithTheCommandThatMakesIt_data() {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QString>("words");
        const auto row = [](const char* name, const QStringList& arguments, const char* words) {
            QTest::newRow(name) << arguments << QString::fromLatin1(words);
        };
        row("no SAE", {"evaluate", "hydra.run.dir=RUN"},
            "sae_cycle_0_best.pt is missing in RUN|saeception train_sae cycle.current=0 hydra.run.dir=RUN");
        row("no SAE to sharpen", {"train_auxiliary", "hydra.run.dir=RUN"},
            "sae_cycle_0_best.pt is missing in RUN|saeception train_sae cycle.current=0");
        row("beyond what exists", {"train_sae", "cycle.current=3", "hydra.run.dir=RUN"},
            "model_cycle_3_best.pt is missing in RUN|sae_cycle_0_best.pt|train_sae cycle.current=0");
        row("loop beyond", {"train_cycle", "cycle.current=1", "cycle.max_cycles=1", "hydra.run.dir=RUN"},
            "sae_cycle_0_best.pt is missing in RUN|train_sae cycle.current=0");
        row("no run", {"train_sae", "hydra.run.dir=RUN/../nowhere"}, "there is no run in|nowhere");
        row("no run below", {"train_sae", "output_dir=RUN/../empty"},
            "there is no run below|empty|train_baseline");
        row("misspelt key without a run", {"train_sae", "output_dir=RUN/../empty", "sae.kk=3"},
            "Could not override 'sae.kk'");
        row("no record", {"train_sae", "hydra.run.dir=RUN/checkpoints"},
            "is not a run|.hydra/config.yaml|checkpoint_dir");
        row("no folder of checkpoints", {"train_sae", "checkpoint_dir=RUN/../nowhere"},
            "checkpoint_dir=|no such folder");
        row("layers", {"train_sae", "hydra.run.dir=RUN", "model.num_layers=3"},
            "model_cycle_0_best.pt|transformer.h.2.ln_1.weight|2 layers|model.num_layers=2");
        row("hidden size", {"train_sae", "hydra.run.dir=RUN", "model.hidden_size=32"},
            "model_cycle_0_best.pt|transformer.wte.weight|16]|32]|model.hidden_size=16");
        row("positions",
            {"train_sae", "hydra.run.dir=RUN", "model.max_positions=999", "dataset.max_length=500"},
            "model_cycle_0_best.pt|transformer.wpe.weight|[128, 16]|[500, 16]");
        row("classes",
            {"train_sae", "hydra.run.dir=RUN", "dataset.num_classes=3", "dataset.class_names=[a,b,c]",
             "dataset.format=tsv", "dataset.path=RUN/../data"},
            "model_cycle_0_best.pt|score.weight|[2, 16]|[3, 16]");
        row("misspelt key", {"train_sae", "hydra.run.dir=RUN", "sae.kk=3"}, "sae.kk");
    }
    void whatIsMissingIsNamedWithTheCommandThatMakesIt() {
        QFETCH(QStringList, arguments);
        QFETCH(QString, words);
        const QString dir = path("baseline only");
        const RunDirectory baseline = at(dir);
        if (!fs::exists(baseline.root())) {
            const Outcome made = run(tiny("train_baseline", {"hydra.run.dir=" + dir}), m_folder.path());
            QVERIFY2(made.status == 0, qPrintable(made.err));
            fs::create_directories(path("data").toStdString());
            std::string rows = "sentence\tlabel\n";
            for (int i = 0; i < 30; ++i)
                rows += "a fine film " + std::to_string(i) + "\t" + std::to_string(i % 3) + "\n";
            writeFile(path("data/train.tsv").toStdString(), rows);
        }
        const auto before = contents(baseline.root());
        arguments.replaceInStrings("RUN", dir);
        words.replace("hydra.run.dir=RUN", "'hydra.run.dir=" + dir + "'").replace("RUN", dir);
        const Outcome outcome = run(arguments, m_folder.path());
        QCOMPARE(outcome.status, 1);
        QVERIFY2(outcome.err.startsWith("saeception: ") && outcome.err.count(QLatin1Char('\n')) == 1,
                 qPrintable(outcome.err));
        for (const QString& word : words.split(QLatin1Char('|')))
            QVERIFY2(outcome.err.contains(word), qPrintable(outcome.err + " lacks " + word));
        // An existing run is left exactly as it was.
        QVERIFY(contents(baseline.root()) == before);
    }

    void aConfigurationIsShownBeforeThereIsARun() {
        QTemporaryDir empty;
        const Outcome outcome = run({"train_sae", "sae.k=7", "--cfg", "job"}, empty.path());
        QVERIFY2(outcome.status == 0 && outcome.out.contains("  k: 7\n"), qPrintable(outcome.err));
        QVERIFY2(outcome.err.contains("there is no run below"), qPrintable(outcome.err));
    }

    void whatEvaluateIsToldConcernsItAlone() {
        const QString dir = path("told");
        fs::copy(m_loop.toStdString(), dir.toStdString(), fs::copy_options::recursive);
        const std::string record = readFile(at(dir).hydra() / "config.yaml");
        for (int time = 0; time < 2; ++time) {
            const Outcome outcome =
                run({"evaluate", "+absorption=true", "dataset.limit=150", "hydra.run.dir=" + dir},
                    m_folder.path());
            QVERIFY2(outcome.status == 0, qPrintable(outcome.err));
            QCOMPARE(readFile(at(dir).hydra() / "config.yaml"), record);
            const std::string own = readFile(at(dir).hydra() / "evaluate" / "config.yaml");
            QVERIFY(own.find("limit: 150") != std::string::npos);
            QVERIFY(own.find("absorption: true") != std::string::npos);
        }
    }

    void anotherKThanTheAutoencodersOwnIsSaidToHaveNoEffect() {
        const QString dir = path("other k");
        fs::copy(m_loop.toStdString(), dir.toStdString(), fs::copy_options::recursive);
        const std::string results = readFile(at(dir).resultsJson(0));
        const Outcome outcome = run({"evaluate", "sae.k=3", "hydra.run.dir=" + dir}, m_folder.path());
        QVERIFY2(outcome.status == 0, qPrintable(outcome.err));
        QVERIFY2(
            (outcome.out + outcome.err).contains("was trained with k = 8, which is used; sae.k=3 has no"),
            qPrintable(outcome.out + outcome.err));
        QCOMPARE(readFile(at(dir).resultsJson(0)), results);
    }

    void oneCommandAtATimeWorksInARun() {
        const QString outputs = path("busy");
        const RunDirectory busy = at(outputs + "/second");
        for (const char* name : {"/first", "/second"}) {
            fs::create_directories(outputs.toStdString());
            fs::copy(m_loop.toStdString(), outputs.toStdString() + name, fs::copy_options::recursive);
        }
        const auto before = contents(busy.root());
        const RunLock lock(busy);
        Outcome outcome =
            run({"train_sae", "hydra.run.dir=" + QString::fromStdString(busy.root().string())}, outputs);
        QVERIFY2(outcome.status == 1 && outcome.err.count(QLatin1Char('\n')) == 1 &&
                     outcome.err.contains("busy/second is in use by another command"),
                 qPrintable(outcome.err));
        outcome = run({"train_sae", "output_dir=."}, outputs);
        QVERIFY2(outcome.status == 0 && outcome.out.contains("busy/first, the newest run"),
                 qPrintable(outcome.err + outcome.out));
        QVERIFY(contents(busy.root()) == before);
    }

    void damagedCheckpointsAreNamed_data() {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QString>("damage");
        for (const char* file : {"model_cycle_0_best.pt", "sae_cycle_0_best.pt"})
            for (const char* damage : {"cut", "text", "empty"})
                QTest::addRow("%s %s", file, damage) << QString::fromLatin1(file) << damage;
    }
    void damagedCheckpointsAreNamed() {
        QFETCH(QString, file);
        QFETCH(QString, damage);
        const QString dir = path("damaged");
        fs::remove_all(dir.toStdString());
        fs::copy(m_loop.toStdString(), dir.toStdString(), fs::copy_options::recursive);
        const fs::path victim = at(dir).checkpoints() / file.toStdString();
        const std::string bytes = readFile(victim);
        writeFile(victim, damage == "cut"    ? bytes.substr(0, bytes.size() / 2)
                          : damage == "text" ? "hello"
                                             : "");
        const Outcome outcome = run({"evaluate", "hydra.run.dir=" + dir}, m_folder.path());
        QCOMPARE(outcome.status, 1);
        QVERIFY2(outcome.err.contains(file) && outcome.err.count(QLatin1Char('\n')) == 1,
                 qPrintable(outcome.err));
        QVERIFY(fs::exists(at(dir).resultsJson(0)));
    }

    void theNewestRunThatHasWhatIsNeededIsTaken() {
        const QString outputs = path("outputs");
        for (const char* name : {"2024-01-01/10-00-00", "2024-01-02/10-00-00"}) {
            const fs::path root = outputs.toStdString() / fs::path(name);
            fs::create_directories(root.parent_path());
            fs::copy(m_loop.toStdString(), root, fs::copy_options::recursive);
        }
        fs::remove(outputs.toStdString() / fs::path("2024-01-02/10-00-00/checkpoints/sae_cycle_1_best.pt"));
        Outcome outcome = run({"evaluate", "cycle.current=1", "output_dir=" + outputs}, m_folder.path());
        QVERIFY2(outcome.status == 0, qPrintable(outcome.err));
        QVERIFY2(outcome.out.contains("2024-01-01/10-00-00, the newest run with model_cycle_1_best.pt and "
                                      "sae_cycle_1_best.pt"),
                 qPrintable(outcome.out));
        outcome =
            run({"train_sae", "cycle.current=1", "output_dir=" + outputs, "--cfg", "job"}, m_folder.path());
        QVERIFY2(outcome.status == 0 && outcome.out.contains("hidden_size: 16"), qPrintable(outcome.err));
        outcome = run({"evaluate", "cycle.current=2", "output_dir=" + outputs}, m_folder.path());
        QVERIFY2(
            outcome.status == 1 && outcome.err.contains("go on with: saeception train_sae cycle.current=1"),
            qPrintable(outcome.err));
    }

    void checkpointsOfAnotherRunServeAFreshOne() {
        const auto before = contents(at(m_loop).root());
        const QString dir = path("fresh");
        Outcome outcome = run({"train_sae", "sae.k=4", "sae.expansion_factor=2", "checkpoint_dir=" + m_loop,
                               "hydra.run.dir=" + dir},
                              m_folder.path());
        QVERIFY2(outcome.status == 0, qPrintable(outcome.err));
        QVERIFY(!fs::exists(at(dir).model(0)));
        // What the fresh run lacks is found again without naming it.
        outcome = run({"evaluate", "hydra.run.dir=" + dir}, m_folder.path());
        QVERIFY2(outcome.status == 0, qPrintable(outcome.err));
        QVERIFY(fs::exists(at(dir).resultsJson(0)));
        QVERIFY(contents(at(m_loop).root()) == before);
        // A folder that holds nothing but checkpoints tells no configuration: all of it is asked for.
        const QString plain = path("plain");
        fs::create_directories(plain.toStdString());
        fs::copy(at(m_loop).model(0), plain.toStdString() + "/model_cycle_0_best.pt");
        outcome = run(tiny("train_sae", {"checkpoint_dir=" + plain, "output_dir=" + path("plain outputs")}),
                      m_folder.path());
        QVERIFY2(outcome.status == 0, qPrintable(outcome.err));
        const QString made = lineWith(outcome.out, "Run folder: ");
        QVERIFY2(made.startsWith(path("plain outputs")), qPrintable(made));
        QCOMPARE(firstDifference(at(made).sae(0), at(m_loop).sae(0)), QString());
    }

    void whatAStageMakesStaleIsSaid() {
        const QString dir = path("retrained");
        fs::copy(m_loop.toStdString(), dir.toStdString(), fs::copy_options::recursive);
        const std::string results = readFile(at(dir).resultsJson(0));
        const auto lines = [&] {
            const std::string log = readFile(at(dir).metricsLog());
            return std::count(log.begin(), log.end(), '\n');
        };
        const auto linesBefore = lines();
        const Outcome outcome = run({"train_sae", "sae.k=4", "hydra.run.dir=" + dir}, m_folder.path());
        QVERIFY2(outcome.status == 0, qPrintable(outcome.err));
        QVERIFY2(lineWith(outcome.out, "warning: " + dir).endsWith(": sae.k=4 (was 8)"),
                 qPrintable(outcome.out));
        const QString warning = lineWith(outcome.out, "warning: results");
        for (const char* word :
             {"_cycle_0.json", "the feature index of cycle 0", "model_cycle_1_best.pt", "sae_cycle_1_best.pt",
              "results_cycle_1.json", "new sae_cycle_0_best.pt", "saeception evaluate cycle.current=0"})
            QVERIFY2(warning.contains(QLatin1String(word)), qPrintable(outcome.out));
        QVERIFY(firstDifference(at(dir).sae(0), at(m_loop).sae(0)) != QString());
        QCOMPARE(readFile(at(dir).resultsJson(0)), results);
        QVERIFY(lines() > linesBefore);
        QVERIFY(readFile(at(dir).hydra() / "overrides.yaml").find("sae.k=4") != std::string::npos);
        QVERIFY(readFile(at(dir).log("train_sae")).find("results_cycle_0.json") != std::string::npos);
    }

    void aRunOfThePythonReferenceOpensAndEvaluates() {
        const QString dir = path("reference");
        const RunDirectory reference = at(dir);
        fs::create_directories(reference.checkpoints());
        fs::create_directories(reference.hydra());
        for (const char* file : {"model_cycle_0_best.pt", "sae_cycle_0_best.pt"})
            fs::copy(fs::path(SAECEPTION_GOLDEN_DIR) / file, reference.checkpoints() / file);
        const std::string record =
            "wandb:\n  project: sae-ception\n  entity: null\n  mode: online\n"
            "seed: 42\ndevice: cuda\noutput_dir: ${hydra:runtime.output_dir}\n"
            "checkpoint_dir: ${output_dir}/checkpoints\ndata_cache_dir: ./data_cache\n"
            "start_from: baseline\ncache_dir: ./cache\nclear_cache: false\n"
            "cycle:\n  current: 0\n  max_cycles: 3\n  aux_loss_weight: 0.01\n"
            "dataset:\n  name: sst2\n  hf_path: glue\n  hf_name: sst2\n  num_classes: 2\n"
            "  text_column: sentence\n  label_column: label\n  batch_size: 32\n  max_length: 48\n"
            "  num_workers: 4\n  validation_split: 0.1\n"
            "model:\n  name: gpt2\n  hf_path: tiny/random\n  hidden_size: 48\n  target_layer: -1\n"
            "  learning_rate: 0.0001\n  weight_decay: 0.01\n  warmup_steps: 100\n  max_grad_norm: 1.0\n"
            "  epochs_per_cycle: 3\n  gradient_accumulation_steps: 1\n"
            "sae:\n  sae_type: topk\n  expansion_factor: 8\n  k: 10\n  aux_k_coef: 0.03125\n"
            "  token_level: true\n  learning_rate: 0.0001\n  batch_size: 64\n  epochs: 5\n"
            "  log_interval: 100\n  optimizer: adam\n  weight_decay: 0.0\n  dead_steps_threshold: 100\n"
            "  l1_penalty: 0.0\n  resample_interval: 500\n"
            "sharpening:\n  _target_: sae_ception.sharpening.per_class.PerClassSharpener\n"
            "  type: per_class\n  top_k_pct: 1.0\n";
        writeFile(reference.hydra() / "config.yaml", record);
        fs::create_directories(path("reviews").toStdString());
        std::string rows = "sentence\tlabel\n";
        for (int i = 0; i < 60; ++i)
            rows += (i % 2 == 0 ? "a warm and moving film , part " : "a dull and tired film , part ") +
                    std::to_string(i) + "\t" + std::to_string(1 - i % 2) + "\n";
        writeFile(path("reviews/train.tsv").toStdString(), rows);
        writeFile(path("reviews/dev.tsv").toStdString(), rows);

        // Words of an unknown tokenizer would mean nothing to the model.
        QStringList arguments = {"evaluate", "hydra.run.dir=" + dir, "dataset.path=" + path("reviews"),
                                 "threads=2", "evaluation.bootstrap_samples=20"};
        const Outcome unknown = run(arguments, m_folder.path());
        QVERIFY2(unknown.status == 1 && unknown.err.contains("model.tokenizer=DIR"), qPrintable(unknown.err));
        QCOMPARE(readFile(reference.hydra() / "config.yaml"), record);
        // The demo's tokenizer has 400 tokens, which fit into the 613 of the model.
        arguments << "model.tokenizer=" + m_loop + "/tokenizer";
        const Outcome outcome = run(arguments, m_folder.path());
        QVERIFY2(outcome.status == 0, qPrintable(outcome.err));
        const QString warning = lineWith(outcome.out, "warning: " + dir);
        for (const char* key : {"sae.optimizer", "sae.log_interval", "dataset.hf_name", "cache_dir",
                                "sharpening._target_", "wandb.project", "sae.dead_steps_threshold"})
            QVERIFY2(warning.contains(QLatin1String(key)), qPrintable(outcome.out));
        QVERIFY2(outcome.out.contains("model.num_heads=N"), qPrintable(outcome.out));
        const auto results = nlohmann::json::parse(readFile(reference.resultsJson(0)));
        QVERIFY(results.at("task_accuracy").is_number());
        QVERIFY(results.at("sae_l0").get<double>() > 0 && results.at("sae_l0").get<double>() <= 10);
        QVERIFY(fs::exists(reference.features(0)));
        QCOMPARE(readFile(reference.hydra() / "config.original.yaml"), record);
        const std::string config = readFile(reference.hydra() / "config.yaml");
        for (const char* line :
             {"hidden_size: 48", "num_layers: 3", "vocab_size: 613", "expansion_factor: 8"})
            QVERIFY2(config.find(line) != std::string::npos, line);

        // Afterwards it is a run like any other.
        const Outcome again = run({"evaluate", "hydra.run.dir=" + dir}, m_folder.path());
        QVERIFY2(again.status == 0 && !again.out.contains("warning: " + dir), qPrintable(again.out));
    }
};

QTEST_GUILESS_MAIN(TestStages)
#include "tst_stages.moc"
