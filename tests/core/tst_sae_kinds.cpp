// SPDX-License-Identifier: GPL-3.0-or-later
// What every kind of autoencoder must keep true, and the formulas of those that no reference file covers:
// batch_topk's selection and threshold, jumprelu's pseudo-derivatives, schedules, folded scales.
#include "sae/activation_scale.h"
#include "sae/batch_topk.h"
#include "sae/dead_features.h"
#include "sae/initialisation.h"
#include "sae/jumprelu.h"
#include "sae/optimiser.h"
#include "sae/schedule.h"
#include "support/golden.h"
#include "support/sae_fixture.h"

#include <QTest>

#include <cmath>
#include <map>

using namespace saeception;
using namespace saeception::test;

namespace {

constexpr std::int64_t width = 96;

at::Tensor rowsOf(std::int64_t count, std::uint64_t seed) {
    const at::Tensor planted = plantedRows(count, randomUnitRows(160, width, 5), seed);
    return planted + 0.05 * at::randn({count, width});
}

/// A kind's autoencoder after a few steps, with some dead features to revive.
std::unique_ptr<Autoencoder> trained(const SaeConfig& config, int steps = 10) {
    std::unique_ptr<Autoencoder> sae = makeAutoencoder(config, width);
    const at::Tensor rows = rowsOf(1500, 1);
    sae->initialise(rows, 3);
    SaeOptimiser optimiser(*sae, {});
    for (int step = 0; step < steps; ++step) {
        sae->computeGradients(rows.narrow(0, 70 * step % 800, 700), {1, 5, 17});
        optimiser.step();
    }
    return sae;
}

using Tensors = std::map<std::string, at::Tensor>;

Tensors inDouble(const NamedTensors& state) {
    Tensors result;
    for (const auto& [name, tensor] : state)
        result[name] = tensor.to(at::kDouble);
    return result;
}

/// Reconstruction loss from the formulas, for either layout of biases, with a fixed set of active features;
/// plus `l1` times the activations.
double lossOf(const Tensors& p, const at::Tensor& x, const at::Tensor& active, double l1) {
    const bool centred = p.contains("pre_bias");
    const at::Tensor& outputBias = p.at(centred ? "pre_bias" : "decoder.bias");
    const at::Tensor input = centred ? x - outputBias : x;
    const at::Tensor code =
        (at::mm(input, p.at("encoder.weight").t()) + p.at(centred ? "latent_bias" : "encoder.bias")) * active;
    const at::Tensor output = at::mm(code, p.at("decoder.weight").t()) + outputBias;
    return ((output - x).square().mean() + l1 * code.sum() / static_cast<double>(x.size(0))).item<double>();
}

}  // namespace

class TestSaeKinds : public QObject {
    Q_OBJECT

    void kinds() {
        QTest::addColumn<QString>("kind");
        for (const char* kind : saeKinds)
            QTest::newRow(kind) << kind;
    }

private Q_SLOTS:
    void init() { at::set_num_threads(1); }

    void codesDoNotDependOnTheBatch_data() { kinds(); }
    void codesDoNotDependOnTheBatch() {
        QFETCH(QString, kind);
        const std::unique_ptr<Autoencoder> sae = trained(smallSaeConfig(kind.toStdString()));
        const at::Tensor rows = rowsOf(1100, 9);
        const at::Tensor whole = dense(sae->encode(rows));
        QVERIFY(whole.gt(0).any().item<bool>());
        const std::int64_t cuts[] = {0, 1, 3, 40, 600, 1100};
        for (std::size_t i = 0; i + 1 < std::size(cuts); ++i) {
            const std::int64_t count = cuts[i + 1] - cuts[i];
            const at::Tensor part = dense(sae->encode(rows.narrow(0, cuts[i], count)));
            const at::Tensor expected = whole.narrow(0, cuts[i], count);
            QVERIFY(at::equal(part.gt(0), expected.gt(0)));
            QVERIFY(maxRelativeError(part, expected) < 1e-6);
        }
    }

