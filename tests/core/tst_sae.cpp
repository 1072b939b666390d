// SPDX-License-Identifier: GPL-3.0-or-later
// What the training of a TopK autoencoder must keep true: dead features, projection, recovery of a
// dictionary.
#include "base/error.h"
#include "sae/dead_features.h"
#include "sae/initialisation.h"
#include "sae/optimiser.h"
#include "sae/topk.h"
#include "support/golden.h"
#include "support/sae_fixture.h"

#include <QTest>

using namespace saeception;
using namespace saeception::test;

namespace {

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

}  // namespace

class TestSae : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { at::set_num_threads(1); }

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
