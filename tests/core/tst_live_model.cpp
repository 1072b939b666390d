// SPDX-License-Identifier: GPL-3.0-or-later
// A cycle's model and autoencoder at hand: sentences of any kind, edits equal to changing the code by hand,
// and the effect over the validation split equal to one sentence at a time.
#include "model/checkpoint.h"
#include "model/pretrained.h"
#include "sae/autoencoder.h"
#include "support/expect_error.h"
#include "support/live_model_runs.h"

#include <cmath>

using namespace saeception;
using namespace saeception::fixture;
namespace fs = std::filesystem;

Q_DECLARE_METATYPE(saeception::EditKind)

namespace {

/// Model and autoencoder loaded by themselves.
struct ByHand {
    Gpt2Classifier model;
    std::unique_ptr<Autoencoder> sae;
    std::int64_t block = 0;

    at::Tensor stream(const std::vector<std::int32_t>& ids) const {
        const std::vector<std::int64_t> wide(ids.begin(), ids.end());
        const at::Tensor batch = at::tensor(wide, at::kLong).view({1, -1});
        return model.runBlocks(model.embed(batch), 0, block + 1)[0].detach();
    }
    at::Tensor logits(const at::Tensor& stream) const {
        return model.classify(
            model.runBlocks(stream.unsqueeze(0), block + 1, model.config().numLayers)[0].narrow(
                0, stream.size(0) - 1, 1))[0];
    }
};

ByHand loadByHand(const fs::path& root, const std::vector<std::string>& overrides) {
    const RunDirectory run = RunDirectory::at(root);
    const ExperimentConfig config = tinyLoop(root.string() + "-again", overrides).composition.config;
    Gpt2Classifier model = loadClassifier(run.model(cycleShown), config);
    auto sae =
        loadAutoencoder(loadCheckpoint(run.sae(cycleShown)), config.sae, config.model.hiddenSize, "sae");
    const std::int64_t block = model.resolveLayer(config.model.targetLayer);
    return {std::move(model), std::move(sae), block};
}

}  // namespace

class TestLiveModel : public QObject, LiveModelRuns {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { at::set_num_threads(1); }

    void seesWhatTheIndexSaw_data() { kinds(); }

    void seesWhatTheIndexSaw() {
        QFETCH(QString, kind);
        const LiveModel& model = live(kind);
        const FeatureIndex features = index(kind);
        QCOMPARE(model.features(), features.featureCount());
        QVERIFY(model.classNames() == features.classNames());
        QCOMPARE(model.readsLastBlock(), kind == QLatin1String("last-block"));
        const SampleView sample = features.sample();
        const std::size_t step = std::max<std::size_t>(1, sample.sentences.size() / 20);
        for (std::size_t s = 0; s < sample.sentences.size(); s += step) {
            const IndexedSentence expected = features.sentence(sample.sentences[s]);
            const LiveSentence found = model.inspect(expected.tokens);
            QCOMPARE(found.cycle, cycleShown);
            QCOMPARE(found.tokens.size(), expected.tokens.size());
            for (std::size_t c = 0; c < 2; ++c)
                QVERIFY(std::abs(found.logits[c] - expected.logits[c]) < 1e-4F);
            QCOMPARE(found.prediction, expected.prediction());
            QVERIFY(std::abs(found.probabilities[0] + found.probabilities[1] - 1) < 1e-9);
            QVERIFY(std::abs(found.margin - margin(found.logits, found.prediction)) < 1e-4);
            for (std::size_t t = 0; t < found.tokens.size(); ++t) {
                QCOMPARE(found.tokens[t].inSaeData, static_cast<int>(t) >= expected.firstToken);
                if (!found.tokens[t].inSaeData) {
                    QVERIFY(found.tokens[t].features.empty());
                    continue;
                }
                const auto row = static_cast<std::size_t>(sample.rows[s]) + t -
                                 static_cast<std::size_t>(expected.firstToken);
                std::map<int, float> code;
                for (std::int64_t e = sample.offsets[row]; e < sample.offsets[row + 1]; ++e)
                    code[sample.features[static_cast<std::size_t>(e)]] =
                        sample.values[static_cast<std::size_t>(e)];
                float before = INFINITY;
                for (const FeatureActivation& active : found.tokens[t].features) {
                    QVERIFY(active.activation <= before);
                    before = active.activation;
                    if (code.contains(active.feature))
                        QVERIFY(std::abs(active.activation - code[active.feature]) < 1e-4F);
                    else
                        QVERIFY(active.activation < 1e-3F);
                    code.erase(active.feature);
                }
                for (const auto& [feature, activation] : code)
                    QVERIFY2(activation < 1e-3F, qPrintable(QStringLiteral("%1 is not seen").arg(feature)));
            }
        }
    }