    void thresholdsTellWhatFires_data() { kinds(); }
    void thresholdsTellWhatFires() {
        QFETCH(QString, kind);
        const std::unique_ptr<Autoencoder> sae = trained(smallSaeConfig(kind.toStdString()));
        const at::Tensor rows = rowsOf(1100, 9);
        std::int64_t seen = 0;
        const SparseCode code = sae->encode(
            rows, [&](const at::Tensor& preActivations, std::int64_t first, const SparseCode& soFar) {
                QCOMPARE(first, seen);
                seen += preActivations.size(0);
                QCOMPARE(soFar.rows(), seen);
                for (std::int64_t i = 0; i < preActivations.size(0); ++i) {
                    const SparseCode::Row row = soFar.row(first + i);
                    std::map<std::int32_t, float> active;
                    for (std::size_t e = 0; e < row.size(); ++e)
                        active[row.columns[e]] = row.values[e];
                    for (std::int32_t f = 0; f < sae->features(); ++f) {
                        const float value = preActivations.data_ptr<float>()[i * sae->features() + f];
                        const float threshold = sae->ownThresholds().empty()
                                                    ? sae->rowThreshold(row)
                                                    : sae->ownThresholds()[static_cast<std::size_t>(f)];
                        if (active.contains(f)) {
                            QCOMPARE(active[f], value);
                            QVERIFY(value >= threshold);
                        } else {
                            QVERIFY(value <= threshold);
                        }
                    }
                }
            });
        QCOMPARE(seen, rows.size(0));
        QVERIFY(at::equal(dense(code), dense(sae->encode(rows))));
    }

    void trainingDoesNotDependOnThreads_data() { kinds(); }
    void trainingDoesNotDependOnThreads() {
        QFETCH(QString, kind);
        const at::Tensor rows = rowsOf(1500, 1);
        std::vector<NamedTensors> states;
        for (const int threads : {1, 2}) {
            at::set_num_threads(threads);
            const std::unique_ptr<Autoencoder> sae =
                makeAutoencoder(smallSaeConfig(kind.toStdString()), width);
            sae->initialise(rows, 3);
            SaeOptimiser optimiser(*sae, {});
            for (std::int64_t step = 0; step < 3; ++step) {
                sae->computeGradients(rows.narrow(0, step * 100, 700), {1, 5, 17});
                optimiser.step();
            }
            resampleFeatures(*sae, rows, {2, 9}, 4);
            states.push_back(sae->stateDict());
        }
        for (std::size_t i = 0; i < states[0].size(); ++i)
            QVERIFY2(at::equal(states[0][i].second, states[1][i].second), states[0][i].first.c_str());
    }

    void stateRoundTrips_data() { kinds(); }
    void stateRoundTrips() {
        QFETCH(QString, kind);
        const SaeConfig config = smallSaeConfig(kind.toStdString());
        const std::unique_ptr<Autoencoder> sae = trained(config);
        const std::unique_ptr<Autoencoder> copy = makeAutoencoder(config, width);
        copy->loadStateDict(sae->stateDict(), "copy");
        const NamedTensors before = sae->stateDict();
        const NamedTensors after = copy->stateDict();
        QCOMPARE(before.size(), after.size());
        for (std::size_t i = 0; i < before.size(); ++i)
            QVERIFY2(at::equal(before[i].second, after[i].second), before[i].first.c_str());
        const at::Tensor rows = rowsOf(50, 8);
        QVERIFY(at::equal(dense(sae->encode(rows)), dense(copy->encode(rows))));
    }

