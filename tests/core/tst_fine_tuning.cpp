// SPDX-License-Identifier: GPL-3.0-or-later
// What training must and must not change: baseline, frozen layers, the auxiliary loss, lambda 0,
// reproducibility.
#include "cycle/auxiliary_stage.h"
#include "cycle/baseline_stage.h"
#include "cycle/batch_tensors.h"
#include "cycle/extract_stage.h"
#include "cycle/fine_tuning.h"
#include "cycle/sae_stage.h"
#include "cycle/scalar_tags.h"
#include "model/checkpoint.h"
#include "model/pretrained.h"
#include "sharpening/sharpening.h"

#include <QTemporaryDir>
#include <QTest>

#include <numeric>
#include <optional>

using namespace saeception;

namespace {

ExperimentConfig tinyConfig() {
    ExperimentConfig config;
    config.seed = 7;
    config.dataset.name = "demo";
    config.dataset.format = "demo";
    config.dataset.limit = 256;
    config.dataset.maxLength = 32;
    config.model.vocabSize = 600;
    config.model.hiddenSize = 32;
    config.model.numLayers = 3;
    config.model.numHeads = 2;
    config.model.maxPositions = 32;
    config.model.epochsPerCycle = 2;
    config.model.warmupSteps = 2;
    config.sae.expansionFactor = 4;
    config.sae.k = 8;
    config.sae.auxK = 8;
    config.sae.batchSize = 256;
    config.sae.epochs = 1;
    return config;
}

class Recorder : public EventSink {
public:
    void handle(const Event& event) override {
        if (const auto* scalar = std::get_if<Scalar>(&event.body))
            scalars.push_back(*scalar);
    }
    std::vector<double> values(const std::string& tag) const {
        std::vector<double> result;
        for (const Scalar& scalar : scalars)
            if (scalar.tag == tag)
                result.push_back(scalar.value);
        return result;
    }
    std::vector<Scalar> scalars;
};

NamedTensors copyOf(const Gpt2Classifier& model) {
    NamedTensors copy;
    for (const auto& [name, tensor] : model.stateDict())
        copy.emplace_back(name, tensor.clone());
    return copy;
}

bool equalStates(const NamedTensors& a, const NamedTensors& b) {
    if (a.size() != b.size())
        return false;
    for (std::size_t i = 0; i < a.size(); ++i)
        if (a[i].first != b[i].first || !at::equal(a[i].second, b[i].second))
            return false;
    return true;
}

}  // namespace

class TestFineTuning : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_folder;
    ExperimentConfig m_config = tinyConfig();
    std::optional<RunDirectory> m_directory;
    Recorder m_events;
    std::optional<PreparedData> m_data;

    StageContext context() { return {m_config, *m_directory, m_events, {}}; }
    Gpt2Classifier freshModel() { return makeModel(m_config, m_data->tokenizer.vocabSize(), 3); }

