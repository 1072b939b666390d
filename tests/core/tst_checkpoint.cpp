// SPDX-License-Identifier: GPL-3.0-or-later
// Checkpoints, ours and Python's, as models: what model.init reads, and a run's classifier rebuilt.
#include "base/error.h"
#include "model/checkpoint.h"
#include "model/gpt2.h"
#include "model/pretrained.h"
#include "support/expect_error.h"
#include "support/golden.h"

#include <QTemporaryDir>
#include <QTest>

#include <limits>

using namespace saeception;
using namespace saeception::test;

namespace {

ExperimentConfig initFrom(const std::filesystem::path& path) {
    ExperimentConfig config;
    config.model.init = path.string();
    config.model.numHeads = 4;
    config.model.dropout = 0;
    return config;
}

}  // namespace

class TestCheckpoint : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_folder;
    std::filesystem::path file(const char* name) const { return m_folder.filePath(name).toStdString(); }

    double goldenLogitsError(const Gpt2Classifier& model) const {
        const SafetensorsFile expected = golden("gpt2_tiny_expected.safetensors");
        return maxRelativeError(
            model.logits(loadTensor(expected, "input_ids"), loadTensor(expected, "attention_mask").sum(1)),
            loadTensor(expected, "logits"));
    }

private Q_SLOTS:
    void factsAreReadWithoutTheTensors() {
        const PtDict facts = checkpointFacts(goldenPath("model_cycle_0_best.pt"));
        const Checkpoint whole = loadCheckpoint(goldenPath("model_cycle_0_best.pt"));
        QCOMPARE(facts.size(), whole.extra.size());
        QCOMPARE(find(facts, "val_accuracy")->number(-1), 0.875);
        const PtValue outline = loadPtOutline(goldenPath("model_cycle_0_best.pt"));
        const PtDict& state = *find(*outline.get<PtDict>(), "model_state_dict")->get<PtDict>();
        QCOMPARE(state.size(), whole.state.size());
        for (std::size_t i = 0; i < state.size(); ++i) {
            const at::Tensor& tensor = *state[i].second.get<at::Tensor>();
            QVERIFY(tensor.is_meta());
            QVERIFY(tensor.sizes() == whole.state[i].second.sizes());
        }
    }

    void pythonsModelCheckpointGivesTheSameLogits() {
        const Checkpoint checkpoint = loadCheckpoint(goldenPath("model_cycle_0_best.pt"));
        QCOMPARE(checkpoint.epoch, std::int64_t(2));
        QCOMPARE(find(checkpoint.extra, "val_accuracy")->number(-1), 0.875);
        QCOMPARE(find(checkpoint.extra, "val_loss")->number(-1), 0.31);
        Gpt2Classifier model({613, 48, 48, 3, 4, 2, 1e-5, 0}, 1);
        model.loadStateDict(checkpoint.state, "model_cycle_0_best.pt");
        QVERIFY(goldenLogitsError(model) < 1e-4);
    }

    void pythonsSaeCheckpointReads() {
        const Checkpoint checkpoint = loadCheckpoint(goldenPath("sae_cycle_0_best.pt"));
        QCOMPARE(checkpoint.state.size(), std::size_t(5));
        for (const auto& [name, tensor] : checkpoint.state) {
            QVERIFY(tensor.is_contiguous() || name == "decoder.weight");
            if (name == "encoder.weight")
                QCOMPARE(tensor.sizes().vec(), (std::vector<std::int64_t>{384, 48}));
            if (name == "decoder.weight")
                QCOMPARE(tensor.sizes().vec(), (std::vector<std::int64_t>{48, 384}));
            if (name == "stats_last_nonzero")
                QVERIFY(tensor.scalar_type() == at::kLong);
        }
        QCOMPARE(find(checkpoint.extra, "val_l0_norm")->number(-1), 10.0);
    }

    void otherFilesAreNoCheckpoints() {
        savePt(file("number.pt"), 3);
        QCOMPARE(missingFrom(errorOf([&] { (void)loadCheckpoint(file("number.pt")); }),
                             "number.pt|not a checkpoint|model_state_dict"),
                 QString());
        savePt(file("text.pt"), PtDict{{"model_state_dict", "none"}});
        QCOMPARE(
            missingFrom(errorOf([&] { (void)loadCheckpoint(file("text.pt")); }), "not a dict of tensors"),
            QString());
        savePt(file("empty.pt"), PtDict{{"model_state_dict", PtDict()}});
        QCOMPARE(missingFrom(errorOf([&] { (void)loadCheckpoint(file("empty.pt")); }), "holds no tensors"),
                 QString());
    }

    void modelInitReadsSafetensorsFilesAndFolders() {
        const Gpt2Classifier fromFile = makeModel(initFrom(goldenPath("gpt2_tiny.safetensors")), 613, 1);
        QVERIFY(goldenLogitsError(fromFile) < 1e-4);
        const std::filesystem::path folder = file("hub");
        createDirectories(folder);
        std::filesystem::copy_file(goldenPath("gpt2_tiny.safetensors"), folder / "model.safetensors");
        const std::string missing = errorOf([&] { (void)makeModel(initFrom(folder), 613, 1); });
        QVERIFY2(missing.find("config.json") != std::string::npos, missing.c_str());
        std::filesystem::copy_file(goldenPath("gpt2_tiny.config.json"), folder / "config.json");
        QVERIFY(goldenLogitsError(makeModel(initFrom(folder), 613, 1)) < 1e-4);
    }

    void modelInitReadsPythonsCheckpoints() {
        QVERIFY(goldenLogitsError(makeModel(initFrom(goldenPath("model_cycle_0_best.pt")), 613, 1)) < 1e-4);
    }

    void modelInitDrawsAMissingHead() {
        NamedTensors state;
        for (const auto& [name, tensor] : loadTensors(golden("gpt2_tiny.safetensors")))
            if (name != "score.weight")
                state.emplace_back(name, tensor);
        saveTensors(file("headless.safetensors"), state);
        std::filesystem::copy_file(goldenPath("gpt2_tiny.config.json"), file("headless.config.json"));
        ExperimentConfig config = initFrom(file("headless.safetensors"));
        config.dataset.numClasses = 5;
        const Gpt2Classifier model = makeModel(config, 613, 1);
        QCOMPARE(model.parameter("score.weight").size(0), std::int64_t(5));
        QVERIFY(model.parameter("score.weight").abs().sum().item<double>() > 0);
    }

    void modelInitNamesWhatDisagrees() {
        const auto error = [&](const ExperimentConfig& config, int vocabulary) {
            return errorOf([&] { (void)makeModel(config, vocabulary, 1); });
        };
        ExperimentConfig config = initFrom(goldenPath("gpt2_tiny.safetensors"));
        std::string message = error(config, 700);
        QVERIFY2(message.find("613") != std::string::npos && message.find("700") != std::string::npos,
                 message.c_str());
        config.dataset.numClasses = 3;
        message = error(config, 613);
        QVERIFY2(message.find("score.weight") != std::string::npos &&
                     message.find("[2, 48]") != std::string::npos &&
                     message.find("[3, 48]") != std::string::npos,
                 message.c_str());
        message = error(initFrom(file("nowhere.safetensors")), 613);
        QVERIFY2(message.find("nowhere.safetensors") != std::string::npos, message.c_str());
        // The file says two layers fewer than it holds.
        nlohmann::json json = goldenJson("gpt2_tiny.config.json");
        json["n_layer"] = 1;
        std::filesystem::copy_file(goldenPath("gpt2_tiny.safetensors"), file("lying.safetensors"));
        writeFile(file("lying.config.json"), json.dump());
        message = error(initFrom(file("lying.safetensors")), 613);
        QVERIFY2(message.find("transformer.h.1.") != std::string::npos, message.c_str());
        json["n_layer"] = "three";
        writeFile(file("lying.config.json"), json.dump());
        message = error(initFrom(file("lying.safetensors")), 613);
        QVERIFY2(message.find("n_layer") != std::string::npos, message.c_str());
        json = goldenJson("gpt2_tiny.config.json");
        json["model_type"] = "gpt_neox";
        writeFile(file("lying.config.json"), json.dump());
        QVERIFY(error(initFrom(file("lying.safetensors")), 613).find("gpt_neox") != std::string::npos);
    }

    void classifiersAreRebuiltFromTheirTensors() {
        ExperimentConfig config;
        config.model.hiddenSize = 48;
        config.model.dropout = 0;
        const Gpt2Classifier model = loadClassifier(goldenPath("model_cycle_0_best.pt"), config);
        QVERIFY(goldenLogitsError(model) < 1e-4);
        QCOMPARE(model.config().numLayers, std::int64_t(3));
        QCOMPARE(model.config().vocabSize, std::int64_t(613));
        QCOMPARE(model.config().maxPositions, std::int64_t(48));
    }

    void headsOfASavedClassifierComeFromTheBestSource() {
        Checkpoint checkpoint = loadCheckpoint(goldenPath("model_cycle_0_best.pt"));
        ExperimentConfig config;
        config.model.hiddenSize = 48;
        config.model.numHeads = 3;
        saveCheckpoint(file("plain.pt"), checkpoint);
        QCOMPARE(loadClassifier(file("plain.pt"), config).config().numHeads, std::int64_t(3));
        config.model.init = goldenPath("gpt2_tiny.safetensors").string();  // its config.json says 4
        QCOMPARE(loadClassifier(file("plain.pt"), config).config().numHeads, std::int64_t(4));
        checkpoint.extra.emplace_back("num_heads", 6);
        checkpoint.extra.emplace_back("layer_norm_epsilon", 1e-3);
        saveCheckpoint(file("told.pt"), checkpoint);
        QCOMPARE(loadClassifier(file("told.pt"), config).config().numHeads, std::int64_t(6));
        QCOMPARE(loadClassifier(file("told.pt"), config).config().layerNormEpsilon, 1e-3);

        const auto told = [&](const char* key, PtValue value) {
            Checkpoint changed = checkpoint;
            changed.extra = {{key, std::move(value)}};
            saveCheckpoint(file("wrong.pt"), changed);
            return errorOf([&] { (void)loadClassifier(file("wrong.pt"), config); });
        };
        constexpr double infinite = std::numeric_limits<double>::infinity();
        for (const double epsilon : {0.0, -1e-5, infinite, std::numeric_limits<double>::quiet_NaN()})
            QCOMPARE(missingFrom(told("layer_norm_epsilon", epsilon), "wrong.pt|'layer_norm_epsilon'"),
                     QString());
        QCOMPARE(missingFrom(told("layer_norm_epsilon", "small"), "wrong.pt|'layer_norm_epsilon'"),
                 QString());
        for (const double heads : {0.0, -4.0, 2.5, 5.0, 96.0, 1e300, infinite, -infinite})
            QCOMPARE(missingFrom(told("num_heads", heads), "wrong.pt|'num_heads'|hidden size 48"), QString());
        QCOMPARE(told("num_heads", 4.0), std::string());

        // A run of the Python reference says nothing but "gpt2".
        Gpt2Classifier published({20, 8, 128, 2, 2, 2, 1e-5, 0}, 1);
        saveCheckpoint(file("published.pt"), {1, published.stateDict(), {}});
        ExperimentConfig python;
        python.model.hiddenSize = 768;
        python.model.hfPath = "openai-community/gpt2";
        QCOMPARE(loadClassifier(file("published.pt"), python).config().numHeads, std::int64_t(2));
    }

    void savedClassifiersThatDoNotFitAreNamed() {
        const auto error = [&](const ExperimentConfig& config) {
            return errorOf([&] { (void)loadClassifier(goldenPath("model_cycle_0_best.pt"), config); });
        };
        ExperimentConfig config;
        config.model.hiddenSize = 64;
        QCOMPARE(missingFrom(error(config), "model_cycle_0_best.pt|wte.weight|[613, 48]|[613, 64]"),
                 QString());
        config.model.hiddenSize = 48;
        config.model.numHeads = 5;
        QCOMPARE(missingFrom(error(config), "model.num_heads=5"), QString());
        config.model.numHeads = 4;
        config.dataset.numClasses = 3;
        QCOMPARE(missingFrom(error(config), "score.weight|[2, 48]|[3, 48]|dataset.num_classes"), QString());
        const std::string sae =
            errorOf([&] { (void)loadClassifier(goldenPath("sae_cycle_0_best.pt"), config); });
        QCOMPARE(missingFrom(sae, "sae_cycle_0_best.pt|holds no GPT-2 weights"), QString());
    }

    void namesOfWrappedModulesLoad_data() {
        QTest::addColumn<QString>("prefix");
        for (const char* prefix : {"", "transformer.", "module.transformer.", "_orig_mod.transformer.",
                                   "module._orig_mod.transformer.", "_orig_mod.module."})
            QTest::newRow(prefix[0] == 0 ? "bare" : prefix) << prefix;
    }
    void namesOfWrappedModulesLoad() {
        QFETCH(QString, prefix);
        const std::string before = prefix.toStdString();
        const std::string outer = before.substr(0, before.find("transformer."));
        NamedTensors state;
        for (const auto& [name, tensor] : loadTensors(golden("gpt2_tiny.safetensors"))) {
            const bool inner = name.starts_with("transformer.");
            state.emplace_back(inner ? before + name.substr(12) : outer + name, tensor);
        }
        state.emplace_back(before + "h.0.attn.bias", at::ones({1, 1, 48, 48}, at::TensorOptions(at::kByte)));
        state.emplace_back(before + "h.0.attn.masked_bias", at::full({}, -1e4));
        saveCheckpoint(file("wrapped.pt"), {1, state, {}});
        ExperimentConfig config;
        config.model.hiddenSize = 48;
        config.model.dropout = 0;
        QVERIFY(goldenLogitsError(loadClassifier(file("wrapped.pt"), config)) < 1e-4);
    }

    void randomInitTakesTheTokenizersVocabulary() {
        ExperimentConfig config;
        config.model.hiddenSize = 16;
        config.model.numHeads = 2;
        config.model.numLayers = 2;
        const Gpt2Classifier model = makeModel(config, 300, 5);
        QCOMPARE(model.parameter("transformer.wte.weight").size(0), std::int64_t(300));
        QCOMPARE(model.config().numLayers, std::int64_t(2));
    }
};

QTEST_GUILESS_MAIN(TestCheckpoint)
#include "tst_checkpoint.moc"