    void foldedScaleReadsRawActivations_data() { kinds(); }
    void foldedScaleReadsRawActivations() {
        QFETCH(QString, kind);
        const SaeConfig config = smallSaeConfig(kind.toStdString());
        const std::unique_ptr<Autoencoder> sae = trained(config);  // reads scaled rows
        const double scale = 0.37;
        const std::unique_ptr<Autoencoder> folded = makeAutoencoder(config, width);
        folded->loadStateDict(foldScale(sae->stateDict(), scale), "folded");
        const at::Tensor scaled = rowsOf(400, 8);
        const at::Tensor raw = scaled / scale;
        const SparseCode code = folded->encode(raw);
        const at::Tensor expected = dense(sae->encode(scaled));
        QVERIFY(maxRelativeError(dense(code) * scale, expected) < 1e-5);
        QVERIFY(maxRelativeError(folded->decode(code) * scale, sae->decode(sae->encode(scaled))) < 1e-5);
        const at::Tensor decoder = folded->parameter("decoder.weight").value.detach();
        QVERIFY(at::equal(decoder, sae->parameter("decoder.weight").value.detach()));
    }

    void expectedNormIsTheRootOfTheWidth() {
        const at::Tensor rows = rowsOf(200, 2) * 7;
        std::vector<std::int64_t> which;
        for (std::int64_t i = 0; i < 200; i += 2)
            which.push_back(i);
        const double scale = expectedNormScale(rows, which);
        double sum = 0;
        for (const std::int64_t row : which)
            sum += (rows[row] * scale).norm().item<double>();
        QVERIFY(relativeError(sum / 100, std::sqrt(width)) < 1e-5);
        QCOMPARE(expectedNormScale(at::zeros({3, 4}), {0, 1, 2}), 1.0);
    }

    // Without topk_ste: its gradient is that of a loss in which every unit reconstructs, so that on planted
    // rows following it for long makes the top k reconstruct worse. The reference file says what its steps
    // do.
    void trainingExplainsHeldOutRows_data() {
        QTest::addColumn<QString>("kind");
        for (const char* kind : {"topk", "batch_topk", "jumprelu", "l1"})
            QTest::newRow(kind) << kind;
    }
    void trainingExplainsHeldOutRows() {
        QFETCH(QString, kind);
        SaeConfig config = smallSaeConfig(kind.toStdString());
        config.k = 12;
        const std::unique_ptr<Autoencoder> sae = makeAutoencoder(config, width);
        const at::Tensor pool = rowsOf(20 * 256, 1);
        sae->initialise(pool.narrow(0, 0, 2000), 3);
        const at::Tensor held = rowsOf(1000, 99);
        const double variance = (held - held.mean(0)).square().mean().item<double>();
        const auto objective = [&] {
            const SparseCode code = sae->encode(held);
            return (sae->decode(code) - held).square().mean().item<double>() + sae->sparsityPenalty(code);
        };
        const double before = objective();
        SaeOptimiserOptions options;
        options.learningRate = 3e-3;
        SaeOptimiser optimiser(*sae, options);
        for (std::int64_t step = 0; step < 200; ++step) {
            sae->computeGradients(pool.narrow(0, step % 20 * 256, 256), {});
            optimiser.step();
        }
        const double after = objective();
        QVERIFY2(after < 0.8 * before && after < 0.6 * variance,
                 qPrintable(QString("%1 -> %2 of %3").arg(before).arg(after).arg(variance)));
        if (sae->hasUnitDecoder()) {
            const at::Tensor norms = sae->parameter("decoder.weight").value.detach().norm(2, 1);
            QVERIFY((norms - 1).abs().max().item<double>() < 1e-5);
        }
    }

    void restartedFeaturesFireAgain_data() { kinds(); }
    void restartedFeaturesFireAgain() {
        QFETCH(QString, kind);
        const std::unique_ptr<Autoencoder> sae = trained(smallSaeConfig(kind.toStdString()), 2);
        const std::vector<std::int32_t> dead = {3, 50, 51, 200};
        const at::Tensor rows = rowsOf(600, 6);
        const double norm = sae->parameter("encoder.weight").value.detach().norm(2, 1).mean().item<double>();
        resampleFeatures(*sae, rows, dead, 11);
        sae->computeGradients(rows, {});
        for (const std::int32_t f : dead) {
            QVERIFY(sae->lastFires()[static_cast<std::size_t>(f)] > 0);
            const at::Tensor encoder = sae->parameter("encoder.weight").value.detach()[f];
            const at::Tensor decoder = sae->parameter("decoder.weight").value.detach()[f];
            QVERIFY(std::abs(decoder.norm().item<double>() - 1) < 1e-5);
            const double share = encoder.norm().item<double>() / norm;
            QVERIFY2(std::abs(share - (kind == "l1" ? 0.2 : 1.0)) < 0.02, qPrintable(QString::number(share)));
        }
    }

