// SPDX-License-Identifier: GPL-3.0-or-later
// The feature index of a real run: every number and list as a recount from checkpoints and activations gives
// them.
#include "cycle/activation_store.h"
#include "cycle/auxiliary_stage.h"
#include "cycle/cycle_features.h"
#include "cycle/cycle_runner.h"
#include "cycle/feature_supplement.h"
#include "cycle/results_file.h"
#include "cycle/stage_commands.h"
#include "data/dataset.h"
#include "model/checkpoint.h"
#include "model/pretrained.h"
#include "support/expect_error.h"
#include "support/index_recount.h"
#include "support/tiny_loop.h"

#include <QTemporaryDir>
#include <QTest>

#include <memory>
#include <optional>

using namespace saeception;
using namespace saeception::fixture;
namespace fs = std::filesystem;

namespace {

constexpr int lastCycle = 1;

struct Loaded {
    ExperimentConfig config;
    Dataset dataset;
    Tokenizer tokenizer;
    TokenizedSplit train;
    TokenizedSplit validation;
    Gpt2Classifier model;
    std::unique_ptr<Autoencoder> sae;
    std::int64_t block = 0;
    std::optional<ActivationStore> opened = {};  ///< points to the splits

    const ActivationStore& store() const { return *opened; }
};

std::unique_ptr<Loaded> load(const fs::path& root, const std::vector<std::string>& overrides) {
    const RunDirectory run = RunDirectory::at(root);
    ExperimentConfig config = tinyLoop(root.string() + "-again", overrides).composition.config;
    Dataset dataset = loadDataset(config);
    Tokenizer tokenizer = Tokenizer::load(run.tokenizer());
    TokenizedSplit train = tokenizeSplit(dataset.train, tokenizer, config.dataset.maxLength);
    TokenizedSplit validation = tokenizeSplit(dataset.validation, tokenizer, config.dataset.maxLength);
    Gpt2Classifier model = loadClassifier(run.model(lastCycle), config);
    const Checkpoint checkpoint = loadCheckpoint(run.sae(lastCycle));
    auto sae = loadAutoencoder(checkpoint, config.sae, config.model.hiddenSize, "sae");
    const std::int64_t block = model.resolveLayer(config.model.targetLayer);
    auto loaded = std::make_unique<Loaded>(Loaded{std::move(config), std::move(dataset), std::move(tokenizer),
                                                  std::move(train), std::move(validation), std::move(model),
                                                  std::move(sae), block});
    loaded->opened.emplace(run.activations(lastCycle), loaded->train, loaded->validation);
    return loaded;
}

void addSentences(std::vector<PlainSentence>& sentences, const Loaded& of, SplitKind kind) {
    const TokenizedSplit& split = kind == SplitKind::Train ? of.train : of.validation;
    const std::vector<std::int64_t> rows =
        saeRows(split, of.config.sae.tokenLevel, of.config.sae.skipFirstToken);
    const auto features = static_cast<std::size_t>(of.sae->features());
    std::vector<std::vector<float>> activations;
    std::vector<std::vector<float>> margins;
    const auto addMargins = [&](const at::Tensor& preActivations, std::int64_t first,
                                const SparseCode& soFar) {
        for (std::int64_t i = 0; i < preActivations.size(0); ++i) {
            margins.emplace_back(features);
            for (std::size_t f = 0; f < features; ++f) {
                const float threshold = of.sae->ownThresholds().empty()
                                            ? of.sae->rowThreshold(soFar.row(first + i))
                                            : of.sae->ownThresholds()[f];
                margins.back()[f] =
                    preActivations.data_ptr<float>()[static_cast<std::size_t>(i) * features + f] - threshold;
            }
        }
    };
    for (std::int64_t first = 0, encoded = 0; first < split.rows(); first = endOfBlock(split, first)) {
        const std::int64_t end = split.offsets[static_cast<std::size_t>(endOfBlock(split, first))];
        std::vector<std::int64_t> own;
        for (; encoded < static_cast<std::int64_t>(rows.size()) &&
               rows[static_cast<std::size_t>(encoded)] < end;
             ++encoded)
            own.push_back(rows[static_cast<std::size_t>(encoded)]);
        const SparseCode code = of.sae->encode(
            of.store().activations(kind).index_select(0, at::tensor(own, at::kLong)), addMargins);
        for (std::int64_t r = 0; r < code.rows(); ++r) {
            activations.emplace_back(features);
            const SparseCode::Row row = code.row(r);
            for (std::size_t e = 0; e < row.size(); ++e)
                activations.back()[static_cast<std::size_t>(row.columns[e])] = row.values[e];
        }
    }
    std::size_t row = 0;
    for (std::int64_t s = 0; s < split.rows(); ++s) {
        PlainSentence plain;
        plain.example = s;
        plain.split = kind;
        plain.label = split.labels[static_cast<std::size_t>(s)];
        const at::Tensor logits = of.store().logits(kind)[s];
        plain.logits.assign(logits.data_ptr<float>(), logits.data_ptr<float>() + logits.numel());
        plain.tokens.assign(split.row(s).begin(), split.row(s).end());
        while (row < rows.size() && rows[row] < split.offsets[static_cast<std::size_t>(s) + 1]) {
            if (plain.activations.empty())
                plain.firstToken = static_cast<int>(rows[row] - split.offsets[static_cast<std::size_t>(s)]);
            plain.activations.push_back(activations[row]);
            plain.margins.push_back(margins[row]);
            ++row;
        }
        sentences.push_back(std::move(plain));
    }
}

std::vector<std::vector<double>> decoderRows(const Loaded& of) {
    const at::Tensor decoder = of.sae->parameter("decoder.weight").value.to(at::kDouble);
    std::vector<std::vector<double>> rows;
    for (std::int64_t f = 0; f < decoder.size(0); ++f) {
        const at::Tensor row = decoder[f].contiguous();
        rows.emplace_back(row.data_ptr<double>(), row.data_ptr<double>() + row.numel());
    }
    return rows;
}

double dot(const std::vector<double>& a, const std::vector<double>& b) {
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i)
        sum += a[i] * b[i];
    return sum;
}

