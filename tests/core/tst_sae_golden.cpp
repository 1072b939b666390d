// SPDX-License-Identifier: GPL-3.0-or-later
// The autoencoders of the published method against numbers from independent code.
#include "sae/code_gradients.h"
#include "sae/initialisation.h"
#include "sae/optimiser.h"
#include "sae/topk.h"
#include "support/golden.h"
#include "support/sae_fixture.h"

#include <QTest>

using namespace saeception;
using namespace saeception::test;

namespace {

constexpr double lossTolerance = 1e-5;
constexpr double gradientTolerance = 1e-4;

SafetensorsFile kindGolden(const std::string& kind) {
    return golden("sae_" + kind + ".safetensors");
}

/// All tensors of `file` whose names start with `prefix`, without it.
NamedTensors withPrefix(const SafetensorsFile& file, const std::string& prefix) {
    NamedTensors result;
    for (auto& [name, tensor] : loadTensors(file))
        if (name.starts_with(prefix))
            result.emplace_back(name.substr(prefix.size()), tensor);
    return result;
}

std::unique_ptr<Autoencoder> goldenSae(const std::string& kind) {
    SaeConfig config;
    config.saeType = kind;
    config.k = 8;
    config.l1Penalty = 2e-3;
    config.auxK = 0;
    std::unique_ptr<Autoencoder> sae = makeAutoencoder(config, 24, 96);
    sae->loadStateDict(withPrefix(kindGolden(kind), "param."), "golden");
    return sae;
}

// The dead-feature file's autoencoder; select() is the training code, that of the dead units included.
class AuxKAutoencoder : public TopKAutoencoder {
public:
    explicit AuxKAutoencoder(double coefficient) : TopKAutoencoder(24, {96, 8, 16, coefficient}) {
        const SafetensorsFile file = golden("sae_auxk.safetensors");
        loadStateDict(withPrefix(file, "param."), "golden");
        const at::Tensor mask = loadTensor(file, "dead");
        for (std::int32_t f = 0; f < 96; ++f)
            if (mask[f].item<bool>())
                m_dead.push_back(f);
    }
    const std::vector<std::int32_t>& dead() const { return m_dead; }
    at::Tensor auxiliaryReconstruction(const at::Tensor& rows) {
        const at::NoGradGuard noGrad;
        SparseCode auxCode;
        auxCode.features = 96;
        select(rows - m_preBias, featureIndex(m_dead), &auxCode);
        return decodeCode(auxCode, m_decoder, {});
    }

private:
    std::vector<std::int32_t> m_dead;
};

}  // namespace

class TestSaeGolden : public QObject {
    Q_OBJECT

    void kinds() {
        QTest::addColumn<QString>("kind");
        for (const char* kind : {"l1", "topk", "topk_ste"})
            QTest::newRow(kind) << kind;
    }

private Q_SLOTS:
    void initTestCase() { at::set_num_threads(1); }

    void codesReconstructionsAndLosses_data() { kinds(); }
    void codesReconstructionsAndLosses() {
        QFETCH(QString, kind);
        const SafetensorsFile file = kindGolden(kind.toStdString());
        const std::unique_ptr<Autoencoder> sae = goldenSae(kind.toStdString());
        const at::Tensor input = loadTensor(file, "input");
        const SparseCode code = sae->encode(input);
        QVERIFY(maxRelativeError(dense(code), loadTensor(file, "code")) < lossTolerance);
        QVERIFY(maxRelativeError(sae->decode(code), loadTensor(file, "reconstruction")) < lossTolerance);

        const SaeLosses losses = sae->computeGradients(input, {});
        const auto expected = goldenJson("sae_losses.json")[kind.toStdString()];
        QVERIFY(relativeError(losses.total, expected["total_loss"]) < lossTolerance);
        QVERIFY(relativeError(losses.reconstruction, expected["reconstruction_loss"]) < lossTolerance);
        QVERIFY(std::abs(losses.sparsity - expected["sparsity_loss"].get<double>()) < lossTolerance);
        QVERIFY(relativeError(losses.l0, expected["l0_norm"]) < lossTolerance);
        QVERIFY(std::abs(sae->sparsityPenalty(code) - losses.sparsity) < lossTolerance);
    }

