// SPDX-License-Identifier: GPL-3.0-or-later
// What features add to a prediction: effects equal to differences of a network written out, and a margin that
// is the sum of its parts.
#include "support/live_model_runs.h"
#include "support/plain_network.h"

#include <cmath>

using namespace saeception;
using namespace saeception::fixture;
namespace fs = std::filesystem;

class TestAttribution : public QObject, LiveModelRuns {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { at::set_num_threads(1); }

    void effectsAreOfTheNetworkWithItsNormsHeld_data() { kinds(); }

    void effectsAreOfTheNetworkWithItsNormsHeld() {
        QFETCH(QString, kind);
        const LiveModel& model = live(kind);
        const LiveSentence plain = model.inspect("The film is not good, but the music is superb.");
        const int block = model.readsLastBlock() ? 1 : 0;
        PlainNetwork network(loadCheckpoint(RunDirectory::at(rootOf(kind)).model(cycleShown)).state);
        const at::Tensor stream = network.streamAfter(plain.ids, block);
        const at::Tensor decoder = stateOf(RunDirectory::at(rootOf(kind)).sae(cycleShown), "decoder.weight");
        const double before = network.margin(stream, block, plain.prediction);
        QVERIFY(std::abs(before - plain.margin) < 1e-4);
        network.holdNorms();
        int compared = 0;
        for (std::size_t t = 0; t < plain.tokens.size(); ++t) {
            for (const FeatureActivation& active : plain.tokens[t].features) {
                const auto at = [&](double difference) {
                    at::Tensor changed = stream.clone();
                    changed[static_cast<std::int64_t>(t)] += difference * decoder.select(1, active.feature);
                    return network.margin(changed, block, plain.prediction);
                };
                const double slope = (at(1e-4) - at(-1e-4)) / 2e-4;
                QVERIFY2(std::abs(static_cast<double>(active.effect) - slope) < 1e-4 + 1e-3 * std::abs(slope),
                         qPrintable(QStringLiteral("%1 and %2").arg(active.effect).arg(slope)));
                ++compared;
            }
            float sum = 0;
            for (const FeatureActivation& active : plain.tokens[t].features)
                sum += active.activation * active.effect;
            QVERIFY(std::abs(plain.tokens[t].contribution() - sum) < 1e-5F);
        }
        QVERIFY(compared > 5);
    }

    // After the last block the margin is linear in the stream: what is left of it without features and error
    // is what the decoder's bias alone gives.
    void theMarginIsTheSumOfItsParts() {
        const LiveModel& model = live("last-block");
        const RunDirectory run = RunDirectory::at(rootOf("last-block"));
        const LiveSentence plain = model.inspect("The film is not good, but the music is superb.");
        PlainNetwork network(loadCheckpoint(run.model(cycleShown)).state);
        const at::Tensor stream = network.streamAfter(plain.ids, 1);
        network.margin(stream, 1, plain.prediction);
        network.holdNorms();
        at::Tensor bias = stream.clone();
        bias[-1] = stateOf(run.sae(cycleShown), "pre_bias");
        const double rest = network.margin(bias, 1, plain.prediction);
        QVERIFY2(std::abs(plain.rest() - rest) < 1e-3 * (1 + std::abs(rest)),
                 qPrintable(QStringLiteral("%1 and %2").arg(plain.rest()).arg(rest)));
        double sum = 0;
        for (const LiveToken& token : plain.tokens)
            sum += static_cast<double>(token.contribution());
        QVERIFY(std::abs(sum - plain.fromFeatures) < 1e-4);
        QVERIFY(std::abs(plain.fromFeatures) > std::abs(plain.fromError));
    }

    void theMarginPointsTheSameWayAsTheIndex() {
        const LiveModel& model = live("last-block");
        const FeatureIndex features = index("last-block");
        const LiveSentence plain = model.inspect("The film is not good, but the music is superb.");
        double ratio = NAN;
        for (const FeatureActivation& active : plain.tokens.back().features) {
            const auto effects =
                features.classEffect().subspan(static_cast<std::size_t>(2 * active.feature), 2);
            const double own = margin({effects[0], effects[1]}, plain.prediction);
            if (std::abs(own) < 1e-3)
                continue;
            // The index takes the mean scale of the last norm, here it is this sentence's own.
            const double scale = static_cast<double>(active.effect) / own;
            QVERIFY(scale > 0);
            QVERIFY(std::isnan(ratio) || std::abs(scale / ratio - 1) < 0.01);
            ratio = scale;
        }
        QVERIFY(!std::isnan(ratio));
    }

    void explainedVarianceIsOfTheTokensItReads() {
        const LiveModel& model = live("topk");
        const LiveSentence plain = model.inspect("The film is not good, but the music is superb.");
        const at::Tensor stream =
            PlainNetwork(loadCheckpoint(RunDirectory::at(rootOf("topk")).model(cycleShown)).state)
                .streamAfter(plain.ids, 0);
        const fs::path sae = RunDirectory::at(rootOf("topk")).sae(cycleShown);
        const at::Tensor decoder = stateOf(sae, "decoder.weight");
        double error = 0;
        std::vector<at::Tensor> read;
        for (std::size_t t = 0; t < plain.tokens.size(); ++t) {
            if (!plain.tokens[t].inSaeData)
                continue;
            at::Tensor row = stateOf(sae, "pre_bias").clone();
            for (const FeatureActivation& active : plain.tokens[t].features)
                row += static_cast<double>(active.activation) * decoder.select(1, active.feature);
            read.push_back(stream[static_cast<std::int64_t>(t)]);
            error += (read.back() - row).square().sum().item<double>();
        }
        const at::Tensor all = at::stack(read);
        const double variance = (all - all.mean(at::IntArrayRef{0}, true)).square().sum().item<double>();
        QVERIFY(std::abs(plain.fvu - error / variance) < 1e-4);
        // One token does not vary.
        QVERIFY(std::isnan(model.inspect("a").fvu));
    }
};

QTEST_GUILESS_MAIN(TestAttribution)
#include "tst_attribution.moc"