bool near(double actual, double expected, double tolerance = 2e-4) {
    return std::abs(actual - expected) <= tolerance * std::max(1e-2, std::abs(expected));
}

}  // namespace

class TestIndexRun : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;

    fs::path path(const char* name) const { return m_folder.filePath(QLatin1String(name)).toStdString(); }
    void makeRun(const fs::path& root, const std::vector<std::string>& overrides) const {
        Recorder events;
        CycleRunner(tinyLoop(root, overrides)).run(events, {});
    }

private Q_SLOTS:
    void initTestCase() {
        at::set_num_threads(1);
        makeRun(path("topk"), {});
    }

    void equalsARecount_data() {
        QTest::addColumn<QStringList>("overrides");
        QTest::newRow("topk") << QStringList();
        QTest::newRow("jumprelu") << QStringList{"sae=jumprelu"};
        QTest::newRow("batch_topk-last-layer") << QStringList{"sae=batch_topk", "model.target_layer=-1"};
        QTest::newRow("l1-sentences-alone") << QStringList{"sae=l1", "sae.token_level=false"};
        QTest::newRow("first-tokens-too") << QStringList{"sae.skip_first_token=false"};
    }
    void equalsARecount() {
        QFETCH(QStringList, overrides);
        std::vector<std::string> words;
        for (const QString& word : overrides)
            words.push_back(word.toStdString());
        const fs::path root = path(QTest::currentDataTag());
        if (!words.empty())  // else it has been made
            makeRun(root, words);
        const std::unique_ptr<Loaded> loaded = load(root, words);
        const Loaded& run = *loaded;
        const FeatureIndex index = openCycleFeatures(RunDirectory::at(root), lastCycle);
        std::vector<PlainSentence> sentences;
        addSentences(sentences, run, SplitKind::Train);
        addSentences(sentences, run, SplitKind::Validation);
        const std::string difference = IndexRecount(index, sentences).difference();
        QVERIFY2(difference.empty(), difference.c_str());

        compareEffects(index, run);
        compareNeighbours(index, run);
        compareConcepts(index, run, sentences);
        for (int f = 0; f < index.featureCount(); ++f)
            for (std::size_t axis = 0; axis < 2; ++axis) {
                const float place = index.positions()[2 * static_cast<std::size_t>(f) + axis];
                QCOMPARE(std::isnan(place), !index.isAlive(f));
                QVERIFY(!index.isAlive(f) || std::abs(place) <= 1.0F);
            }
    }

    void theBestFeaturesOfConceptsAreThoseOfTheEvaluation() {
        const RunDirectory run = RunDirectory::at(path("topk"));
        const FeatureIndex index = openCycleFeatures(run, lastCycle);
        const MetricTable results = loadResults(run, lastCycle);
        int compared = 0;
        for (const ConceptMatch& best : index.bestForConcepts()) {
            const std::string key =
                "sae_concept_" + index.conceptNames()[static_cast<std::size_t>(best.conceptId)];
            const double f1 = metric(results, key + "_f1");
            if (std::isnan(f1))
                continue;
            QVERIFY(near(best.f1, f1, 1e-9));
            const double auroc = metric(results, key + "_auroc");
            // The evaluation encodes in other blocks: nearly equal activations may change places.
            QVERIFY(std::isnan(auroc) ? std::isnan(best.auroc) : near(best.auroc, auroc, 1e-4));
            ++compared;
        }
        QVERIFY(compared > 5);
    }

    void tellsHowItsModelWasMade() {
        const RunDirectory run = RunDirectory::at(path("topk"));
        QVERIFY(openCycleFeatures(run, 0).origin().sharpening.empty());
        const IndexOrigin later = openCycleFeatures(run, lastCycle).origin();
        QCOMPARE(later.sharpening, std::string("per_class"));
        // The checkpoint's word counts, not what the configuration says by now.
        ExperimentConfig config;
        config.sharpening.type = "random";
        config.sharpening.topKPct = 77;
        const SharpeningConfig told = sharpeningOf(run.model(lastCycle), config.sharpening);
        QCOMPARE(told.type, std::string("per_class"));
        QCOMPARE(told.topKPct, later.topKPct);
        QCOMPARE(sharpeningOf(run.model(0), config.sharpening).type, std::string("random"));
    }

    void salientFeaturesAreThoseThatSharpeningKeeps() {
        const std::unique_ptr<Loaded> loaded = load(path("topk"), {});
        const Loaded& run = *loaded;
        const FeatureIndex index = openCycleFeatures(RunDirectory::at(path("topk")), lastCycle);
        const SparseCode code = run.sae->encode(run.store().sentenceActivations(SplitKind::Train));
        const auto kept = static_cast<int>(run.sae->features() * run.config.sharpening.topKPct / 100);
        IndexOrigin next;
        next.sharpening = "per_class";
        next.topKPct = run.config.sharpening.topKPct;
        for (int label = 0; label < index.classCount(); ++label) {
            std::vector<double> sums(static_cast<std::size_t>(run.sae->features()));
            for (std::int64_t i = 0; i < code.rows(); ++i) {
                const SparseCode::Row row = code.row(i);
                for (std::size_t e = 0;
                     run.train.labels[static_cast<std::size_t>(i)] == label && e < row.size(); ++e)
                    sums[static_cast<std::size_t>(row.columns[e])] += static_cast<double>(row.values[e]);
            }
            const std::vector<int> salient = index.salientFeatures(label, next);
            QCOMPARE(static_cast<int>(salient.size()), kept);
            double least = INFINITY;
            for (const int f : salient) {
                least = std::min(least, sums[static_cast<std::size_t>(f)]);
                sums[static_cast<std::size_t>(f)] = -1;
            }
            QVERIFY(least >= *std::max_element(sums.begin(), sums.end()) - 1e-4);
        }
    }

    void buildingAloneGivesTheSameFile() {
        const RunDirectory run = RunDirectory::at(path("topk"));
        const std::string before = readFile(run.features(lastCycle));
        fs::remove(run.features(lastCycle));
        ComposeRequest request;
        request.overrides = {"hydra.run.dir=" + run.root().string(), "cycle.current=1", "threads=1"};
        const JobPlan plan = planJob("features", request);
        QVERIFY(plan.keepsRecord);
        const std::string record = readFile(run.hydra() / "config.yaml");
        Recorder events;
        CycleRunner(plan).run(events, {});
        QVERIFY(readFile(run.features(lastCycle)) == before);
        QVERIFY(readFile(run.hydra() / "config.yaml") == record);
    }

    void anIndexOfOtherWeightsIsNotTrusted() {
        const RunDirectory run = RunDirectory::at(path("topk"));
        fs::copy(run.root(), path("other"), fs::copy_options::recursive);
        const RunDirectory other = RunDirectory::at(path("other"));
        static_cast<void>(openCycleFeatures(other, lastCycle));
        fs::copy_file(run.sae(0), other.sae(lastCycle), fs::copy_options::overwrite_existing);
        const std::string error = errorOf([&] { openCycleFeatures(other, lastCycle); });
        QVERIFY2(error.find("other weights than sae_cycle_1_best.pt") != std::string::npos, error.c_str());
        QVERIFY(error.find("saeception features build cycle.current=1 hydra.run.dir=" +
                           other.root().string()) != std::string::npos);
        // Nothing to compare with is no reason to refuse.
        fs::remove(other.sae(lastCycle));
        QCOMPARE(openCycleFeatures(other, lastCycle).cycle(), lastCycle);
        fs::remove(other.features(lastCycle));
        QVERIFY(errorOf([&] { openCycleFeatures(other, lastCycle); }).find("no feature index yet") !=
                std::string::npos);
    }