    // The files' grad.* are those of the last step.
    void twentyAdamStepsAndTheirGradients_data() { kinds(); }
    void twentyAdamStepsAndTheirGradients() {
        QFETCH(QString, kind);
        const SafetensorsFile file = kindGolden(kind.toStdString());
        const std::unique_ptr<Autoencoder> sae = goldenSae(kind.toStdString());
        SaeOptimiserOptions options;
        options.projectDecoderGradient = false;
        SaeOptimiser optimiser(*sae, options);
        const at::Tensor input = loadTensor(file, "input");
        const auto expected =
            goldenJson("sae_losses.json")[kind.toStdString()]["adam_lr1e-3_total_loss_20_steps"];
        for (std::size_t step = 0; step < 20; ++step) {
            const double loss = sae->computeGradients(input, {}).total;
            QVERIFY2(relativeError(loss, expected[step]) < gradientTolerance,
                     qPrintable(QString("step %1: %2").arg(step).arg(loss)));
            if (step == 19)
                for (const SaeParameter& parameter : sae->parameters()) {
                    const double error =
                        maxRelativeError(fieldLayout(parameter), loadTensor(file, "grad." + parameter.name));
                    QVERIFY2(error < gradientTolerance,
                             qPrintable(QString("%1: %2").arg(parameter.name.c_str()).arg(error)));
                }
            optimiser.step();
        }
        const NamedTensors state = sae->stateDict();
        QCOMPARE(state.size(), withPrefix(file, "after20.").size());
        for (const auto& [name, tensor] : state)
            QVERIFY2(maxRelativeError(tensor, loadTensor(file, "after20." + name)) < gradientTolerance,
                     name.c_str());
    }

    void stateDictHasTheFilesNames_data() { kinds(); }
    void stateDictHasTheFilesNames() {
        QFETCH(QString, kind);
        const SafetensorsFile file = kindGolden(kind.toStdString());
        const NamedTensors state = goldenSae(kind.toStdString())->stateDict();
        QCOMPARE(state.size(), withPrefix(file, "param.").size());
        for (const auto& [name, tensor] : state)
            QVERIFY2(at::equal(tensor, loadTensor(file, "param." + name)), name.c_str());
    }

    void auxiliaryLossAndReconstruction() {
        const SafetensorsFile file = golden("sae_auxk.safetensors");
        AuxKAutoencoder sae(1.0);
        const at::Tensor input = loadTensor(file, "input");
        QVERIFY(maxRelativeError(sae.auxiliaryReconstruction(input), loadTensor(file, "aux_reconstruction")) <
                lossTolerance);
        const SaeLosses losses = sae.computeGradients(input, sae.dead());
        QVERIFY(relativeError(losses.auxiliary, loadTensor(file, "aux_loss")[0].item<double>()) <
                lossTolerance);
        QVERIFY(relativeError(losses.total, losses.reconstruction + losses.auxiliary) < lossTolerance);
    }

    // Autograd on the dense formula is the independent witness for the gradient of the auxiliary loss.
    void auxiliaryGradientMatchesAutograd() {
        const SafetensorsFile file = golden("sae_auxk.safetensors");
        constexpr double coefficient = 0.5;
        AuxKAutoencoder sae(coefficient);
        const at::Tensor x = loadTensor(file, "input");
        const at::Tensor mask = loadTensor(file, "dead");
        sae.computeGradients(x, sae.dead());

        NamedTensors state = sae.stateDict();
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
        for (const auto& [name, tensor] : state)
            QVERIFY2(maxRelativeError(fieldLayout(sae.parameter(name)), tensor.grad()) < gradientTolerance,
                     name.c_str());
    }

    void geometricMedianMatchesReference() {
        const at::Tensor median = geometricMedian(loadTensor(kindGolden("topk"), "input"));
        const auto values = goldenJson("sae_losses.json")["geometric_median_10"].get<std::vector<float>>();
        QVERIFY(maxRelativeError(median, at::tensor(values)) < lossTolerance);
    }
};

QTEST_GUILESS_MAIN(TestSaeGolden)
#include "tst_sae_golden.moc"