    void textsOfAnyKindWork_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<int>("tokens");  // -1: any number
        QTest::newRow("empty") << QByteArray() << 1;
        QTest::newRow("white space alone") << QByteArray(" \t\n ") << 1;
        QTest::newRow("one letter") << QByteArray("x") << 1;
        QTest::newRow("Japanese") << QByteArray("映画は素晴らしい") << -1;
        QTest::newRow("Arabic") << QByteArray("فيلم رائع") << -1;
        QTest::newRow("emoji") << QByteArray("👩‍👩‍👧 loved it 🎬") << -1;
        QTest::newRow("combining marks") << QByteArray("e\u0301a\u0308") << -1;
        QTest::newRow("no UTF-8") << QByteArray("bad \xFF\xC3 bytes") << -1;
        QTest::newRow("a zero byte") << QByteArray("a\0b", 3) << -1;
        QTest::newRow("markup") << QByteArray("<b>not bold</b> & \"quoted\"") << -1;
        QTest::newRow("very long") << QByteArray("the film is good and ").repeated(20000) << 32;
        QTest::newRow("one very long word") << QByteArray(100000, 'z') << 32;
    }

    void textsOfAnyKindWork() {
        QFETCH(QByteArray, text);
        QFETCH(int, tokens);
        const LiveSentence sentence =
            live(QStringLiteral("topk"))
                .inspect(std::string_view(text.constData(), static_cast<std::size_t>(text.size())));
        QVERIFY(!sentence.tokens.empty());
        QVERIFY(sentence.tokens.size() <= 32);
        if (tokens >= 0)
            QCOMPARE(static_cast<int>(sentence.tokens.size()), tokens);
        QCOMPARE(sentence.leftOut > 0, text.size() > 1000);
        QCOMPARE(sentence.ids.size(), sentence.tokens.size());
        QVERIFY(std::isfinite(sentence.logits[0]));
        std::string shown;
        for (const LiveToken& token : sentence.tokens) {
            QCOMPARE(findInvalidUtf8(token.text), std::string_view::npos);
            QVERIFY(!token.text.empty());
            shown += token.text == "…" ? "" : token.text;
        }
        if (sentence.leftOut == 0 && text.trimmed().size() > 0 && text != "bad \xFF\xC3 bytes")
            QCOMPARE(QString::fromStdString(shown).trimmed(), QString::fromUtf8(text).trimmed());
    }

    void editsEqualChangingTheCodeByHand_data() {
        QTest::addColumn<QString>("kind");
        QTest::addColumn<EditKind>("edit");
        QTest::addColumn<double>("value");
        for (const char* kind : {"topk", "jumprelu", "last-block"}) {
            QTest::addRow("%s ablate", kind) << kind << EditKind::Ablate << 0.0;
            QTest::addRow("%s scale", kind) << kind << EditKind::Scale << 2.5;
            QTest::addRow("%s turn round", kind) << kind << EditKind::Scale << -1.0;
            QTest::addRow("%s fix", kind) << kind << EditKind::Fix << 3.0;
        }
    }

    void editsEqualChangingTheCodeByHand() {
        QFETCH(QString, kind);
        QFETCH(EditKind, edit);
        QFETCH(double, value);
        const LiveModel& model = live(kind);
        const ByHand byHand = loadByHand(rootOf(kind), overridesOf(kind));
        const FeatureIndex features = index(kind);
        const at::NoGradGuard noGrad;
        bool changedAny = false;
        for (int s = 0; s < 30; ++s) {
            const IndexedSentence of = features.sentence(7 * s);
            const std::vector<std::int32_t> ids(of.tokens.begin(), of.tokens.end());
            const LiveSentence plain = model.inspect(ids);
            const auto& last = plain.tokens.back().features;
            if (last.size() < 2)
                continue;
            const std::vector<FeatureEdit> edits = {
                {last[0].feature, edit, value, -1},
                {last[1].feature, edit, value, static_cast<int>(ids.size()) - 1}};
            at::Tensor x = byHand.stream(ids);
            const at::Tensor read = x.narrow(0, of.firstToken, x.size(0) - of.firstToken).contiguous();
            const SparseCode code = byHand.sae->encode(read);
            SparseCode changed;
            changed.features = code.features;
            for (std::int64_t r = 0; r < code.rows(); ++r) {
                std::map<int, float> row;
                for (std::size_t e = 0; e < code.row(r).size(); ++e)
                    row[code.row(r).columns[e]] = code.row(r).values[e];
                for (const FeatureEdit& one : edits) {
                    if (one.token >= 0 && one.token != of.firstToken + r)
                        continue;
                    const float before = row.contains(one.feature) ? row[one.feature] : 0.0F;
                    row[one.feature] = edit == EditKind::Ablate  ? 0.0F
                                       : edit == EditKind::Scale ? before * static_cast<float>(value)
                                                                 : static_cast<float>(value);
                }
                for (const auto& [feature, activation] : row)
                    changed.add(feature, activation);
                changed.endRow();
            }
            x.narrow(0, of.firstToken, x.size(0) - of.firstToken)
                .copy_(read + byHand.sae->decode(changed) - byHand.sae->decode(code));
            const at::Tensor expected = byHand.logits(x);
            const EditedPrediction found = model.edit(ids, edits);
            for (int c = 0; c < 2; ++c) {
                const double logit = expected[c].item<double>();
                QVERIFY(std::abs(static_cast<double>(found.logits[static_cast<std::size_t>(c)]) - logit) <
                        1e-4 * std::max(1.0, std::abs(logit)));
                changedAny |=
                    std::abs(logit - static_cast<double>(plain.logits[static_cast<std::size_t>(c)])) > 1e-3;
            }
        }
        QVERIFY(changedAny);
    }

    void nothingChangedIsNothingChanged() {
        const LiveModel& model = live(QStringLiteral("topk"));
        const LiveSentence plain = model.inspect("The film is good.");
        QVERIFY(model.edit(plain.ids, {}).logits == plain.logits);
        const std::vector<FeatureEdit> scaleByOne = {{3, EditKind::Scale, 1, -1}};
        QVERIFY(model.edit(plain.ids, scaleByOne).logits == plain.logits);
    }

    void theValidationSplitIsEditedSentenceBySentence_data() { kinds(); }

    void theValidationSplitIsEditedSentenceBySentence() {
        QFETCH(QString, kind);
        const LiveModel& model = live(kind);
        const FeatureIndex features = index(kind);
        // The two features that fire most, fixed and ablated: enough to change many predictions.
        std::vector<int> order;
        for (int f = 0; f < features.featureCount(); ++f)
            order.push_back(f);
        std::sort(order.begin(), order.end(), [&](int a, int b) {
            return features.fires()[static_cast<std::size_t>(a)] >
                   features.fires()[static_cast<std::size_t>(b)];
        });
        const std::vector<FeatureEdit> edits = {
            {order[0], EditKind::Fix, 8, -1},
            {order[1], EditKind::Ablate, 0, -1},
            {order[2], EditKind::Ablate, 0, 3}};  // of one token: not of the split
        std::vector<std::pair<std::int64_t, std::int64_t>> steps;
        const auto note = [&](std::int64_t done, std::int64_t all) { steps.emplace_back(done, all); };
        model.readValidation(features, {}, note);
        QVERIFY(!steps.empty());
        QCOMPARE(steps.back().first, steps.back().second);
        steps.clear();
        model.readValidation(features, {}, note);  // once is enough
        QVERIFY(steps.empty());
        const SplitEffect effect = model.editValidation(edits, {}, note);
        QVERIFY(!steps.empty());
        QCOMPARE(steps.back().first, steps.back().second);

        std::int64_t sentences = 0, rightBefore = 0, rightAfter = 0;
        double lossAfter = 0;
        std::map<std::int64_t, std::pair<int, int>> flips;
        for (int s = 0; s < features.sentenceCount(); ++s) {
            const IndexedSentence of = features.sentence(s);
            if (of.split != SplitKind::Validation)
                continue;
            const EditedPrediction found = model.edit(of.tokens, std::span(edits).first(2));
            ++sentences;
            rightBefore += of.prediction() == of.label;
            rightAfter += found.prediction == of.label;
            lossAfter -= std::log(found.probabilities[static_cast<std::size_t>(of.label)]);
            if (of.prediction() != found.prediction)
                flips[of.example] = {of.prediction(), found.prediction};
        }
        QCOMPARE(effect.sentences, sentences);
        QCOMPARE(effect.touched, sentences);  // a fixed feature changes everywhere
        QVERIFY(std::abs(effect.accuracyBefore -
                         static_cast<double>(rightBefore) / static_cast<double>(sentences)) < 1e-9);
        QVERIFY(std::abs(effect.accuracyAfter -
                         static_cast<double>(rightAfter) / static_cast<double>(sentences)) < 1e-9);
        QVERIFY(std::abs(effect.lossAfter - lossAfter / static_cast<double>(sentences)) < 1e-4);
        QVERIFY(!flips.empty());
        QCOMPARE(effect.flips.size(), flips.size());
        float before = INFINITY;
        for (const SplitEffect::Flip& flip : effect.flips) {
            QCOMPARE(flips.at(flip.example), std::pair(flip.before, flip.after));
            QVERIFY(std::abs(flip.change) <= before);
            before = std::abs(flip.change);
        }
        QCOMPARE(effect.corrected() + effect.broken(), static_cast<std::int64_t>(flips.size()));
        QCOMPARE(effect.corrected() - effect.broken(), rightAfter - rightBefore);
    }

    void ablatingWhatNeverFiresTouchesNothing() {
        const LiveModel& model = live(QStringLiteral("sparse"));
        const FeatureIndex features = index(QStringLiteral("sparse"));
        model.readValidation(features, {});
        int dead = 0;
        for (int f = 0; f < features.featureCount(); ++f) {
            if (features.isAlive(f))
                continue;
            ++dead;
            const std::vector<FeatureEdit> edits = {{f, EditKind::Ablate, 0, -1}};
            const SplitEffect effect = model.editValidation(edits, {});
            QCOMPARE(effect.touched, std::int64_t(0));
            QCOMPARE(effect.accuracyAfter, effect.accuracyBefore);
            QVERIFY(effect.flips.empty());
        }
        QVERIFY(dead > 0);
    }

    void stopsOnRequest() {
        live(QStringLiteral("topk"));  // the run is there
        const std::shared_ptr<const LiveModel> fresh =
            LiveModel::load(RunDirectory::at(rootOf(QStringLiteral("topk"))), cycleShown, 1);
        const FeatureIndex features = index(QStringLiteral("topk"));
        std::stop_source stop;
        const StepControl steps(stop.get_token());
        const auto cut = [&](std::int64_t, std::int64_t) { stop.request_stop(); };
        const std::vector<FeatureEdit> edits = {{0, EditKind::Ablate, 0, -1}};
        QVERIFY_THROWS_EXCEPTION(Cancelled, fresh->readValidation(features, steps, cut));
        QVERIFY(!errorOf([&] { fresh->editValidation(edits, {}); }).empty());
        fresh->readValidation(features, {});  // what was cut is begun again
        QVERIFY(fresh->editValidation(edits, {}).sentences > 0);
        QVERIFY_THROWS_EXCEPTION(Cancelled, fresh->editValidation(edits, steps));
    }

    void badEditsAreRefusedInOneLine() {
        const LiveModel& model = live(QStringLiteral("topk"));
        const LiveSentence plain = model.inspect("The film is good.");
        const auto error = [&](std::vector<FeatureEdit> edits) {
            return errorOf([&] { model.edit(plain.ids, edits); });
        };
        QVERIFY(error({{64, EditKind::Ablate, 0, -1}}).find("this cycle has 0 to 63") != std::string::npos);
        QVERIFY(error({{-1, EditKind::Ablate, 0, -1}}).find("no feature -1") != std::string::npos);
        QVERIFY(error({{1, EditKind::Ablate, 0, 99}}).find("no token 99") != std::string::npos);
        for (const double impossible : {double(NAN), double(INFINITY), 1e39, -1e10})
            for (const EditKind kind : {EditKind::Fix, EditKind::Scale})
                QVERIFY(error({{1, kind, impossible, -1}}).find("1e9") != std::string::npos);
        QVERIFY(error({{1, EditKind::Ablate, 0, -1}, {1, EditKind::Fix, 1, 2}}).find("twice") !=
                std::string::npos);
        QVERIFY(error({{1, EditKind::Ablate, 0, 1}, {1, EditKind::Fix, 1, 2}}).empty());
        const std::vector<std::int32_t> foreign = {100000};
        QVERIFY(errorOf([&] { model.inspect(foreign); }).find("another run") != std::string::npos);
    }

    void aCycleThatIsNotThereIsNamed() {
        const std::string error =
            errorOf([&] { LiveModel::load(RunDirectory::at(rootOf(QStringLiteral("topk"))), 7); });
        QVERIFY2(error.find("model_cycle_7_best.pt is missing") != std::string::npos, error.c_str());
    }
};

QTEST_GUILESS_MAIN(TestLiveModel)
#include "tst_live_model.moc"