    void batchTopKKeepsTheLargestOfTheBatch() {
        class Exposed : public BatchTopKAutoencoder {
        public:
            using BatchTopKAutoencoder::BatchTopKAutoencoder;
            SparseCode selected(const at::Tensor& rows) { return select(rows - m_preBias, {}, nullptr); }
            at::Tensor preActivations(const at::Tensor& rows) const {
                return at::addmm(m_latentBias, rows - m_preBias, m_encoder.t());
            }
        };
        const at::NoGradGuard noGrad;
        Exposed sae(width, {384, 6, 0, 0});
        sae.initialise(rowsOf(1500, 1), 3);
        const at::Tensor rows = rowsOf(1300, 2);  // more than two blocks
        const at::Tensor code = dense(sae.selected(rows));
        const at::Tensor positive = at::relu(sae.preActivations(rows));
        const auto [top, index] = at::topk(positive.flatten(), 1300 * 6);
        const at::Tensor expected = at::zeros({1300 * 384}).scatter(0, index, top).view({1300, 384});
        QVERIFY(maxRelativeError(code, expected) < 1e-6);
        const at::Tensor perRow = code.gt(0).sum(1);
        QVERIFY2(perRow.min().item<std::int64_t>() < 6 && perRow.max().item<std::int64_t>() > 6,
                 "rows share the batch's activations unevenly");
    }

    void batchTopKThresholdIsTheMeanOfTheSmallestKept() {
        SaeConfig config = smallSaeConfig("batch_topk");
        config.auxK = 0;
        BatchTopKAutoencoder sae(width, {384, 6, 0, 0});
        sae.initialise(rowsOf(1500, 1), 3);
        const at::Tensor first = rowsOf(400, 2);
        const at::Tensor second = rowsOf(200, 3) * 1.5;
        sae.computeGradients(first, {});
        const double one = sae.threshold();
        BatchTopKAutoencoder other(width, {384, 6, 0, 0});
        other.initialise(rowsOf(1500, 1), 3);
        other.computeGradients(second, {});
        const double two = other.threshold();
        QVERIFY(one > 0 && two > one);
        sae.computeGradients(second, {});  // the weights have not moved
        const double expected = (400 * one + 200 * two) / 600;
        QVERIFY2(relativeError(sae.threshold(), expected) < 1e-6,
                 qPrintable(QString("%1 for %2").arg(sae.threshold()).arg(expected)));
        // On the batch that set it, the threshold keeps all but the smallest of n * k.
        QCOMPARE(other.encode(second).nonZeros(), 200 * 6 - 1);
        const NamedTensors state = other.stateDict();
        QCOMPARE(state.back().first, std::string("threshold"));
        QCOMPARE(static_cast<double>(state.back().second.item<float>()), two);
    }