private Q_SLOTS:
    void initTestCase() {
        at::set_num_threads(2);
        m_directory = RunDirectory::create("", m_folder.filePath("run").toStdString());
        m_data = prepareData(context());
    }
    void init() {
        m_config = tinyConfig();
        m_events.scalars.clear();
    }

    void plainFineTuningChangesEveryWeight() {
        Gpt2Classifier model = freshModel();
        const NamedTensors before = copyOf(model);
        FineTuningPlan plan;
        plan.seed = 1;
        plan.checkpoint = m_directory->model(0);
        fineTune(model, *m_data, plan, context());
        for (const auto& [name, tensor] : before)
            QVERIFY2(!at::equal(tensor, model.parameter(name)), name.c_str());
        QVERIFY(equalStates(copyOf(model), loadCheckpoint(plan.checkpoint).state));
    }

    void auxiliaryTrainingLeavesEarlierLayersAndFollowsTheTargets_data() {
        QTest::addColumn<QString>("loss");
        QTest::addColumn<double>("weight");
        QTest::newRow("cosine") << "cosine" << 5.0;
        QTest::newRow("mse") << "mse" << 500.0;  // of activations this small, a square is smaller still
    }
    void auxiliaryTrainingLeavesEarlierLayersAndFollowsTheTargets() {
        QFETCH(QString, loss);
        QFETCH(double, weight);
        m_config.cycle.auxLoss = loss.toStdString();
        m_config.cycle.auxLossWeight = weight;
        m_config.model.dropout = 0;
        m_config.model.epochsPerCycle = 3;
        Gpt2Classifier model = makeInitialModel(*m_data, context());
        trainBaseline(model, *m_data, context());
        const NamedTensors before = copyOf(model);
        const ActivationStore store = extractActivations(model, *m_data, 0, context());
        const std::unique_ptr<Autoencoder> sae = trainSae(store, 0, context());
        m_events.scalars.clear();
        trainAuxiliary(model, *sae, store, *m_data, 1, context());
        for (const auto& [name, tensor] : before) {
            const bool frozen =
                name.find(".wte.") != std::string::npos || name.find(".wpe.") != std::string::npos ||
                name.find(".h.0.") != std::string::npos || name.find(".h.1.") != std::string::npos;
            QVERIFY2(at::equal(tensor, model.parameter(name)) == frozen, name.c_str());
        }
        const std::vector<double> distances = m_events.values(tags::auxiliaryLossEpoch);
        QCOMPARE(distances.size(), std::size_t(3));
        QVERIFY(distances[1] < distances[0] && distances[2] < distances[1]);

        // The control: the same start and data order without the pull ends farther from the targets.
        const at::Tensor targets = loadTensor(SafetensorsFile::open(m_directory->targets(1)), "targets");
        const auto distanceOf = [&](const Gpt2Classifier& trained) {
            const ActivationStore after = extractActivations(trained, *m_data, 1, context());
            return auxiliaryLoss(auxiliaryLossNamed(m_config.cycle.auxLoss),
                                 after.sentenceActivations(SplitKind::Train), targets)
                .item<double>();
        };
        const double pulled = distanceOf(model);
        m_config.cycle.auxLossWeight = 0;
        model.loadStateDict(before, "before");
        trainAuxiliary(model, *sae, store, *m_data, 1, context());
        const double control = distanceOf(model);
        QVERIFY2(pulled < 0.7 * control, qPrintable(QString("%1 against %2").arg(pulled).arg(control)));
    }

    void lambdaZeroEqualsPlainFineTuningBitForBit_data() {
        QTest::addColumn<int>("block");
        QTest::newRow("last block") << 2;
        QTest::newRow("a middle block") << 1;
    }
    void lambdaZeroEqualsPlainFineTuningBitForBit() {
        QFETCH(int, block);
        std::vector<NamedTensors> results;
        for (const bool observed : {false, true}) {
            Gpt2Classifier model = freshModel();
            FineTuningPlan plan;
            plan.seed = 5;
            plan.checkpoint = m_directory->model(9);
            plan.firstTrainableBlock = block;
            if (observed)
                plan.auxiliary = AuxiliaryObjective{at::randn({m_data->train.rows(), 32}), 0, block};
            fineTune(model, *m_data, plan, context());
            results.push_back(copyOf(model));
        }
        QVERIFY(equalStates(results[0], results[1]));
    }

    void targetsFollowTheirExampleThroughAnyShuffle_data() {
        QTest::addColumn<int>("seed");
        for (const int seed : {1, 2, 3})
            QTest::addRow("order of seed %d", seed) << seed;
    }
    void targetsFollowTheirExampleThroughAnyShuffle() {
        QFETCH(int, seed);
        m_config.model.dropout = 0;
        m_config.model.epochsPerCycle = 1;
        m_config.model.learningRate =
            1e-12;  // the model stays as it is, so each distance is known beforehand
        const Gpt2Classifier model = freshModel();
        const at::Tensor own =
            extractActivations(model, *m_data, 4, context()).sentenceActivations(SplitKind::Train);
        m_config.seed = seed;
        const auto distanceTo = [&](const at::Tensor& targets) {
            Gpt2Classifier trained = freshModel();
            FineTuningPlan plan;
            plan.checkpoint = m_directory->model(5);
            plan.firstTrainableBlock = 2;
            plan.auxiliary = AuxiliaryObjective{targets, 1, 2, AuxiliaryLoss::Mse};
            m_events.scalars.clear();
            fineTune(trained, *m_data, plan, context());
            return m_events.values(tags::auxiliaryLossEpoch).front();
        };
        QVERIFY(distanceTo(own) < 1e-9);
        QVERIFY(distanceTo(own.roll(1, 0)) > 1e-4);
    }

    void theAuxiliaryLossReachesEveryWeightThatItShould_data() {
        QTest::addColumn<QString>("loss");
        QTest::newRow("cosine") << "cosine";
        QTest::newRow("mse") << "mse";
    }
    void theAuxiliaryLossReachesEveryWeightThatItShould() {
        QFETCH(QString, loss);
        constexpr std::int64_t block = 1;
        const at::Tensor targets = at::randn({m_data->train.rows(), 32});
        std::vector<std::int32_t> examples(24);
        std::iota(examples.begin(), examples.end(), 40);
        const auto gradients = [&](std::int64_t padTo) {
            Gpt2Classifier model = freshModel();
            model.freezeBelow(block);
            const BatchTensors batch =
                toTensors(collate(m_data->train, examples, m_data->tokenizer.endOfText(), padTo));
            auxiliaryLoss(auxiliaryLossNamed(loss.toStdString()),
                          model.sentenceActivations(batch.ids, batch.lengths, block),
                          targets.index_select(0, batch.examples))
                .backward();
            NamedTensors result;
            for (const auto& [name, tensor] : model.parameters())
                result.emplace_back(name, tensor.grad());
            return result;
        };
        const NamedTensors narrow = gradients(0);
        const NamedTensors wide = gradients(32);  // how far a batch is padded changes no result
        for (std::size_t i = 0; i < narrow.size(); ++i) {
            const auto& [name, gradient] = narrow[i];
            // Blocks before the target's are frozen, what comes after it has no part in the activation.
            const bool reached = name.find(".h.1.") != std::string::npos;
            QVERIFY2(gradient.defined() == reached, name.c_str());
            if (!reached)
                continue;
            QVERIFY2(gradient.norm().item<double>() > 0, name.c_str());
            QVERIFY2(at::allclose(gradient, wide[i].second, 1e-4, 1e-8), name.c_str());
        }
    }

    void theSameSeedGivesTheSameWeightsAndAnotherDoesNot() {
        std::vector<NamedTensors> results;
        for (const std::uint64_t seed : {1, 1, 2}) {
            Gpt2Classifier model = freshModel();
            FineTuningPlan plan;
            plan.seed = seed;
            plan.checkpoint = m_directory->model(8);
            fineTune(model, *m_data, plan, context());
            results.push_back(copyOf(model));
        }
        QVERIFY(equalStates(results[0], results[1]));
        QVERIFY(!equalStates(results[0], results[2]));
    }

    void gradientAccumulationEqualsOneLargerBatch() {
        m_config.model.dropout = 0;
        m_config.model.epochsPerCycle = 1;
        std::vector<NamedTensors> results;
        for (const int accumulation : {1, 4}) {
            m_config.dataset.batchSize = 256 / accumulation;
            m_config.model.gradientAccumulationSteps = accumulation;
            Gpt2Classifier model = freshModel();
            FineTuningPlan plan;
            plan.checkpoint = m_directory->model(7);
            fineTune(model, *m_data, plan, context());
            results.push_back(copyOf(model));
        }
        // All 256 sentences make one optimiser step either way, at learning rate factor 0 or 1 alike.
        for (std::size_t i = 0; i < results[0].size(); ++i)
            QVERIFY2(at::allclose(results[0][i].second, results[1][i].second, 1e-3, 1e-5),
                     results[0][i].first.c_str());
    }

    void aStopLeavesNoHalfWrittenFile() {
        std::stop_source source;
        source.request_stop();
        Gpt2Classifier model = freshModel();
        FineTuningPlan plan;
        plan.checkpoint = m_directory->model(6);
        const StageContext stopped{m_config, *m_directory, m_events, source.get_token()};
        QVERIFY_THROWS_EXCEPTION(Cancelled, fineTune(model, *m_data, plan, stopped));
        QVERIFY(!std::filesystem::exists(plan.checkpoint));
    }

    void storedActivationsAreTheModelsOwn() {
        const Gpt2Classifier model = freshModel();
        const ActivationStore store = extractActivations(model, *m_data, 5, context());
        const at::NoGradGuard noGrad;
        const TokenizedSplit& split = m_data->train;
        for (const std::int64_t row : {0L, 17L, 200L}) {
            const std::vector<std::int64_t> ids(split.row(row).begin(), split.row(row).end());
            const auto length = static_cast<std::int64_t>(ids.size());
            const at::Tensor batch = at::tensor(ids, at::kLong).view({1, length});
            const at::Tensor stream = model.runBlocks(model.embed(batch), 0, 3)[0];
            const std::int64_t first = split.offsets[static_cast<std::size_t>(row)];
            QVERIFY(at::allclose(store.activations(SplitKind::Train).narrow(0, first, length), stream, 1e-4,
                                 1e-5));
            QVERIFY(at::allclose(store.sentenceActivations(SplitKind::Train)[row], stream[length - 1], 1e-4,
                                 1e-5));
            const at::Tensor logits = model.logits(batch, at::full({1}, length, at::kLong))[0];
            QVERIFY(at::allclose(store.logits(SplitKind::Train)[row], logits, 1e-4, 1e-5));
        }
    }

    void saeRowsAreRealTokensWithoutTheFirst() {
        TokenizedSplit split;
        split.ids = {1, 2, 3, 4, 5, 6};
        split.offsets = {0, 3, 4, 6};
        split.labels = {0, 1, 0};
        QCOMPARE(saeRows(split, true, true), (std::vector<std::int64_t>{1, 2, 3, 5}));
        QCOMPARE(saeRows(split, true, false), (std::vector<std::int64_t>{0, 1, 2, 3, 4, 5}));
        QCOMPARE(saeRows(split, false, true), (std::vector<std::int64_t>{2, 3, 5}));
    }
};

QTEST_GUILESS_MAIN(TestFineTuning)
#include "tst_fine_tuning.moc"
