// SPDX-License-Identifier: GPL-3.0-or-later
// The TopK autoencoder against independent numbers, and what its training must keep true.
#include "base/error.h"
#include "sae/dead_features.h"
#include "sae/initialisation.h"
#include "sae/optimiser.h"
#include "sae/topk.h"
#include "support/golden.h"

#include <QTest>

using namespace saeception;
using namespace saeception::test;

namespace {

constexpr double lossTolerance = 1e-5;
constexpr double gradientTolerance = 1e-4;

NamedTensors goldenState(const SafetensorsFile& file, const std::string& prefix) {
    NamedTensors state;
    for (const char* name : {"encoder.weight", "decoder.weight", "latent_bias", "pre_bias"})
        state.emplace_back(name, loadTensor(file, prefix + name));
    return state;
}

TopKAutoencoder goldenSae(const SafetensorsFile& file, TopKOptions options) {
    TopKAutoencoder sae(24, options);
    sae.loadStateDict(goldenState(file, "param."), "golden");
    return sae;
}

at::Tensor dense(const SparseCode& code) {
    at::Tensor result = at::zeros({code.rows(), code.features});
    for (std::int64_t i = 0; i < code.rows(); ++i)
        for (std::size_t e = 0; e < code.row(i).size(); ++e)
            result[i][code.row(i).columns[e]] = code.row(i).values[e];
    return result;
}

/// Activations that a sparse dictionary made: rows are sums of a few of `directions`.
at::Tensor plantedRows(std::int64_t rows, const at::Tensor& directions, std::uint64_t seed) {
    at::manual_seed(seed);
    const at::Tensor use = (at::rand({rows, directions.size(0)}) < 0.06).to(at::kFloat) *
                           (1 + at::rand({rows, directions.size(0)}));
    return at::mm(use, directions) + 0.3;
}

}  // namespace