private:
    static void compareEffects(const FeatureIndex& index, const Loaded& run) {
        // The stream that ln_f sees at the last token of the sampled sentences, one sentence at a time.
        const std::int64_t sentences = std::min<std::int64_t>(run.validation.rows(), scaleSentences);
        double scale = 0;
        for (std::int64_t i = 0; i < sentences; ++i) {
            const std::int64_t s = (2 * i + 1) * run.validation.rows() / (2 * sentences);
            const at::Tensor stream =
                run.store()
                    .activations(SplitKind::Validation)
                    .narrow(0, run.validation.offsets[static_cast<std::size_t>(s)], run.validation.length(s))
                    .unsqueeze(0);
            const at::Tensor last =
                run.model.runBlocks(stream, run.block + 1, run.model.config().numLayers)[0][-1].to(
                    at::kDouble);
            const double mean = last.mean().item<double>();
            scale += 1 / std::sqrt((last - mean).square().mean().item<double>() +
                                   run.model.config().layerNormEpsilon);
        }
        scale /= static_cast<double>(sentences);
        const std::vector<std::vector<double>> decoder = decoderRows(run);
        const at::Tensor gamma =
            run.model.parameter("transformer.ln_f.weight").detach().to(at::kDouble).contiguous();
        const auto throughNorm = [&](std::vector<double> direction) {
            double mean = 0;
            for (const double x : direction)
                mean += x / static_cast<double>(direction.size());
            for (std::size_t i = 0; i < direction.size(); ++i)
                direction[i] = (direction[i] - mean) * gamma.data_ptr<double>()[i] * scale;
            return direction;
        };
        const auto rowsOf = [](const at::Tensor& matrix) {
            std::vector<std::vector<double>> rows;
            for (std::int64_t r = 0; r < matrix.size(0); ++r) {
                const at::Tensor row = matrix[r].to(at::kDouble).contiguous();
                rows.emplace_back(row.data_ptr<double>(), row.data_ptr<double>() + row.numel());
            }
            return rows;
        };
        const auto classes = rowsOf(run.model.parameter("score.weight").detach());
        const auto words = rowsOf(
            run.model.parameter("transformer.wte.weight").detach().narrow(0, 0, run.tokenizer.vocabSize()));
        for (int f = 0; f < index.featureCount(); ++f) {
            const std::vector<double> direction = throughNorm(decoder[static_cast<std::size_t>(f)]);
            std::vector<double> effects;
            for (std::size_t c = 0; c < classes.size(); ++c) {
                effects.push_back(dot(direction, classes[c]));
                QVERIFY(near(static_cast<double>(
                                 index.classEffect()[static_cast<std::size_t>(f) * classes.size() + c]),
                             effects.back()));
            }
            QCOMPARE(index.favouredClass(f), effects[0] >= effects[1] ? 0 : 1);
            QVERIFY(near(static_cast<double>(index.effectContrast(f)), std::abs(effects[0] - effects[1])));
            std::vector<double> logits;
            for (const std::vector<double>& word : words)
                logits.push_back(dot(direction, word));
            std::sort(logits.begin(), logits.end());
            const std::vector<TokenEffect> top = index.topTokens(f);
            const std::vector<TokenEffect> bottom = index.bottomTokens(f);
            QCOMPARE(top.size(), std::size_t(10));
            QCOMPARE(bottom.size(), std::size_t(10));
            for (std::size_t i = 0; i < top.size(); ++i) {
                QVERIFY(near(static_cast<double>(top[i].logit), logits[logits.size() - 1 - i], 1e-3));
                QVERIFY(near(static_cast<double>(bottom[i].logit), logits[i], 1e-3));
            }
        }
    }

    static void compareNeighbours(const FeatureIndex& index, const Loaded& run) {
        const std::vector<std::vector<double>> decoder = decoderRows(run);
        for (int f = 0; f < index.featureCount(); ++f) {
            const std::vector<NeighbourFeature> found = index.neighbours(f);
            if (!index.isAlive(f)) {
                QVERIFY(found.empty());
                continue;
            }
            std::vector<double> cosines;
            std::map<int, double> byFeature;
            for (int g = 0; g < index.featureCount(); ++g) {
                const auto& a = decoder[static_cast<std::size_t>(f)];
                const auto& b = decoder[static_cast<std::size_t>(g)];
                if (g == f || !index.isAlive(g))
                    continue;
                cosines.push_back(dot(a, b) / std::sqrt(dot(a, a) * dot(b, b)));
                byFeature[g] = cosines.back();
            }
            std::sort(cosines.begin(), cosines.end(), std::greater<>());
            QCOMPARE(found.size(), std::min<std::size_t>(10, cosines.size()));
            for (std::size_t i = 0; i < found.size(); ++i) {
                QVERIFY(std::abs(static_cast<double>(found[i].cosine) - cosines[i]) < 1e-5);
                QVERIFY(std::abs(static_cast<double>(found[i].cosine) - byFeature.at(found[i].feature)) <
                        1e-5);
            }
        }
    }

    static void compareConcepts(const FeatureIndex& index, const Loaded& run,
                                const std::vector<PlainSentence>& sentences) {
        const std::size_t concepts = run.dataset.conceptNames.size();
        QVERIFY(concepts > 5);
        QVERIFY(index.conceptNames() == run.dataset.conceptNames);
        for (int f = 0; f < index.featureCount(); ++f) {
            std::map<int, double> expected;
            for (std::size_t c = 0; c < concepts; ++c) {
                double both = 0;
                double fires = 0;
                double carries = 0;
                for (const PlainSentence& s : sentences) {
                    if (s.split != SplitKind::Validation)
                        continue;
                    const std::int64_t begin = run.validation.offsets[static_cast<std::size_t>(s.example)];
                    for (std::size_t r = 0; r < s.activations.size(); ++r) {
                        const std::uint64_t bits =
                            run.validation.concepts[static_cast<std::size_t>(begin + s.firstToken) + r];
                        const bool on = s.activations[r][static_cast<std::size_t>(f)] > 0;
                        const bool has = (bits >> c & 1) != 0;
                        both += on && has;
                        fires += on;
                        carries += has;
                    }
                }
                if (both > 0)
                    expected[static_cast<int>(c)] = 2 * both / (fires + carries);
            }
            const std::vector<ConceptMatch> found = index.conceptsOf(f);
            QCOMPARE(found.size(), expected.size());
            for (std::size_t i = 0; i < found.size(); ++i) {
                QVERIFY(near(found[i].f1, expected.at(found[i].conceptId), 1e-9));
                QVERIFY(i == 0 || found[i - 1].f1 >= found[i].f1);
            }
        }
    }
};

QTEST_GUILESS_MAIN(TestIndexRun)
#include "tst_index_run.moc"