    // The thresholds' pseudo-derivatives, row by row from the paper's formulas.
    void jumpReluThresholdGradientFollowsThePaper() {
        SaeConfig config = smallSaeConfig("jumprelu");
        const std::unique_ptr<Autoencoder> sae = trained(config);
        sae->setPenaltyShare(0.25);
        const at::Tensor x = rowsOf(600, 4);
        sae->computeGradients(x, {});
        const at::Tensor gradient = sae->parameter("log_threshold").gradient.to(at::kDouble);

        Tensors p = inDouble(sae->stateDict());
        const at::Tensor rows = x.to(at::kDouble);
        const at::Tensor pre = at::mm(rows, p["encoder.weight"].t()) + p["encoder.bias"];
        const at::Tensor theta = p["threshold"];
        const at::Tensor code = pre * (pre > theta);
        const at::Tensor output = at::mm(code, p["decoder.weight"].t()) + p["decoder.bias"];
        const at::Tensor forCode = at::mm(2 * (output - rows) / static_cast<double>(rows.numel()),
                                          p["decoder.weight"]);  // dL/dz
        const at::Tensor kernel = ((pre - theta) / config.bandwidth).abs().lt(0.5).to(at::kDouble);
        const at::Tensor forReconstruction = -(theta / config.bandwidth) * kernel * forCode;
        const at::Tensor forCount = -(0.25 * config.l0Penalty / 600 / config.bandwidth) * kernel;
        const at::Tensor expected = (forReconstruction + forCount).sum(0) * theta;
        QVERIFY(forReconstruction.abs().max().item<double>() > 0);
        QVERIFY2(maxRelativeError(gradient, expected) < 1e-4,
                 qPrintable(QString::number(maxRelativeError(gradient, expected))));
    }

    // What is active is held fixed, as the kinds' gradients do; topk_ste's has its reference file.
    void gradientsMatchFiniteDifferences_data() {
        QTest::addColumn<QString>("kind");
        for (const char* kind : {"topk", "jumprelu", "l1"})
            QTest::newRow(kind) << kind;
    }
    void gradientsMatchFiniteDifferences() {
        QFETCH(QString, kind);
        const SaeConfig config = smallSaeConfig(kind.toStdString());
        const std::unique_ptr<Autoencoder> sae = trained(config);
        const double l1 = kind == "l1" ? config.l1Penalty : 0;
        const at::Tensor x = rowsOf(600, 4);
        const SaeLosses losses = sae->computeGradients(x, {});
        Tensors p = inDouble(sae->stateDict());
        p.erase("threshold");
        const at::Tensor rows = x.to(at::kDouble);
        const SparseCode code = sae->encode(x);
        const at::Tensor active = dense(code).gt(0).to(at::kDouble);
        QVERIFY(relativeError(losses.reconstruction, lossOf(p, rows, active, 0)) < 1e-5);
        QVERIFY(std::abs(losses.sparsity - sae->sparsityPenalty(code)) < 1e-5 * losses.total);
        if (kind == "jumprelu")
            QVERIFY(relativeError(losses.sparsity, config.l0Penalty * active.sum().item<double>() / 600) <
                    1e-6);
        for (auto& [name, value] : p) {
            const at::Tensor gradient = fieldLayout(sae->parameter(name)).to(at::kDouble);
            at::manual_seed(2);
            const at::Tensor direction = gradient + gradient.abs().mean() * at::randn(gradient.sizes());
            const at::Tensor start = value;
            const double eps = 1e-4 / direction.abs().max().item<double>();
            value = start + eps * direction;
            const double above = lossOf(p, rows, active, l1);
            value = start - eps * direction;
            const double slope = (above - lossOf(p, rows, active, l1)) / (2 * eps);
            value = start;
            QVERIFY2(relativeError((gradient * direction).sum().item<double>(), slope) < 1e-4, name.c_str());
        }
    }

    void jumpReluThresholdsStayAboveZeroAndRiseUnderThePenalty() {
        SaeConfig config = smallSaeConfig("jumprelu");
        config.l0Penalty = 0.05;
        const std::unique_ptr<Autoencoder> sae = trained(config, 60);
        for (const auto& [name, tensor] : sae->stateDict())
            if (name == "threshold") {
                QVERIFY(tensor.min().item<float>() > 0);
                QVERIFY(tensor.mean().item<double>() > 1.02 * config.initialThreshold);
            }
    }