class TestSae : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { at::set_num_threads(2); }

    void codesAndReconstructionMatchReference() {
        const SafetensorsFile file = golden("sae_topk.safetensors");
        TopKAutoencoder sae = goldenSae(file, {96, 8, 0, 0});
        const at::Tensor input = loadTensor(file, "input");
        const SparseCode code = sae.encode(input);
        QVERIFY(maxRelativeError(dense(code), loadTensor(file, "code")) < lossTolerance);
        QVERIFY(maxRelativeError(sae.decode(code), loadTensor(file, "reconstruction")) < lossTolerance);
    }

    void lossesMatchReference() {
        const SafetensorsFile file = golden("sae_topk.safetensors");
        const SaeLosses losses =
            goldenSae(file, {96, 8, 0, 0}).computeGradients(loadTensor(file, "input"), {});
        const auto expected = goldenJson("sae_losses.json")["topk"];
        QVERIFY(relativeError(losses.total, expected["total_loss"]) < lossTolerance);
        QVERIFY(relativeError(losses.l0, expected["l0_norm"]) < lossTolerance);
    }

    void twentyAdamStepsAndTheirGradientsFollowTheReference() {
        const SafetensorsFile file = golden("sae_topk.safetensors");
        TopKAutoencoder sae = goldenSae(file, {96, 8, 0, 0});
        SaeOptimiser optimiser(sae, {1e-3, 0, false});
        const at::Tensor input = loadTensor(file, "input");
        const auto expected = goldenJson("sae_losses.json")["topk"]["adam_lr1e-3_total_loss_20_steps"];
        for (std::size_t step = 0; step < 20; ++step) {
            QVERIFY(relativeError(sae.computeGradients(input, {}).total, expected[step]) < gradientTolerance);
            if (step == 19)  // the file's grad.* are those of the last step
                for (const SaeParameter& parameter : sae.parameters()) {
                    const at::Tensor ours =
                        parameter.name == "decoder.weight" ? parameter.gradient.t() : parameter.gradient;
                    const double error = maxRelativeError(ours, loadTensor(file, "grad." + parameter.name));
                    QVERIFY2(error < gradientTolerance, parameter.name.c_str());
                }
            optimiser.step();
        }
        for (const auto& [name, tensor] : sae.stateDict())
            QVERIFY2(maxRelativeError(tensor, loadTensor(file, "after20." + name)) < gradientTolerance,
                     name.c_str());
    }

    void auxiliaryLossMatchesReference() {
        const SafetensorsFile file = golden("sae_auxk.safetensors");
        TopKAutoencoder sae = goldenSae(file, {96, 8, 16, 1.0});
        const at::Tensor mask = loadTensor(file, "dead");
        std::vector<std::int32_t> dead;
        for (std::int32_t f = 0; f < 96; ++f)
            if (mask[f].item<bool>())
                dead.push_back(f);
        const SaeLosses losses = sae.computeGradients(loadTensor(file, "input"), dead);
        QVERIFY(relativeError(losses.auxiliary, loadTensor(file, "aux_loss")[0].item<double>()) <
                lossTolerance);
        QVERIFY(relativeError(losses.total, losses.reconstruction + losses.auxiliary) < lossTolerance);
    }

    // Autograd on the dense formula is the independent witness for the gradient of the auxiliary loss.
    void auxiliaryGradientMatchesAutograd() {
        const SafetensorsFile file = golden("sae_auxk.safetensors");
        constexpr double coefficient = 0.5;
        TopKAutoencoder sae = goldenSae(file, {96, 8, 16, coefficient});
        const at::Tensor x = loadTensor(file, "input");
        const at::Tensor mask = loadTensor(file, "dead");
        std::vector<std::int32_t> dead;
        for (std::int32_t f = 0; f < 96; ++f)
            if (mask[f].item<bool>())
                dead.push_back(f);
        sae.computeGradients(x, dead);

        NamedTensors state = goldenState(file, "param.");
        for (auto& entry : state)
            entry.second.requires_grad_(true);
        const auto [W, D, latentBias, preBias] =
            std::tuple(state[0].second, state[1].second, state[2].second, state[3].second);
        const at::Tensor pre = at::relu(at::mm(x - preBias, W.t()) + latentBias);
        const auto keepTop = [](const at::Tensor& values, std::int64_t k) {
            const auto [top, index] = at::topk(values, k, 1);
            return at::zeros_like(values).scatter(1, index, top);
        };
        const at::Tensor reconstruction = at::mm(keepTop(pre, 8), D.t()) + preBias;
        const at::Tensor residual = (x - reconstruction).detach();
        const at::Tensor auxCode = keepTop(pre * mask.to(at::kFloat), 16);
        const at::Tensor error = (at::mm(auxCode, D.t()) - residual).square().mean(1);
        const at::Tensor variance = residual.var(at::IntArrayRef{1}, false, false);
        at::Tensor loss = (reconstruction - x).square().mean() + coefficient * (error / variance).mean();
        loss.backward();
        for (std::size_t i = 0; i < state.size(); ++i) {
            const SaeParameter& parameter = sae.parameters()[i];
            const at::Tensor ours =
                parameter.name == "decoder.weight" ? parameter.gradient.t() : parameter.gradient;
            QVERIFY2(maxRelativeError(ours, state[i].second.grad()) < gradientTolerance,
                     parameter.name.c_str());
        }
    }

    void stateDictRoundTrips() {
        const SafetensorsFile file = golden("sae_topk.safetensors");
        for (const auto& [name, tensor] : goldenSae(file, {96, 8, 0, 0}).stateDict())
            QVERIFY2(at::equal(tensor, loadTensor(file, "param." + name)), name.c_str());
    }

    void wrongShapeNamesTensorAndBothShapes() {
        const SafetensorsFile file = golden("sae_topk.safetensors");
        TopKAutoencoder sae(24, {48, 8, 0, 0});
        try {
            sae.loadStateDict(goldenState(file, "param."), "x.pt");
            QFAIL("shapes differ");
        } catch (const UserError& error) {
            const std::string message = error.what();
            for (const char* part : {"x.pt", "encoder.weight", "[96, 24]", "[48, 24]"})
                QVERIFY2(message.find(part) != std::string::npos, message.c_str());
        }
    }

    void trainingRecoversAPlantedDictionary() {
        const at::Tensor directions = randomUnitRows(32, 24, 5);
        TopKAutoencoder sae(24, {64, 4, 16, 1.0 / 32});
        sae.initialise(plantedRows(2048, directions, 1), 3);
        SaeOptimiser optimiser(sae, {3e-3, 0, true});
        DeadFeatureTracker tracker(64, 5000);
        const at::Tensor held = plantedRows(2048, directions, 999);
        const auto unexplained = [&] {
            return ((sae.decode(sae.encode(held)) - held).square().sum() /
                    (held - held.mean(0)).square().sum())
                .item<double>();
        };
        const double before = unexplained();
        for (std::uint64_t step = 0; step < 400; ++step) {
            sae.computeGradients(plantedRows(256, directions, 10 + step), tracker.dead());
            tracker.update(sae.lastFires(), 256);
            optimiser.step();
            const at::Tensor norms = sae.parameter("decoder.weight").value.detach().norm(2, 1);
            QVERIFY((norms - 1).abs().max().item<double>() < 1e-5);
        }
        const double after = unexplained();
        QVERIFY2(after < 0.25 * before, qPrintable(QString("unexplained %1 -> %2").arg(before).arg(after)));
    }

    void projectedGradientIsOrthogonalToTheDecoder() {
        const SafetensorsFile file = golden("sae_topk.safetensors");
        TopKAutoencoder sae = goldenSae(file, {96, 8, 0, 0});
        const at::Tensor decoder = sae.parameter("decoder.weight").value;
        {
            const at::NoGradGuard noGrad;
            decoder.div_(decoder.norm(2, at::IntArrayRef{1}, true));
        }
        const at::Tensor before = decoder.detach().clone();
        sae.computeGradients(loadTensor(file, "input"), {});
        const at::Tensor gradient = sae.parameter("decoder.weight").gradient;
        SaeOptimiser optimiser(sae, {1e-3, 0, true});
        optimiser.step();
        QVERIFY((gradient * before).sum(1).abs().max().item<double>() < 1e-5);
    }

    void resultsDoNotDependOnThreads() {
        const SafetensorsFile file = golden("sae_topk.safetensors");
        const at::Tensor input = loadTensor(file, "input");
        std::vector<at::Tensor> gradients;
        for (const int threads : {1, 2}) {
            at::set_num_threads(threads);
            TopKAutoencoder sae = goldenSae(file, {96, 8, 0, 0});
            sae.computeGradients(input, {});
            gradients.push_back(sae.parameter("encoder.weight").gradient.clone());
        }
        QVERIFY(at::equal(gradients[0], gradients[1]));
    }

    void deadFeaturesAreCountedAndResampled() {
        const at::Tensor rows = plantedRows(512, randomUnitRows(16, 24, 5), 4);
        TopKAutoencoder sae(24, {48, 4, 0, 0});
        sae.initialise(rows, 3);
        {
            const at::NoGradGuard noGrad;
            sae.parameter("latent_bias").value.narrow(0, 40, 8).fill_(-1e6);
        }
        DeadFeatureTracker tracker(48, 512);
        sae.computeGradients(rows, {});
        tracker.update(sae.lastFires(), rows.size(0));
        const std::vector<std::int32_t> dead = tracker.dead();
        for (std::int32_t f = 40; f < 48; ++f)
            QVERIFY(std::find(dead.begin(), dead.end(), f) != dead.end());
        QCOMPARE(tracker.deadPercent(), 100.0 * static_cast<double>(dead.size()) / 48);
        resampleFeatures(sae, rows, dead, 9);
        tracker.revive(dead);
        QVERIFY(tracker.dead().empty());
        sae.computeGradients(rows, {});
        std::size_t firing = 0;
        for (const std::int32_t f : dead)
            firing += sae.lastFires()[static_cast<std::size_t>(f)] > 0 ? 1 : 0;
        QVERIFY2(firing * 2 >= dead.size(), "most resampled features fire again");
    }

    void geometricMedianResistsOutliers() {
        at::manual_seed(1);
        at::Tensor sample = at::randn({101, 5});
        sample.narrow(0, 0, 10).add_(1000);
        QVERIFY(geometricMedian(sample).norm().item<double>() < 1.0);
        QVERIFY(sample.mean(0).norm().item<double>() > 50);
    }

    void dataInitialisationExplainsMoreThanTheMean() {
        const at::Tensor rows = plantedRows(1024, randomUnitRows(16, 24, 5), 4) * 50;
        TopKAutoencoder sae(24, {96, 16, 0, 0});
        sae.initialise(rows, 3);
        const double error = (sae.decode(sae.encode(rows)) - rows).square().sum().item<double>();
        QVERIFY(error < (rows - rows.mean(0)).square().sum().item<double>());
    }
};

QTEST_GUILESS_MAIN(TestSae)
#include "tst_sae.moc"