    void penaltyShareScalesTheSparsityLossAlone() {
        for (const char* kind : {"l1", "jumprelu"}) {
            const std::unique_ptr<Autoencoder> sae = trained(smallSaeConfig(kind), 2);
            const at::Tensor rows = rowsOf(300, 4);
            const SaeLosses full = sae->computeGradients(rows, {});
            sae->setPenaltyShare(0.25);
            const SaeLosses quarter = sae->computeGradients(rows, {});
            QVERIFY(full.sparsity > 0);
            QVERIFY(relativeError(quarter.sparsity, full.sparsity / 4) < 1e-9);
            QCOMPARE(quarter.reconstruction, full.reconstruction);
            QVERIFY(relativeError(quarter.total, quarter.reconstruction + quarter.sparsity) < 1e-12);
        }
    }

    void schedules() {
        QCOMPARE(learningRateShare(0, 100, 0, 0), 1.0);
        QCOMPARE(learningRateShare(99, 100, 0, 0), 1.0);
        QCOMPARE(learningRateShare(0, 100, 10, 0), 0.1);
        QCOMPARE(learningRateShare(9, 100, 10, 0.2), 1.0);
        QCOMPARE(learningRateShare(80, 100, 10, 0.2), 1.0);
        QCOMPARE(learningRateShare(90, 100, 10, 0.2), 0.5);
        QCOMPARE(learningRateShare(99, 100, 10, 0.2), 0.05);
        QCOMPARE(learningRateShare(99, 100, 0, 1), 0.01);
        QCOMPARE(penaltyShare(0, 0), 1.0);
        QCOMPARE(penaltyShare(0, 10), 0.0);
        QCOMPARE(penaltyShare(5, 10), 0.5);
        QCOMPARE(penaltyShare(50, 10), 1.0);
    }

    void clippingBoundsTheStep() {
        const std::unique_ptr<Autoencoder> sae = makeAutoencoder(smallSaeConfig("l1"), width);
        sae->initialise(rowsOf(1500, 1), 3);
        sae->computeGradients(rowsOf(300, 2), {});
        double squares = 0;
        for (const SaeParameter& parameter : sae->parameters())
            squares += parameter.gradient.square().sum().item<double>();
        SaeOptimiserOptions options;
        options.maxGradNorm = std::sqrt(squares) / 1e9;  // Adam's epsilon then decides
        const at::Tensor before = sae->parameter("decoder.bias").value.detach().clone();
        SaeOptimiser optimiser(*sae, options);
        QVERIFY(relativeError(optimiser.step(), std::sqrt(squares)) < 1e-5);
        const at::Tensor moved = (sae->parameter("decoder.bias").value.detach() - before).abs();
        QVERIFY(moved.max().item<double>() < 0.5 * options.learningRate);
    }

    // A shared weight may have as many elements as there are features.
    void resettingMomentsLeavesSharedWeightsAlone() {
        SaeConfig config = smallSaeConfig("topk");
        config.expansionFactor = 1;
        const std::unique_ptr<Autoencoder> one = makeAutoencoder(config, width);
        const std::unique_ptr<Autoencoder> two = makeAutoencoder(config, width);
        std::vector<at::Tensor> preBias;
        for (Autoencoder* sae : {one.get(), two.get()}) {
            sae->initialise(rowsOf(1500, 1), 3);
            SaeOptimiser optimiser(*sae, {});
            for (std::uint64_t step = 0; step < 3; ++step) {
                sae->computeGradients(rowsOf(300, 5 + step), {});
                optimiser.step();
            }
            if (sae == two.get())
                optimiser.resetFeatures({0, 1, 2});
            sae->computeGradients(rowsOf(300, 50), {});
            optimiser.step();
            preBias.push_back(sae->parameter("pre_bias").value.detach());
        }
        QVERIFY(at::equal(preBias[0], preBias[1]));
        QVERIFY(!at::equal(one->parameter("encoder.weight").value, two->parameter("encoder.weight").value));
    }
};

QTEST_GUILESS_MAIN(TestSaeKinds)
#include "tst_sae_kinds.moc"
